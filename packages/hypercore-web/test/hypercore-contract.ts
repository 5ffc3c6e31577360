/** What the SDK asks of a hypercore, whatever its storage. */
import b4a from 'b4a'
import Hypercore, { type HypercoreEvents, type HypercoreOptions } from 'hypercore'
import type CorestoreStorage from 'hypercore-storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StorageKit, StoragePlace } from './storage-kit.ts'

export function testHypercore(kit: StorageKit): void {
  describe(`hypercore in ${kit.name}`, () => {
    let places: StoragePlace[] = []
    let cores: Hypercore[] = []

    beforeEach(() => {
      places = []
      cores = []
    })

    afterEach(async () => {
      for (const core of cores) await core.close()
      for (const place of places) await place.remove()
    })

    const createPlace = async (): Promise<StoragePlace> => {
      const place = await kit.createPlace()
      places.push(place)
      return place
    }

    const openIn = async (
      storage: CorestoreStorage,
      key: Uint8Array | null,
      options?: HypercoreOptions,
    ): Promise<Hypercore> => {
      const core = new Hypercore(storage, key, options)
      cores.push(core)
      await core.ready()
      return core
    }

    const create = async (options?: HypercoreOptions): Promise<Hypercore> =>
      openIn((await createPlace()).open(), null, options)

    const createReader = async (writer: Hypercore, options?: HypercoreOptions): Promise<Hypercore> => {
      const reader = await openIn((await createPlace()).open(), writer.key, options)
      const [a, b] = [writer.replicate(true), reader.replicate(false)]
      for (const stream of [a, b]) stream.on('error', () => {})
      a.pipe(b).pipe(a)
      return reader
    }

    const opened = async (session: Hypercore): Promise<Hypercore> => {
      cores.unshift(session)
      await session.ready()
      return session
    }

    describe('writing', () => {
      it('gives back what was appended', async () => {
        const core = await create()
        expect(core.writable).toBe(true)
        expect(await core.append(['a', 'b'])).toEqual({ length: 2, byteLength: 2 })
        await core.append(b4a.from('c'))
        expect(await textsOf(core)).toEqual(['a', 'b', 'c'])
        expect([core.length, core.byteLength, core.contiguousLength]).toEqual([3, 3, 3])
      })

      it('keeps blocks from a buffer that is used again', async () => {
        const core = await create()
        const buffer = b4a.alloc(1000)
        for (let i = 0; i < 5; i++) await core.append(buffer.fill(i))
        for (let i = 0; i < 5; i++) expect(await core.get(i)).toEqual(b4a.alloc(1000, i))
      })

      it('keeps blocks from who changes what it got', async () => {
        const core = await create()
        await core.append([b4a.alloc(40, 1), b4a.alloc(4000, 1)])
        for (const index of [0, 1]) (await core.get(index))?.fill(9)
        expect(await core.get(0)).toEqual(b4a.alloc(40, 1))
        expect(await core.get(1)).toEqual(b4a.alloc(4000, 1))
      })

      it(`keeps the order of ${kit.manyAppends} appends that do not wait for each other`, async () => {
        const core = await create()
        const appends: Promise<unknown>[] = []
        for (let i = 0; i < kit.manyAppends; i++) appends.push(core.append(String(i)))
        await Promise.all(appends)
        expect(await textsOf(core)).toEqual(Array.from({ length: kit.manyAppends }, (_, i) => String(i)))
      })

      it('takes a block of fifteen mebibytes, and no larger one', async () => {
        const core = await create()
        const block = b4a.alloc(Hypercore.MAX_SUGGESTED_BLOCK_SIZE, 7)
        await core.append(block)
        expect(b4a.equals((await core.get(0)) ?? b4a.alloc(0), block)).toBe(true)
        await expect(core.append(b4a.alloc(block.byteLength + 1))).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
        expect(core.length).toBe(1)
      })

      it('appends several blocks together or not at all', async () => {
        const core = await create()
        const blocks = ['a', 'b', b4a.alloc(Hypercore.MAX_SUGGESTED_BLOCK_SIZE + 1)]
        await expect(core.append(blocks)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
        expect(core.length).toBe(0)
        await core.append(['c', 'd'])
        expect(await textsOf(core)).toEqual(['c', 'd'])
      })

      it('takes back what truncate drops', async () => {
        const core = await create()
        await core.append(['a', 'b', 'c'])
        await core.truncate(1)
        expect([core.length, core.fork]).toEqual([1, 1])
        await core.append('d')
        expect(await textsOf(core)).toEqual(['a', 'd'])
        await core.truncate(0)
        expect(core.length).toBe(0)
      })

      it('keeps user data', async () => {
        const core = await create({ userData: { title: b4a.from('one') } })
        expect(b4a.toString((await core.getUserData('title')) ?? b4a.alloc(0))).toBe('one')
        await core.setUserData('title', b4a.from('two'))
        expect(b4a.toString((await core.getUserData('title')) ?? b4a.alloc(0))).toBe('two')
        expect(await core.getUserData('other')).toBe(null)
      })

      it('encrypts', async () => {
        const encryption = { key: b4a.alloc(32, 5) }
        const core = await create({ encryption })
        await core.append(['secret', b4a.alloc(5000, 1)])
        expect(b4a.toString((await core.get(0)) ?? b4a.alloc(0))).toBe('secret')
        expect(await core.get(1)).toEqual(b4a.alloc(5000, 1))
        const blind = await createReader(core)
        const reader = await createReader(core, { encryption })
        expect(b4a.includes((await blind.get(0)) ?? b4a.alloc(0), b4a.from('secret'))).toBe(false)
        expect(b4a.toString((await reader.get(0)) ?? b4a.alloc(0))).toBe('secret')
        expect(await reader.get(1)).toEqual(b4a.alloc(5000, 1))
      })
    })

    describe('replication', () => {
      it('brings what is appended while it goes on', async () => {
        const writer = await create()
        const reader = await createReader(writer)
        reader.download({ start: 0, end: -1 })
        for (let i = 0; i < 50; i++) {
          await writer.append(b4a.alloc(5000, i))
          expect(await reader.get(i)).toEqual(b4a.alloc(5000, i))
        }
        expect(reader.length).toBe(50)
      })

      it('goes both ways: a reader serves what it has', async () => {
        const writer = await create()
        await writer.append(['a', 'b', 'c'])
        const first = await createReader(writer)
        await first.download({ start: 0, end: 3 }).done()
        await writer.clear(0, 3)
        const second = await createReader(first)
        expect(await Promise.all([0, 1, 2].map(async (i) => textOf(await second.get(i))))).toEqual(['a', 'b', 'c'])
        expect(textOf(await writer.get(1))).toBe('b')
      })

      it('fetches no more than what is asked for', async () => {
        const writer = await create()
        await writer.append(Array.from({ length: 500 }, (_, i) => String(i)))
        const reader = await createReader(writer)
        expect(textOf(await reader.get(321))).toBe('321')
        await reader.download({ blocks: [7, 100] }).done()
        await reader.download({ start: 400, end: 410 }).done()
        const here = []
        for (let i = 0; i < 500; i++) if (await reader.has(i)) here.push(i)
        expect(here).toEqual([7, 100, 321, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409])
        expect(await reader.has(400, 410)).toBe(true)
        expect(await reader.has(399, 410)).toBe(false)
      })

      it('brings a truncation', async () => {
        const writer = await create()
        await writer.append(['a', 'b', 'c'])
        const reader = await createReader(writer)
        await reader.download({ start: 0, end: 3 }).done()
        const truncated = once(reader, 'truncate')
        await writer.truncate(1)
        await writer.append(['d', 'e'])
        expect(await truncated).toEqual([1, 1])
        expect(textOf(await reader.get(1))).toBe('d')
      })

      it('counts what it sends and asks', async () => {
        const writer = await create()
        await writer.append(['a', 'b'])
        const reader = await createReader(writer)
        await reader.download({ start: 0, end: 2 }).done()
        expect(writer.replicator.stats.wireData.tx).toBe(reader.replicator.stats.wireData.rx)
        expect(reader.peers.map((peer) => [peer.remoteLength, peer.remoteContiguousLength])).toEqual([[2, 2]])
        expect(reader.peers[0]?.remotePublicKey.byteLength).toBe(32)
      })
    })

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
        await expect(snapshot.get(1, { wait: false })).resolves.toSatisfy(
          (block) => textOf(block as Uint8Array) !== 'x',
        )
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

    describe('clearing', () => {
      it('forgets one block', async () => {
        const core = await create()
        await core.append(['a', 'b', 'c'])
        await core.clear(1)
        expect([await core.has(0), await core.has(1), await core.has(2)]).toEqual([true, false, true])
        expect(await core.get(1, { wait: false })).toBe(null)
        expect(core.contiguousLength).toBe(1)
        expect(core.length).toBe(3)
      })

      it('forgets a range, and what lies beyond the end', async () => {
        const core = await create()
        await core.append(Array.from({ length: 100 }, (_, i) => String(i)))
        await core.clear(10, 90)
        await core.clear(95, 1000)
        const here = []
        for (let i = 0; i < 100; i++) if ((await core.get(i, { wait: false })) !== null) here.push(i)
        expect(here).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 90, 91, 92, 93, 94])
      })

      it('slides along behind a live edge, whose blocks still prove themselves to a reader', async () => {
        const core = await create()
        for (let i = 0; i < 300; i++) {
          await core.append(String(i))
          if (i >= 20) await core.clear(i - 20)
        }
        const reader = await createReader(core)
        await reader.download({ start: 281, end: 300 }).done()
        expect(textOf(await reader.get(281))).toBe('281')
        expect(textOf(await reader.get(299))).toBe('299')
        expect(await core.has(279)).toBe(false)
      })

      it('is undone by fetching again', async () => {
        const writer = await create()
        await writer.append(['a', 'b'])
        const reader = await createReader(writer)
        await reader.download({ start: 0, end: 2 }).done()
        await reader.clear(0, 2)
        expect(textOf(await reader.get(0))).toBe('a')
        expect([await reader.has(0), await reader.has(1)]).toEqual([true, false])
      })
    })

    describe('reading', () => {
      it('streams blocks in order, up to where it ended when it began', async () => {
        const core = await create()
        await core.append(Array.from({ length: 100 }, (_, i) => String(i)))
        const texts = []
        for await (const block of core.createReadStream({ start: 90 })) texts.push(textOf(block))
        expect(texts).toEqual(['90', '91', '92', '93', '94', '95', '96', '97', '98', '99'])
      })

      it('finds the block of a byte', async () => {
        const core = await create()
        await core.append(['aaa', 'bb', 'cccc'])
        expect(await core.seek(6)).toEqual([2, 1])
      })

      it('gives up waiting for a block after the time it was given', async () => {
        const writer = await create()
        const reader = await openIn((await createPlace()).open(), writer.key)
        await expect(reader.get(0, { timeout: 10 })).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
        expect(await reader.get(0, { wait: false })).toBe(null)
      })

      it('settles every read that waits when it is closed', async () => {
        const core = await create()
        await core.append(['a', 'b'])
        const reader = await openIn((await createPlace()).open(), core.key)
        let missing: Promise<unknown> = Promise.resolve()
        await new Promise<void>((resolve) => {
          missing = expect(reader.get(0, { onwait: () => resolve() })).rejects.toMatchObject({
            code: 'REQUEST_CANCELLED',
          })
        })
        const reads = Promise.allSettled(Array.from({ length: 50 }, (_, i) => core.get(i % 2)))
        await Promise.all([core.close(), reader.close()])
        await missing
        expect(await reads).toHaveLength(50)
        await expect(core.get(0)).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
        await expect(core.append('c')).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
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
  })
}

async function textsOf(core: Hypercore): Promise<string[]> {
  const texts: string[] = []
  for (let i = 0; i < core.length; i++) texts.push(textOf(await core.get(i)))
  return texts
}

function textOf(block: Uint8Array | null): string {
  return block === null ? 'null' : b4a.toString(block)
}

function once<Name extends keyof HypercoreEvents>(core: Hypercore, name: Name): Promise<HypercoreEvents[Name]> {
  return new Promise((resolve) => core.once(name, (...values) => resolve(values)))
}
