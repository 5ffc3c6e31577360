/**
 * Writes a feed: gives each piece of WebM its block index and its place on the feed's timeline, and goes on where an
 * earlier session stopped.
 */
import type { ClusterPiece, InitSegment, WebmPiece } from '../webm/index.ts'
import {
  type ClusterBlock,
  type FeedBlock,
  readFeedBlock,
  writeClusterBlock,
  writeEndBlock,
  writeInitBlock,
} from './feed-block.ts'
import type { AppendLog } from './feed-log.ts'

/** Where the writer stands in the feed. */
interface Position {
  /** Number of the open epoch's init block; -1 where none was written. */
  readonly init: number
  /** Number of its newest keyframe block; -1 where there is none. */
  readonly key: number
}

/** What earlier sessions left behind. */
interface Past {
  /** Wall-clock time of the feed's timestamp 0, ms since 1970; null for an empty feed. */
  readonly anchorMs: number | null
  /** Timestamp of the last frame, ms on the feed's timeline; -1 for an empty feed. */
  readonly lastMs: number
}

/** Options of a {@link FeedWriter}. */
export interface FeedWriterOptions {
  /** Goes into each init segment; asked when an epoch begins, null for none. */
  readonly title?: (() => string | null) | undefined
  /** Wall clock, ms since 1970. */
  readonly now: () => number
}

/** Appends pieces of WebM to a log, one at a time: callers wait for one append before they begin the next. */
export class FeedWriter {
  readonly #log: AppendLog
  readonly #options: FeedWriterOptions
  #anchorMs: number | null
  #lastMs: number
  #position: Position = { init: -1, key: -1 }

  private constructor(log: AppendLog, options: FeedWriterOptions, past: Past) {
    this.#log = log
    this.#options = options
    this.#anchorMs = past.anchorMs
    this.#lastMs = past.lastMs
  }

  /**
   * Opens a log to write to, whatever state the last session left it in.
   *
   * @throws HypervisionError ERR_FEED_FORMAT when it holds something else than a feed
   */
  static async open(log: AppendLog, options: FeedWriterOptions): Promise<FeedWriter> {
    return new FeedWriter(log, options, await readPast(log))
  }

  /** Wall-clock time of the feed's timestamp 0, ms since 1970; null before the first epoch. */
  get anchorMs(): number | null {
    return this.#anchorMs
  }

  /**
   * Places a new epoch on the timeline: by the wall clock, and always after what is there already. For the cutter's
   * `startEpoch`.
   */
  startEpoch(epoch: { readonly firstTimestampMs: number }): { offsetMs: number; dateUtc: Date; title?: string } {
    const now = Math.floor(this.#options.now())
    this.#anchorMs ??= now
    const startMs = Math.max(now - this.#anchorMs, this.#lastMs + 1)
    const title = this.#options.title?.() ?? null
    return {
      offsetMs: startMs - epoch.firstTimestampMs,
      dateUtc: new Date(this.#anchorMs),
      ...(title === null ? {} : { title }),
    }
  }

  /**
   * Appends a piece.
   *
   * @returns bytes of the block that was stored
   */
  async append(piece: WebmPiece): Promise<number> {
    const block = piece.kind === 'init' ? this.#init(piece) : this.#cluster(piece)
    await this.#log.append(block)
    return block.byteLength
  }

  /** Appends an end block, if an epoch was begun and not ended. */
  async end(): Promise<void> {
    const { init, key } = this.#position
    if (init === -1) return
    const number = this.#log.length
    await this.#log.append(writeEndBlock(number - init, key === -1 ? 0 : number - key))
    this.#position = { init: -1, key: -1 }
  }

  #init(piece: InitSegment): Uint8Array {
    this.#position = { init: this.#log.length, key: -1 }
    return writeInitBlock(piece.bytes)
  }

  #cluster(piece: ClusterPiece): Uint8Array {
    const number = this.#log.length
    const { init } = this.#position
    if (init === -1) throw new Error('A Cluster came before its init segment.')
    const key = piece.key ? number : this.#position.key
    this.#position = { init, key }
    this.#lastMs = Math.max(this.#lastMs, piece.timestampMs + piece.spanMs)
    const index = {
      init: false,
      key: piece.key,
      end: false,
      initDistance: number - init,
      keyDistance: key === -1 ? 0 : number - key,
    }
    return writeClusterBlock(piece.bytes, index, piece.headroomBytes)
  }
}

/** Reads the anchor and the last timestamp, walking back over init and end blocks that hold no frame. */
async function readPast(log: AppendLog): Promise<Past> {
  if (log.length === 0) return { anchorMs: null, lastMs: -1 }
  const read = async (number: number): Promise<FeedBlock> => readFeedBlock(await log.read(number), number)
  const newest = await read(log.length - 1)
  const init = newest.kind === 'init' ? newest : await read(newest.number - newest.index.initDistance)
  if (init.kind !== 'init') throw new Error(`Block ${init.number} should begin an epoch.`)

  let block: FeedBlock = newest
  while (block.kind !== 'cluster' && block.number > 0) block = await read(block.number - 1)
  return { anchorMs: init.anchor.getTime(), lastMs: block.kind === 'cluster' ? endOf(block) : -1 }
}

function endOf(block: ClusterBlock): number {
  return block.timestampMs + block.spanMs
}
