/**
 * Reads a feed: finds the place to begin, then gives one block after the other, waiting for those to come. What it gives
 * is playable as it is: an init block, then Clusters from a keyframe on, and again after every jump.
 */
import { HypervisionError } from '../contracts/index.ts'
import { watchLoss } from './block-loss.ts'
import { waitUnless, waitWithin } from './bounded-wait.ts'
import { type ClusterBlock, type EndBlock, type FeedBlock, type InitBlock, readFeedBlock } from './feed-block.ts'
import type { FeedLog } from './feed-log.ts'
import { findTime, type TimeSearch } from './find-time.ts'
import type { StartPosition } from './start-position.ts'
import { readTimeline, type Timeline } from './timeline.ts'

/** How long a peer may take to come and say what it has, to send the newest block that it says to have, or to get the first one itself. */
const patienceMs = 4000

/** So many blocks behind what another peer has meanwhile told of, a block is not taken for the live edge. */
const staleBlocks = 20

/** One step of reading. */
export type FeedItem =
  | { readonly kind: 'init'; readonly block: InitBlock }
  | {
      readonly kind: 'cluster'
      readonly block: ClusterBlock
      /** Wall-clock time of the feed's timestamp 0. */
      readonly anchor: Date
      /** Whether it is the first one after a jump. */
      readonly discontinuity: boolean
    }
  | { readonly kind: 'end'; readonly block: EndBlock }

/** The place to go on from: an epoch's init block and the Cluster to begin with. */
interface Place {
  readonly init: number
  readonly next: number
}

/** The reading cursor of one viewer. One call at a time. */
export class FeedReader {
  /** Told when the next block is kept by nobody any more, and reading goes on at another one. */
  onskip: (from: number, to: number) => void = () => {}
  readonly #log: FeedLog
  readonly #parse: (bytes: Uint8Array, blockNumber: number) => FeedBlock
  /** The epoch that the consumer has been given the init block of. */
  #init: InitBlock | null = null
  /** The init block to give before anything else; null where that has been done. */
  #pendingInit: number | null = null
  #next = -1
  #discontinuity = true

  /** @param parse reads a block; a relay without the secret of a private channel sees less of it */
  constructor(log: FeedLog, parse: (bytes: Uint8Array, blockNumber: number) => FeedBlock = readFeedBlock) {
    this.#log = log
    this.#parse = parse
  }

  /** Number of the block that {@link next} gives next; null before the first {@link seek}. */
  get position(): number | null {
    return this.#next === -1 ? null : this.#next
  }

  /** The init block that what comes next needs, and the next block; null before the first {@link seek}. */
  get reading(): { readonly init: number; readonly start: number } | null {
    const init = this.#pendingInit ?? this.#init?.number
    return this.#next === -1 || init === undefined ? null : { init, start: this.#next }
  }

  /**
   * Moves the cursor; the next item is an init block. Waits until there is something to begin with: at the live edge of
   * a feed that has ended, for the next broadcast, unless the end is still to be given; then it is the last keyframe.
   *
   * @throws HypervisionError ERR_FEED_FORMAT, ERR_FEED_VERSION; the signal's reason when it aborts
   */
  async seek(position: StartPosition, signal: AbortSignal): Promise<void> {
    const place =
      position === 'live'
        ? await this.#findLive(signal)
        : position === 'start'
          ? await this.#findStart(signal)
          : await this.#findTime(position, signal)
    this.#goTo(place)
  }

  /**
   * Gives the next item; waits for it where it is not here yet. What nobody keeps any more is passed over, up to the oldest
   * keyframe after it.
   *
   * @throws HypervisionError ERR_FEED_FORMAT, ERR_FEED_VERSION; the signal's reason when it aborts
   */
  async next(signal: AbortSignal): Promise<FeedItem> {
    for (;;) {
      if (this.#pendingInit !== null) return this.#giveInit(await this.#read(this.#pendingInit, signal))
      const block = await this.#readNext(signal)
      if (block === null) {
        await this.#skip(signal)
        continue
      }
      if (block.kind === 'init') return this.#giveInit(block)
      this.#next = block.number + 1
      if (block.kind === 'end') return { kind: 'end', block }
      const item = this.#giveCluster(block)
      if (item !== null) return item
    }
  }

  /**
   * Moves the cursor to the newest keyframe where the feed is on air and has gone on for so long since a Cluster that was given; null where
   * none was. Whether it moved.
   *
   * @throws HypervisionError ERR_FEED_FORMAT, ERR_FEED_VERSION; the signal's reason when it aborts
   */
  async catchUp(from: ClusterBlock | null, lagMs: number, signal: AbortSignal): Promise<boolean> {
    const newest = await this.#newest(-1, signal)
    signal.throwIfAborted()
    const place = placeOf(newest)
    if (newest.kind !== 'cluster' || place === null || place.next <= this.#next) return false
    if (from !== null && newest.timestampMs - from.timestampMs <= lagMs) return false
    this.#goTo(place)
    return true
  }

  /**
   * Tells what there is to watch; waits until there is something. The cursor stays where it is.
   *
   * @throws HypervisionError ERR_FEED_FORMAT, ERR_FEED_VERSION; the signal's reason when it aborts
   */
  async timeline(signal: AbortSignal): Promise<Timeline> {
    return readTimeline(this.#search(signal), await this.#newest(-1, signal))
  }

  #giveInit(block: FeedBlock): FeedItem {
    if (block.kind !== 'init') throw notInit(block.number)
    this.#pendingInit = null
    this.#init = block
    this.#discontinuity = true
    if (this.#next <= block.number) this.#next = block.number + 1
    return { kind: 'init', block }
  }

  #giveCluster(block: ClusterBlock): FeedItem | null {
    const init = this.#init
    if (init === null || block.number - block.index.initDistance !== init.number) throw notInit(block.number)
    // Frames before an epoch's first keyframe cannot be decoded.
    if (this.#discontinuity && !block.index.key) return null
    const discontinuity = this.#discontinuity
    this.#discontinuity = false
    return { kind: 'cluster', block, anchor: init.anchor, discontinuity }
  }

  /** The newest keyframe of a broadcast that has not ended, or whose end the consumer has not been given. */
  async #findLive(signal: AbortSignal): Promise<Place> {
    await this.#untilHeard(signal)
    for (let after = -1; ; ) {
      const newest = await this.#newest(after, signal)
      const place = placeOf(newest)
      const isStale = this.#log.newestAvailable() - newest.number > staleBlocks
      if (isStale) continue
      const isNews = newest.kind === 'cluster' || (this.#next !== -1 && newest.number >= this.#next)
      if (place !== null && isNews) return place
      after = newest.number
    }
  }

  /** What is stored here is not the live edge, unless it grows: those who know better are given some time to say so. */
  async #untilHeard(signal: AbortSignal): Promise<void> {
    const log = this.#log
    const { length } = log
    if (length === 0) return
    const isHeard = (): boolean => log.peersWith(0) > 0 || log.length > length
    await waitWithin(patienceMs, signal, (patience) => this.#waitFor(() => Number(isHeard()), 0, patience))
  }

  /** The oldest block that can be had; its init block may lie before a hole. */
  async #findStart(signal: AbortSignal): Promise<Place> {
    await this.#newest(-1, signal)
    const oldest = await this.#read(await this.#untilOldest(0, signal), signal)
    if (oldest.kind !== 'init') return this.#playableFrom(oldest, signal)
    const next = await this.#untilOldest(oldest.number + 1, signal)
    if (next === oldest.number + 1) return { init: oldest.number, next }
    return this.#playableFrom(await this.#read(next, signal), signal)
  }

  /**
   * The oldest block from one on. A peer that has just come may still be fetching those before it: it is given some time to have
   * them, unless the broadcaster has deleted them.
   */
  async #untilOldest(start: number, signal: AbortSignal): Promise<number> {
    const log = this.#log
    const oldest = (): number => log.availableFrom(start)
    const isSettled = (): boolean => oldest() === start || start >= log.remoteLength || log.isDeleted(start)
    await waitWithin(patienceMs, signal, (patience) => this.#waitFor(() => Number(isSettled()), 0, patience))
    return Math.max(start, oldest())
  }

  async #findTime(position: { secondsAgo: number } | { time: Date }, signal: AbortSignal): Promise<Place> {
    const newest = await this.#newestCluster(signal)
    if (newest === null) return this.#findLive(signal)

    const targetMs =
      'time' in position
        ? position.time.getTime() - (await this.#anchorOf(newest, signal))
        : newest.timestampMs - position.secondsAgo * 1000
    const found = await findTime(this.#search(signal), 0, newest, targetMs)
    const place = placeOf(found)
    const isKept = place !== null && this.#log.availableFrom(place.next) === place.next
    return isKept ? place : this.#playableFrom(found, signal)
  }

  /** The newest block with frames; null where there is none. */
  async #newestCluster(signal: AbortSignal): Promise<ClusterBlock | null> {
    let newest = await this.#newest(-1, signal)
    while (newest.kind !== 'cluster' && newest.number > 0) newest = await this.#read(newest.number - 1, signal)
    return newest.kind === 'cluster' ? newest : null
  }

  /** The first place from a block on where playing can begin. */
  async #playableFrom(block: FeedBlock, signal: AbortSignal): Promise<Place> {
    let at = block
    for (;;) {
      if (at.kind === 'init') return { init: at.number, next: at.number + 1 }
      if (at.kind === 'cluster' && at.index.key) return { init: at.number - at.index.initDistance, next: at.number }
      at = await this.#read(Math.max(at.number + 1, this.#log.availableFrom(at.number + 1)), signal)
    }
  }

  #search(signal: AbortSignal): TimeSearch {
    return {
      availableFrom: (start) => this.#log.availableFrom(start),
      read: (blockNumber) => this.#read(blockNumber, signal),
    }
  }

  async #anchorOf(block: FeedBlock, signal: AbortSignal): Promise<number> {
    const init = await this.#read(block.number - block.index.initDistance, signal)
    if (init.kind !== 'init') throw notInit(init.number)
    return init.anchor.getTime()
  }

  /**
   * The newest block that can be had, once there is one after `after`. A peer can say to have blocks that it never
   * sends: it is waited for a while, then others are asked.
   */
  async #newest(after: number, signal: AbortSignal): Promise<FeedBlock> {
    for (;;) {
      const number = await this.#waitFor(() => this.#log.newestAvailable(), after, signal)
      const block = await waitWithin(patienceMs, signal, (patience) => this.#read(number, patience))
      if (block !== null) return block
      this.#log.distrust(number)
    }
  }

  /** The next block; null once nobody keeps it any more. */
  #readNext(signal: AbortSignal): Promise<FeedBlock | null> {
    return waitUnless(
      signal,
      (giveUp) => watchLoss(this.#log, this.#next, giveUp),
      (patience) => this.#read(this.#next, patience),
    )
  }

  /** Goes on at the oldest place after the next block where playing can begin. */
  async #skip(signal: AbortSignal): Promise<void> {
    const from = this.#next
    const oldest = await this.#read(Math.max(from, this.#log.availableFrom(from)), signal)
    const place = await this.#playableFrom(oldest, signal)
    this.#goTo(place)
    this.onskip(from, place.next)
  }

  #goTo(place: Place): void {
    this.#pendingInit = place.init
    this.#next = place.next
    this.#discontinuity = true
    this.#log.fetchFrom(place.next)
  }

  async #read(blockNumber: number, signal: AbortSignal): Promise<FeedBlock> {
    return this.#parse(await this.#log.get(blockNumber, signal), blockNumber)
  }

  /** Waits until a number of the log is greater than `after`. */
  #waitFor(read: () => number, after: number, signal: AbortSignal): Promise<number> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const value = read()
        if (value <= after && !signal.aborted) return
        stop()
        signal.removeEventListener('abort', check)
        if (signal.aborted) reject(signal.reason)
        else resolve(value)
      }
      const stop = this.#log.onchange(check)
      signal.addEventListener('abort', check)
      check()
    })
  }
}

/** Where to begin for a block: its epoch's init block and the newest keyframe at or before it; null where there is none before an end. */
function placeOf(block: FeedBlock): Place | null {
  const { key, initDistance, keyDistance } = block.index
  if (block.kind === 'init' || (block.kind === 'cluster' && !key && keyDistance === 0)) return null
  return { init: block.number - initDistance, next: block.number - keyDistance }
}

function notInit(blockNumber: number): HypervisionError {
  return new HypervisionError(
    'ERR_FEED_FORMAT',
    `Block ${blockNumber} points to an init block that is none. The broadcaster wrote a broken feed.`,
    { detail: { blockNumber } },
  )
}
