/** What the SDK asks of a hypercore, whatever its storage: replication. */
import b4a from 'b4a'
import { describe, expect, it } from 'vitest'
import { type CoreOpener, once, textOf } from './opened-cores.ts'

export function testReplication(cores: CoreOpener): void {
  const { create, createReader } = cores

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
}
