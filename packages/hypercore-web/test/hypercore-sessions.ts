/** What the SDK asks of a hypercore, whatever its storage: sessions, and opening what was stored. */
import b4a from 'b4a'
import Hypercore from 'hypercore'
import { describe, expect, it } from 'vitest'
import { type CoreOpener, textOf, textsOf } from './opened-cores.ts'

export function testCoreSessions(cores: CoreOpener): void {
  const { kit, createPlace, openIn, create, opened } = cores

  describe('sessions', () => {
    it('a snapshot stays as it was', async () => {
      const core = await create()
      await core.append(['a', 'b', 'c'])
      const snapshot = await opened(core.snapshot())
      await core.append('d')
      await core.clear(0)
      expect([snapshot.length, core.length]).toEqual([3, 4])
      expect(await textsOf(snapshot)).toEqual(['a', 'b', 'c'])
      await snapshot.close()
      expect(textOf(await core.get(3))).toBe('d')
    })

    it('a snapshot is not what came after a truncation', async () => {
      const core = await create()
      await core.append(['a', 'b', 'c'])
      const snapshot = await opened(core.snapshot())
      await core.truncate(1)
      await core.append(['x', 'y'])
      expect(textOf(await snapshot.get(0))).toBe('a')
      expect(snapshot.length).toBe(3)
      await expect(snapshot.get(1, { wait: false })).resolves.toSatisfy((block) => textOf(block as Uint8Array) !== 'x')
    })

    it('see what others append, and the core lives until the last closes', async () => {
      const core = await create()
      const session = await opened(core.session())
      await core.append('a')
      await core.close()
      expect(session.length).toBe(1)
      await session.append('b')
      expect(await textsOf(session)).toEqual(['a', 'b'])
      await session.close()
    })

    it('with a name have blocks of their own on top', async () => {
      const core = await create()
      await core.append(['a', 'b', 'c'])
      const draft = await opened(core.session({ name: 'draft' }))
      await draft.append('mine')
      await draft.truncate(2, { fork: draft.fork })
      await draft.append('other')
      expect(await textsOf(draft)).toEqual(['a', 'b', 'other'])
      expect(await textsOf(core)).toEqual(['a', 'b', 'c'])
      await draft.close()
      const again = await opened(core.session({ name: 'draft' }))
      expect(await textsOf(again)).toEqual(['a', 'b', 'other'])
    })
  })

  describe('opening', () => {
    it('refuses what cannot be', async () => {
      const reader = await openIn((await createPlace()).open(), b4a.alloc(32, 3))
      expect(reader.writable).toBe(false)
      await expect(reader.append('a')).rejects.toMatchObject({ code: 'SESSION_NOT_WRITABLE' })
      await expect(reader.get(-1)).rejects.toMatchObject({ code: 'ERR_ASSERTION' })
      const empty = (await createPlace()).open()
      const missing = new Hypercore(empty, b4a.alloc(32, 4), { createIfMissing: false })
      await expect(missing.ready()).rejects.toMatchObject({ code: 'STORAGE_EMPTY' })
      await empty.close()
    })

    it('remembers the first core of a storage, and keeps several apart', async () => {
      const storage = (await createPlace()).open()
      expect(await storage.getDefaultDiscoveryKey()).toBe(null)
      const first = await openIn(storage, null)
      await first.append('a')
      expect(await storage.getDefaultDiscoveryKey()).toEqual(first.discoveryKey)
      expect(await storage.hasCore(first.discoveryKey)).toBe(true)
      expect(await storage.hasCore(b4a.alloc(32))).toBe(false)
      const keys = []
      for await (const key of storage.createDiscoveryKeyStream()) keys.push(key)
      expect(keys).toEqual([first.discoveryKey])
    })

    it(`${kit.persists ? 'finds' : 'does not find'} what was stored before`, async () => {
      const place = await createPlace()
      const core = await openIn(place.open(), null)
      await core.append(['a', b4a.alloc(10_000, 1), 'c'])
      await core.clear(0)
      const { key } = core
      await core.close()
      const again = await openIn(place.open(), null)
      expect(b4a.equals(again.key, key)).toBe(kit.persists)
      expect(again.length).toBe(kit.persists ? 3 : 0)
      if (!kit.persists) return
      expect(again.writable).toBe(true)
      expect([await again.has(0), await again.has(1)]).toEqual([false, true])
      expect(await again.get(1)).toEqual(b4a.alloc(10_000, 1))
      await again.append('d')
      expect(textOf(await again.get(3))).toBe('d')
    })
  })
}
