/** What peers of a swarm on real transports measure together, by one clock that all share. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { BroadcastStats, ViewerStats } from '@hypervision/core'
import { percentile } from '../statistics.ts'

/** When a block was there: appended at the broadcaster, or readable at a viewer. Milliseconds since 1970. */
export type Arrival = readonly [index: number, atMs: number]

/** A peer that tells what it had when. */
export interface MeasuredPeer {
  figures(): Promise<{ readonly arrivals: readonly Arrival[]; readonly stats: BroadcastStats | ViewerStats | null }>
}

/** What is appended in the last part of a stretch of time may still be on its way, ms. */
const drainMs = 4000

/** Figures of a stretch of time, of the viewers that are there at its end. */
export async function measurePhase(
  broadcaster: MeasuredPeer,
  viewers: readonly MeasuredPeer[],
  measureMs: number,
  during: () => Promise<void>,
  signal: AbortSignal,
): Promise<Record<string, number | null>> {
  const before = (await broadcaster.figures()).stats as BroadcastStats
  const fromMs = Date.now()
  await Promise.all([sleep(measureMs, undefined, { signal }), during()])
  const untilMs = Date.now()
  const after = (await broadcaster.figures()).stats as BroadcastStats
  await sleep(drainMs, undefined, { signal })
  const appended = new Map(
    (await broadcaster.figures()).arrivals.filter(([, atMs]) => atMs >= fromMs && atMs < untilMs),
  )
  const figures = await Promise.all(viewers.map((viewer) => viewer.figures()))
  const delays = figures.flatMap(({ arrivals }) => delaysOf(arrivals, appended))
  const depths = figures.flatMap(({ stats }) => stats?.live.depth ?? [])
  return {
    sourceCopies: (after.blockBytesUp - before.blockBytesUp) / (after.streamBytes - before.streamBytes),
    p50Ms: percentile(delays, 0.5),
    p95Ms: percentile(delays, 0.95),
    p99Ms: percentile(delays, 0.99),
    lostBlocks: figures.length * appended.size - delays.length,
    gapMaxMs: Math.max(...figures.map(({ arrivals }) => longestGap(arrivals, fromMs, untilMs))),
    depthMax: Math.max(...depths),
  }
}

function delaysOf(arrivals: readonly Arrival[], appended: ReadonlyMap<number, number>): number[] {
  return arrivals.flatMap(([index, atMs]) => {
    const appendedMs = appended.get(index)
    return appendedMs === undefined ? [] : [atMs - appendedMs]
  })
}

/** Longest time between two blocks. */
function longestGap(arrivals: readonly Arrival[], fromMs: number, untilMs: number): number {
  const times = arrivals.map(([, atMs]) => atMs).filter((atMs) => atMs >= fromMs && atMs < untilMs)
  return Math.max(0, ...times.map((atMs, place) => (place === 0 ? 0 : atMs - (times[place - 1] ?? atMs))))
}
