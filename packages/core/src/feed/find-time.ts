/** Finds the block of a moment by searching the log, which needs a handful of blocks however long it is. */
import type { ClusterBlock, FeedBlock } from './feed-block.ts'

/** Reads one block of the feed. */
export type ReadBlock = (blockNumber: number) => Promise<FeedBlock>

/**
 * Finds the newest Cluster block at or before a moment. Blocks come at a nearly constant rate, so the place is guessed
 * from the timestamps at both ends and the range halved where the guess does not help: O(log n) blocks at worst.
 *
 * @param first lowest block to consider
 * @param newest the newest Cluster block there is
 * @param targetMs on the feed's timeline
 * @returns the oldest Cluster block when the moment lies before it
 */
export async function findTime(
  read: ReadBlock,
  first: number,
  newest: ClusterBlock,
  targetMs: number,
): Promise<ClusterBlock> {
  if (newest.timestampMs <= targetMs) return newest
  let low = await firstCluster(read, first, newest)
  if (low.timestampMs >= targetMs) return low
  let high = newest
  let isGuessing = true
  while (high.number - low.number > 1) {
    const place = isGuessing ? guess(low, high, targetMs) : Math.floor((low.number + high.number) / 2)
    isGuessing = !isGuessing
    const probe = await clusterBetween(read, place, low, high)
    if (probe === null) break
    if (probe.timestampMs <= targetMs) low = probe
    else high = probe
  }
  return low
}

/** Where the target lies if blocks came at a constant rate, strictly between both ends. */
function guess(low: ClusterBlock, high: ClusterBlock, targetMs: number): number {
  const share = (targetMs - low.timestampMs) / Math.max(1, high.timestampMs - low.timestampMs)
  const place = Math.round(low.number + share * (high.number - low.number))
  return Math.min(high.number - 1, Math.max(low.number + 1, place))
}

/** The Cluster nearest to `place` that lies strictly between both ends: init and end blocks have no time. */
async function clusterBetween(
  read: ReadBlock,
  place: number,
  low: ClusterBlock,
  high: ClusterBlock,
): Promise<ClusterBlock | null> {
  for (let number = place; number < high.number; number++) {
    const block = await read(number)
    if (block.kind === 'cluster') return block
  }
  for (let number = place - 1; number > low.number; number--) {
    const block = await read(number)
    if (block.kind === 'cluster') return block
  }
  return null
}

async function firstCluster(read: ReadBlock, first: number, newest: ClusterBlock): Promise<ClusterBlock> {
  for (let number = first; number < newest.number; number++) {
    const block = await read(number)
    if (block.kind === 'cluster') return block
  }
  return newest
}
