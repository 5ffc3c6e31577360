/** Finds the block of a moment by searching the log, which needs a handful of blocks however long it is. */
import type { ClusterBlock, FeedBlock } from './feed-block.ts'
import type { FeedLog } from './feed-log.ts'

/** Where to search: what can be had, and how to get it. */
export interface TimeSearch extends Pick<FeedLog, 'availableFrom'> {
  /** Reads one block of the feed. */
  read(blockNumber: number): Promise<FeedBlock>
}

/**
 * Finds the newest Cluster block at or before a moment among those that can be had. Blocks come at a nearly constant rate, so
 * the place is guessed from the timestamps at both ends; the middle of the range is fetched with it, for where shows lie unevenly: no more
 * than about log₂ n round trips, and a handful as a rule. Holes, such as what everybody has deleted, cost nothing.
 *
 * @param first lowest block to consider
 * @param newest the newest Cluster block there is
 * @param targetMs on the feed's timeline
 * @returns the oldest Cluster block when the moment lies before it
 */
export async function findTime(
  search: TimeSearch,
  first: number,
  newest: ClusterBlock,
  targetMs: number,
): Promise<ClusterBlock> {
  if (newest.timestampMs <= targetMs) return newest
  let low = await firstCluster(search, first, newest)
  if (low.timestampMs >= targetMs) return low
  let high = newest
  /** No block from here on can be the one. */
  let top = newest.number
  while (top - low.number > 1) {
    const places = new Set([guess(low, high, top, targetMs), Math.floor((low.number + top) / 2)])
    const probing = [...places].map(async (place) => ({ place, probe: await clusterFrom(search, place, top) }))
    for (const { place, probe } of await Promise.all(probing)) {
      if (probe !== null && probe.timestampMs <= targetMs) {
        if (probe.number > low.number) low = probe
      } else if (place < top) {
        top = place
        high = probe ?? high
      }
    }
  }
  return low
}

/** Where the target lies if blocks came at a constant rate, above `low` and below `top`. */
function guess(low: ClusterBlock, high: ClusterBlock, top: number, targetMs: number): number {
  const share = (targetMs - low.timestampMs) / Math.max(1, high.timestampMs - low.timestampMs)
  const place = Math.round(low.number + share * (high.number - low.number))
  return Math.min(top - 1, Math.max(low.number + 1, place))
}

/** The first Cluster from `start` on and below `end`; null where there is none. Init and end blocks have no time. */
export async function clusterFrom(search: TimeSearch, start: number, end: number): Promise<ClusterBlock | null> {
  for (let number = start; ; number++) {
    number = search.availableFrom(number)
    if (number < 0 || number >= end) return null
    const block = await search.read(number)
    if (block.kind === 'cluster') return block
    // Nothing but an init block follows an end.
    if (block.kind === 'end') number++
  }
}

/** An init block may be kept for what comes long after it: the first Cluster need not follow it. */
async function firstCluster(search: TimeSearch, first: number, newest: ClusterBlock): Promise<ClusterBlock> {
  return (await clusterFrom(search, first, newest.number)) ?? newest
}
