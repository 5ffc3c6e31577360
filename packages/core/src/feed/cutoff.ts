/** Where what is kept of a feed begins: by time and by bytes, at a keyframe. */
import type { ClusterBlock, FeedBlock } from './feed-block.ts'
import { clusterFrom, findTime } from './find-time.ts'

/** How much of a channel to keep, counted back from its newest block. */
export interface Retain {
  /** Seconds of the channel's timeline, 1 or more; time off air counts as well. */
  readonly seconds?: number | undefined
  /** Bytes of blocks, 1 000 000 or more. */
  readonly bytes?: number | undefined
}

/** The blocks that are stored here. */
export interface StoredLog {
  /** Lowest stored block from `start` on; -1 where there is none. */
  storedFrom(start: number): number
  /** Highest stored block; -1 where there is none. */
  newestStored(): number
  read(blockNumber: number): Promise<Uint8Array>
  /** Bytes of the blocks from one on, stored or not; null where that is not known. */
  bytesFrom(start: number): Promise<number | null>
}

/** How blocks are read to find it. */
export interface CutoffReader {
  parse(bytes: Uint8Array, blockNumber: number): FeedBlock
  /** Of blocks that do not say their time, the first one of the last seconds; null where they do say it. */
  readonly firstInTime: number | null
}

/** The first place to be kept. */
export interface Cutoff {
  /** A block with a keyframe, or an init block. */
  readonly block: number
  /** The init block that it needs. */
  readonly init: number
}

/**
 * Finds the newest place from which on everything that is asked for is kept; a keyframe interval more is kept than bytes would
 * allow, rather than nothing.
 *
 * @returns null where nothing is to be deleted
 */
export async function findCutoff(
  log: StoredLog,
  { seconds, bytes }: Retain,
  { parse, firstInTime }: CutoffReader,
): Promise<Cutoff | null> {
  const read = async (number: number): Promise<FeedBlock> => parse(await log.read(number), number)
  const first = log.storedFrom(0)
  const newest = await newestCluster(log, read)
  if (newest === null || first < 0) return null
  const search = { read, availableFrom: (start: number) => log.storedFrom(start) }
  const found: ClusterBlock[] = []
  if (firstInTime !== null) found.push((await clusterFrom(search, firstInTime, newest.number)) ?? newest)
  else if (seconds !== undefined) {
    found.push(await findTime(search, first, newest, newest.timestampMs + newest.spanMs - seconds * 1000))
  }
  if (bytes !== undefined) {
    const start = await firstWithin(log, bytes, first, newest.number)
    found.push((await clusterFrom(search, start, newest.number)) ?? newest)
  }
  const latest = found.reduce<ClusterBlock | null>((a, b) => (a === null || b.number > a.number ? b : a), null)
  if (latest === null) return null
  const { key, keyDistance, initDistance } = latest.index
  const init = latest.number - initDistance
  // Before the first keyframe of an epoch nothing can be played: it goes with what follows.
  return { block: key || keyDistance > 0 ? latest.number - keyDistance : init, init }
}

/** The first block from which on there are no more bytes than these. */
async function firstWithin(log: StoredLog, bytes: number, first: number, newest: number): Promise<number> {
  let [low, high] = [first, newest]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const size = await log.bytesFrom(middle)
    // Where the sizes are not known nothing was stored, which weighs nothing.
    if (size === null || size > bytes) low = middle + 1
    else high = middle
  }
  return low
}

async function newestCluster(
  log: StoredLog,
  read: (blockNumber: number) => Promise<FeedBlock>,
): Promise<ClusterBlock | null> {
  for (let number = log.newestStored(); number >= 0 && log.storedFrom(number) === number; number--) {
    const block = await read(number)
    if (block.kind === 'cluster') return block
  }
  return null
}
