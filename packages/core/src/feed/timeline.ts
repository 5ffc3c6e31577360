/**
 * The timeline of a channel: its epochs, what of them can be had, and the time off air between them. Each epoch's newest block tells
 * where the epoch begins, and the block before that is the newest of the epoch before: one round trip an epoch, however
 * many blocks there are.
 */
import type { WebmTrack } from '../webm/index.ts'
import type { FeedBlock, InitBlock } from './feed-block.ts'
import { clusterFrom, type TimeSearch } from './find-time.ts'

/** Epochs that are told of, the newest ones. */
const maxEpochs = 1000

/** What of a channel can be watched. */
export interface Timeline {
  /** Oldest first; at most the newest 1000. */
  readonly epochs: readonly TimelineEpoch[]
  /** Times off air between those epochs, oldest first; `gaps[i]` lies before `epochs[i + 1]`. */
  readonly gaps: readonly TimelineGap[]
  /** Whether the channel began with the first of `epochs`, and all of it is still kept. */
  readonly isWhole: boolean
}

/** A stretch that was broadcast with one init segment: from one start of the source to its end. */
export interface TimelineEpoch {
  /** Block index of the init block. */
  readonly initBlock: number
  /** Block index of the oldest Cluster that can be had. */
  readonly firstBlock: number
  /** Block index of the newest Cluster. */
  readonly lastBlock: number
  /** Capture time of the oldest frame that can be had, by the broadcaster's clock: as far back as a viewer can go. */
  readonly start: Date
  /** Capture time of the newest frame. */
  readonly end: Date
  /** `start` on the feed's timeline, as Cluster timestamps count: milliseconds since the feed's first block. */
  readonly startMs: number
  /** `end` on the feed's timeline. */
  readonly endMs: number
  /** Whether the beginning is still kept. */
  readonly isWhole: boolean
  /** Whether the broadcaster closed it on purpose; false for what is on air, and for what broke off. */
  readonly isEnded: boolean
  /** Tracks, with the codec of each. */
  readonly tracks: readonly WebmTrack[]
  /** `video/webm; codecs="vp8,opus"`: what Media Source is asked for. */
  readonly mimeType: string
  /** Title of the show; null where the broadcaster gave none. */
  readonly title: string | null
}

/** A time off air. */
export interface TimelineGap {
  /** Capture time of the last frame before it. */
  readonly start: Date
  /** Capture time of the first frame after it that can be had. */
  readonly end: Date
}

/**
 * Reads the timeline back from a block.
 *
 * @param newest the newest block that can be had
 */
export async function readTimeline(search: TimeSearch, newest: FeedBlock): Promise<Timeline> {
  const epochs: TimelineEpoch[] = []
  let last: FeedBlock | null = newest
  while (last !== null && epochs.length < maxEpochs) {
    const initBlock: number = last.number - last.index.initDistance
    // Whoever keeps a block keeps its init block: without that it is of no use.
    if (!isAvailable(search, initBlock)) break
    const before: number = initBlock - 1
    const [epoch, previous]: [TimelineEpoch | null, FeedBlock | null] = await Promise.all([
      readEpoch(search, initBlock, last),
      isAvailable(search, before) ? search.read(before) : null,
    ])
    if (epoch !== null) epochs.push(epoch)
    last = previous
  }
  epochs.reverse()
  const gaps = epochs.slice(1).map((epoch, place) => ({ start: epochs[place]?.end ?? epoch.start, end: epoch.start }))
  return { epochs, gaps, isWhole: epochs[0]?.isWhole === true && epochs[0].initBlock === 0 }
}

/** Null where the epoch has no Cluster. */
async function readEpoch(search: TimeSearch, initBlock: number, last: FeedBlock): Promise<TimelineEpoch | null> {
  if (last.kind === 'init') return null
  const [init, first, newest] = await Promise.all([
    search.read(initBlock),
    clusterFrom(search, initBlock + 1, last.number + 1),
    last.kind === 'end' && isAvailable(search, last.number - 1) ? search.read(last.number - 1) : last,
  ])
  if (init.kind !== 'init' || first === null) return null
  const end = newest.kind === 'cluster' ? newest : first
  const endMs = end.timestampMs + end.spanMs
  return {
    initBlock,
    firstBlock: first.number,
    lastBlock: end.number,
    start: timeOf(init, first.timestampMs),
    end: timeOf(init, endMs),
    startMs: first.timestampMs,
    endMs,
    isWhole: first.number === initBlock + 1,
    isEnded: last.kind === 'end',
    tracks: init.tracks,
    mimeType: init.mimeType,
    title: init.title,
  }
}

function isAvailable(search: TimeSearch, blockNumber: number): boolean {
  return blockNumber >= 0 && search.availableFrom(blockNumber) === blockNumber
}

function timeOf({ anchor }: InitBlock, timestampMs: number): Date {
  return new Date(anchor.getTime() + timestampMs)
}
