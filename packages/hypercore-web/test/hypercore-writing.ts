/** What the SDK asks of a hypercore, whatever its storage: writing, reading and clearing. */
import b4a from 'b4a'
import Hypercore from 'hypercore'
import { describe, expect, it } from 'vitest'
import { type CoreOpener, textOf, textsOf } from './opened-cores.ts'

export function testWriting(cores: CoreOpener): void {
  const { kit, createPlace, openIn, create, createReader } = cores

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
}
