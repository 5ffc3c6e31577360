// Seeks and the timeline on channels of a million blocks: what they cost in round trips, and what they find where blocks are deleted.
import { expect, it, onTestFinished, vi } from 'vitest'
import { anchorMs, type ComputedEpoch, ComputedLog } from '../../test/feed/computed-log.ts'
import { FeedReader } from './feed-reader.ts'
import type { StartPosition } from './start-position.ts'
import type { Timeline } from './timeline.ts'

const never = new AbortController().signal
const million = 1_000_000

/** A day and four hours on air, in one epoch. */
const unbroken: readonly ComputedEpoch[] = [{ clusters: million, gapMs: 0 }]
/** A hundred shows of different lengths, with anything between a second and a month between them. */
const shows: readonly ComputedEpoch[] = Array.from({ length: 100 }, (_, place) => ({
  clusters: 5000 + ((place * 7919) % 10_000),
  gapMs: place === 0 ? 0 : 1000 * 2 ** (place % 22),
}))

/** Where a seek leads: the place, its timestamp, and what it took. */
async function seek(log: ComputedLog, position: StartPosition) {
  const reader = new FeedReader(log)
  const before = log.roundTrips
  await reader.seek(position, never)
  const roundTrips = log.roundTrips - before
  const init = await reader.next(never)
  const first = await reader.next(never)
  if (init.kind !== 'init' || first.kind !== 'cluster') throw new Error('nothing to play')
  return { block: first.block.number, timeMs: first.block.timestampMs, isKey: first.block.index.key, roundTrips }
}

it('takes a handful of round trips to a moment in a million blocks of one show', async () => {
  const log = new ComputedLog(unbroken)
  const lastMs = log.timeOf(million)
  for (const secondsAgo of [1, 60, 3600, 50_000, 99_999]) {
    const found = await seek(log, { secondsAgo })
    expect(found.timeMs).toBe(Math.floor((lastMs - secondsAgo * 1000) / 1000) * 1000)
    expect(found.roundTrips).toBeLessThanOrEqual(8)
  }
})

it('needs about log n round trips at most however unevenly the shows lie', async () => {
  const log = new ComputedLog(shows)
  const bound = Math.ceil(Math.log2(log.length)) + 6
  let most = 0
  for (const epoch of log.epochs) {
    for (const intoMs of [0, 40, (epoch.clusters * 100) / 2, epoch.clusters * 100 - 1, epoch.clusters * 100 + 700]) {
      const targetMs = epoch.startMs + intoMs
      const found = await seek(log, { time: new Date(anchorMs + targetMs) })
      const withinMs = Math.min(intoMs, (epoch.clusters - 1) * 100)
      expect(found.timeMs).toBe(epoch.startMs + Math.floor(withinMs / 1000) * 1000)
      most = Math.max(most, found.roundTrips)
    }
  }
  expect(most).toBeLessThanOrEqual(bound)
})

it('gives the oldest that is kept to whoever asks for what is deleted, without asking for that', async () => {
  // The init block at 0 is kept for what comes long after it.
  const kept = 900_007
  const log = new ComputedLog(unbroken, (start) => (start === 0 ? 0 : Math.max(start, kept)))
  for (const position of ['start', { secondsAgo: 90_000 }, { time: new Date(anchorMs) }] as const) {
    const found = await seek(log, position)
    // A keyframe stands at 1 and each ten blocks after it.
    expect(found).toMatchObject({ block: 900_011, isKey: true })
  }
  expect((await seek(log, { secondsAgo: 5000 })).timeMs).toBe(log.timeOf(million) - 5000 * 1000 - 900)
})

it('finds the nearest earlier moment where a hole is in the middle of what is kept', async () => {
  const log = new ComputedLog(unbroken, (start) => (start > 300_010 && start < 800_001 ? 800_001 : start))
  expect((await seek(log, { time: new Date(anchorMs + 50_000_000) })).block).toBe(300_001)
  expect((await seek(log, { time: new Date(anchorMs + 80_000_000) })).block).toBe(800_001)
})

it('tells epochs, gaps and what is kept in about a round trip an epoch', async () => {
  const whole = new ComputedLog(shows)
  const { epochs, gaps, isWhole } = await new FeedReader(whole).timeline(never)
  expect(whole.roundTrips).toBeLessThanOrEqual(2 * shows.length + 2)
  expect(isWhole).toBe(true)
  expect(epochs.map(({ initBlock }) => initBlock)).toEqual(whole.epochs.map(({ init }) => init))
  expect(epochs.map(({ startMs }) => startMs)).toEqual(whole.epochs.map(({ startMs }) => startMs))
  expect(epochs.every((epoch) => epoch.isWhole && epoch.isEnded)).toBe(true)
  expect(epochs[0]).toMatchObject({
    mimeType: 'video/webm; codecs="vp8"',
    title: 'Computed',
    start: new Date(anchorMs),
  })
  expect(gaps).toHaveLength(99)
  expect(gaps.map(({ start, end }) => end.getTime() - start.getTime() - 100)).toEqual(
    shows.slice(1).map(({ gapMs }) => gapMs),
  )

  // Of the last epoch but one the end is left, with its init block.
  const at = whole.epochs.at(-2)?.init ?? 0
  const kept = at + 2001
  const cut = new ComputedLog(shows, (start) => (start <= at ? at : Math.max(start, kept)))
  const rest = await new FeedReader(cut).timeline(never)
  expect(rest.epochs.map(({ initBlock, firstBlock, isWhole }) => [initBlock, firstBlock, isWhole])).toEqual([
    [at, kept, false],
    [at + (whole.epochs.at(-2)?.clusters ?? 0) + 2, at + (whole.epochs.at(-2)?.clusters ?? 0) + 3, true],
  ])
  expect(rest.isWhole).toBe(false)
})

it('goes on at the oldest that is kept when what comes next is deleted under a slow reader, and says so', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  let kept = 0
  const log = new ComputedLog(unbroken, (start) => (start === 0 ? 0 : Math.max(start, kept)))
  log.onmissing = (_, signal) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
  const reader = new FeedReader(log)
  const skips: [from: number, to: number][] = []
  reader.onskip = (from, to) => skips.push([from, to])
  await reader.seek('start', never)
  for (let item = 0; item < 5; item++) await reader.next(never)
  kept = 500_005
  const next = reader.next(never)
  await vi.advanceTimersByTimeAsync(1900)
  expect(skips).toEqual([])
  await vi.advanceTimersByTimeAsync(200)
  expect((await next).kind).toBe('init')
  expect(await reader.next(never)).toMatchObject({ discontinuity: true, block: { number: 500_011 } })
  expect(skips).toEqual([[5, 500_011]])
})

it('tells of 1000 epochs, and of the newest 1000 where there is one more', async () => {
  const channel = (epochs: number): Promise<Timeline> =>
    new FeedReader(new ComputedLog(Array.from({ length: epochs }, () => ({ clusters: 1, gapMs: 1000 })))).timeline(
      never,
    )
  const [whole, longer] = [await channel(1000), await channel(1001)]
  expect(whole).toMatchObject({ isWhole: true, epochs: { length: 1000 }, gaps: { length: 999 } })
  expect(longer).toMatchObject({ isWhole: false, epochs: { length: 1000 }, gaps: { length: 999 } })
  // An init block, a Cluster and an end block were the oldest epoch.
  expect([whole, longer].map(({ epochs }) => epochs[0]?.initBlock)).toEqual([0, 3])
})
