// What the viewers of a simulated swarm got, and what it cost.
import type { SimulatedNode } from './simulated-node.ts'
import type { SimulatedSwarm } from './simulated-swarm.ts'

/** Figures of a stretch of time. */
export interface Figures {
  readonly sourceCopies: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** Longest time without the next block, of any viewer, ms. */
  readonly gapMs: number
  /** Blocks that a viewer who was there the whole time has not got. */
  readonly lost: number
  readonly waste: number
  readonly repairs: number
  readonly depth: number
}

/** What the viewers that are alive got of the blocks appended in a stretch of time. */
export function figuresOf(
  swarm: SimulatedSwarm,
  fromMs: number,
  toMs: number,
  viewers: readonly SimulatedNode[] = swarm.alive,
): Figures {
  const blocks = swarm.appendedMs.flatMap((atMs, index) => (atMs >= fromMs && atMs < toMs ? [index] : []))
  const delays: number[] = []
  let lost = 0
  let gapMs = 0
  for (const { log } of viewers) {
    const arrivals = new Map(log.arrivals.map(({ index, atMs }) => [index, atMs]))
    let lastMs: number | null = null
    for (const index of blocks) {
      const atMs = arrivals.get(index)
      if (atMs === undefined) {
        lost++
        continue
      }
      delays.push(atMs - (swarm.appendedMs[index] ?? 0))
      if (lastMs !== null) gapMs = Math.max(gapMs, atMs - lastMs)
      lastMs = atMs
    }
  }
  delays.sort((one, other) => one - other)
  const at = (share: number): number =>
    Math.round(delays[Math.min(delays.length - 1, Math.floor(share * delays.length))] ?? 0)
  const figures = viewers.map(({ overlay }) => overlay.figures())
  const taken = figures.reduce((sum, { takenBlocks }) => sum + takenBlocks, 0)
  return {
    sourceCopies: Math.round((swarm.source.sentBlocks / swarm.appendedMs.length) * 100) / 100,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    gapMs: Math.round(gapMs),
    lost,
    waste: Math.round((figures.reduce((sum, { duplicates }) => sum + duplicates, 0) / taken) * 1000) / 1000,
    repairs: figures.reduce((sum, { repairs }) => sum + repairs, 0),
    depth: Math.max(...figures.map(({ depth }) => depth ?? Number.NaN)),
  }
}
