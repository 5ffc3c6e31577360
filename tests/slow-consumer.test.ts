// Whoever reads a viewer's stream more slowly than it comes: the stream was at the live edge and stays near it, or keeps every block where
// that was asked for.
import type { Viewer } from '@hypervision/core'
import { expect, it, onTestFinished, vi } from 'vitest'
import { blockMs, blocksPerKey, goLive, type OnAir, take, watch } from './timed-show.ts'

/** Waits until so many blocks were broadcast and are at a viewer that has not read them. */
async function arrived({ broadcast }: OnAir, viewer: Viewer, blocks: number): Promise<void> {
  await expect.poll(() => broadcast.stats().blocks).toBeGreaterThanOrEqual(blocks)
  const here = () => {
    const { position, bufferedSeconds } = viewer.stats()
    return (position ?? 0) + Math.round(blocksOf(bufferedSeconds))
  }
  await expect.poll(here).toBeGreaterThanOrEqual(blocks)
}

/** What the first 5 s and so many more are in blocks, with the init block; the last one is still open. */
function blocksOf(seconds: number): number {
  return (seconds * 1000) / blockMs
}

it('goes on at the live edge once a reader at it is two minutes behind, and says what it left out', async () => {
  const live = await goLive()
  const { viewer, blocks, skips } = await watch(live)
  const before = (await take(blocks, 5)).at(-1)
  live.show.go(119)
  await arrived(live, viewer, blocksOf(5 + 119))
  const [next] = await take(blocks, 1)
  expect([next?.index, skips]).toEqual([(before?.index ?? 0) + 1, []])

  live.show.go(5)
  await arrived(live, viewer, blocksOf(5 + 119 + 5))
  const [init, first] = await take(blocks, 2)
  expect(init?.kind).toBe('init')
  if (first?.kind !== 'cluster' || next?.kind !== 'cluster') throw new Error('Clusters were expected')
  expect(first).toMatchObject({ key: true, discontinuity: true })
  expect(live.broadcast.stats().blocks - first.index).toBeLessThanOrEqual(blocksPerKey + 1)
  const skip = { blocks: first.index - next.index - 1, seconds: (first.timestampMs - next.timestampMs) / 1000 }
  expect(skips).toEqual([{ ...skip, reason: 'behind' }])
  // It goes on from there without another one.
  const after = await take(blocks, 5)
  expect(after.map(({ index }) => index - first.index)).toEqual([1, 2, 3, 4, 5])
  expect(skips).toHaveLength(1)
})

it('begins at the live edge though nobody read for minutes after it was opened, where nothing is left out', async () => {
  const live = await goLive()
  const { viewer, blocks, skips } = await watch(live, { maxLagSeconds: 10 })
  await expect.poll(() => viewer.stats().position).not.toBe(null)
  live.show.go(20)
  await arrived(live, viewer, blocksOf(25))
  const [init, first] = await take(blocks, 2)
  expect(init?.kind).toBe('init')
  expect(first?.index).toBeGreaterThan(blocksOf(20))
  expect(skips).toEqual([])
})

it('gives every block to whoever asks for all of them, went back or records', async () => {
  const live = await goLive()
  const all = await watch(live, { maxLagSeconds: Number.POSITIVE_INFINITY })
  const back = await watch(live, { from: { secondsAgo: 2 }, maxLagSeconds: 1 })
  const mover = await watch(live, { maxLagSeconds: 1 })
  await Promise.all([all, back, mover].map(({ blocks }) => take(blocks, 2)))
  await mover.viewer.seek('start')
  const written: Uint8Array[] = []
  const recording = await mover.viewer.record({
    from: 'start',
    open: () => ({
      write: async (bytes) => void written.push(bytes.slice()),
      patch: async () => {},
      close: async () => {},
    }),
  })
  live.show.go(30)
  for (const { viewer } of [all, back, mover]) await arrived(live, viewer, blocksOf(35))
  for (const { blocks, skips } of [all, back, mover]) {
    const taken = await take(blocks, 250)
    const numbers = taken.filter(({ kind }) => kind === 'cluster').map(({ index }) => index)
    expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at))
    expect(skips).toEqual([])
  }
  live.show.end()
  const { blocks, missingBlocks } = await recording.finished
  expect([blocks, missingBlocks]).toEqual([blocksOf(35), 0])
})

it('gives what is left of a broadcast that has ended, however far behind its reader is', async () => {
  const live = await goLive()
  const { viewer, blocks, skips } = await watch(live, { maxLagSeconds: 10 })
  const last = (await take(blocks, 3)).at(-1)?.index ?? 0
  live.show.go(100)
  live.show.end()
  await live.broadcast.ended
  await arrived(live, viewer, blocksOf(105) + 2)
  const rest: number[] = []
  for (let next = await blocks.next(); !next.done; next = await blocks.next()) rest.push(next.value.index)
  expect(rest).toEqual(Array.from({ length: blocksOf(105) - last }, (_, at) => last + 1 + at))
  expect(skips).toEqual([])
})

it('takes time off air for no lag', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const live = await goLive()
  const { viewer, blocks, skips } = await watch(live, { maxLagSeconds: 10 })
  const before = (await take(blocks, 2)).at(-1)
  await arrived(live, viewer, blocksOf(5))
  vi.setSystemTime(Date.now() + 3_600_000)
  live.show.begin()
  live.show.go(5)
  await arrived(live, viewer, blocksOf(10))
  const rest = await take(blocks, blocksOf(10) - (before?.index ?? 0))
  expect(rest.map(({ index }) => index)).toEqual(rest.map((_, at) => (before?.index ?? 0) + 1 + at))
  const [earlier, later] = rest.filter(({ kind }) => kind === 'cluster').slice(-2)
  expect(earlier?.kind === 'cluster' && later?.kind === 'cluster' && later.timestampMs).toBeGreaterThan(3_600_000)
  expect(skips).toEqual([])
})

it('takes a second and more, also later', async () => {
  const live = await goLive()
  const { viewer } = await watch(live, { maxLagSeconds: 1 })
  for (const wrong of [0.99, Number.NaN, -1]) {
    expect(() => {
      viewer.maxLagSeconds = wrong
    }).toThrow(expect.objectContaining({ code: 'ERR_OPTION_INVALID' }))
    await expect(watch(live, { maxLagSeconds: wrong })).rejects.toMatchObject({ code: 'ERR_OPTION_INVALID' })
  }
  viewer.maxLagSeconds = Number.POSITIVE_INFINITY
  expect(viewer.maxLagSeconds).toBe(Number.POSITIVE_INFINITY)
})
