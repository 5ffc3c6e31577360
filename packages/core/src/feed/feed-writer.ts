/**
 * Writes a feed: gives each piece of WebM its block index and its place on the feed's timeline, and goes on where an
 * earlier session stopped.
 */
import type { ClusterPiece, EpochPlacement, EpochStart, InitSegment, WebmPiece } from '../webm/index.ts'
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
  /** The newest init block; null for an empty feed. */
  readonly initBlock: Uint8Array | null
}

/** A new epoch with the tracks that there are, which waits for its place. */
interface Renewal {
  begin(): void
  done(): void
  failed(error: unknown): void
}

/** Options of a {@link FeedWriter}. */
export interface FeedWriterOptions {
  /** Goes into each init segment; asked when an epoch begins, null for none. */
  readonly title?: (() => string | null) | undefined
}

/** Place, date and title of an epoch. */
interface Placement extends EpochPlacement {
  readonly dateUtc: Date
}

/** Appends pieces of WebM to a log, in the order of the calls. */
export class FeedWriter {
  readonly #log: AppendLog
  readonly #options: FeedWriterOptions
  #anchorMs: number | null
  #lastMs: number
  #position: Position = { init: -1, key: -1 }
  #initBlock: Uint8Array | null
  #renewal: Renewal | null = null
  /** The append under way. */
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(log: AppendLog, options: FeedWriterOptions, past: Past) {
    this.#log = log
    this.#options = options
    this.#anchorMs = past.anchorMs
    this.#lastMs = past.lastMs
    this.#initBlock = past.initBlock
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
   * Places a new epoch on the timeline: where the wall clock was when its first frame was captured, and always after what is there
   * already. For the cutter's `startEpoch`.
   */
  startEpoch(epoch: Pick<EpochStart, 'firstTimestampMs' | 'zeroAtMs'>): Placement {
    const capturedAtMs = Math.floor(epoch.zeroAtMs + epoch.firstTimestampMs)
    this.#anchorMs ??= capturedAtMs
    const startMs = Math.max(capturedAtMs - this.#anchorMs, this.#lastMs + 1)
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
   * @returns bytes of the piece with its index
   */
  append(piece: WebmPiece): Promise<number> {
    return this.#inTurn(async () => {
      const renewal = piece.kind === 'init' || piece.key ? this.#renewal : null
      renewal?.begin()
      if (renewal !== null && piece.kind === 'cluster') await this.#appendInit()
      const block = piece.kind === 'init' ? this.#init(piece) : this.#cluster(piece)
      await this.#log.append(block)
      this.#renewed(renewal)
      return block.byteLength
    })
  }

  /** Appends an end block, if an epoch was begun and not ended. */
  end(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#end()
      await this.#renewAtRest()
    })
  }

  /**
   * Begins a new epoch with the tracks that there are: at the next keyframe or, where no epoch is open, at once, as one that is over.
   * Players notice nothing.
   *
   * @param begin called right before the epoch's init block is appended
   * @returns when that is done
   */
  renew(begin: () => void): Promise<void> {
    return new Promise((done, failed) => {
      this.#renewal = { begin, done, failed }
      this.#inTurn(() => this.#renewAtRest()).catch(failed)
    })
  }

  async #renewAtRest(): Promise<void> {
    const renewal = this.#renewal
    if (renewal === null || this.#position.init !== -1) return
    renewal.begin()
    if (this.#initBlock !== null) {
      await this.#appendInit()
      await this.#end()
    }
    this.#renewed(renewal)
  }

  #renewed(renewal: Renewal | null): void {
    if (renewal === null) return
    this.#renewal = null
    renewal.done()
  }

  async #inTurn<Value>(act: () => Promise<Value>): Promise<Value> {
    const turn = this.#turn.then(act)
    this.#turn = turn.catch((error: unknown) => {
      this.#renewal?.failed(error)
      this.#renewal = null
    })
    return turn
  }

  async #end(): Promise<void> {
    const { init, key } = this.#position
    if (init === -1) return
    const number = this.#log.length
    await this.#log.append(writeEndBlock(number - init, key === -1 ? 0 : number - key))
    this.#position = { init: -1, key: -1 }
  }

  async #appendInit(): Promise<void> {
    if (this.#initBlock === null) throw new Error('No init block was written yet.')
    this.#position = { init: this.#log.length, key: -1 }
    await this.#log.append(this.#initBlock)
  }

  #init(piece: InitSegment): Uint8Array {
    this.#position = { init: this.#log.length, key: -1 }
    this.#initBlock = writeInitBlock(piece.bytes)
    return this.#initBlock
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
  if (log.length === 0) return { anchorMs: null, lastMs: -1, initBlock: null }
  const read = async (number: number): Promise<FeedBlock> => readFeedBlock(await log.read(number), number)
  const newest = await read(log.length - 1)
  const init = newest.kind === 'init' ? newest : await read(newest.number - newest.index.initDistance)
  if (init.kind !== 'init') throw new Error(`Block ${init.number} should begin an epoch.`)

  let block: FeedBlock = newest
  while (block.kind !== 'cluster' && block.number > 0) block = await read(block.number - 1)
  return {
    anchorMs: init.anchor.getTime(),
    lastMs: block.kind === 'cluster' ? endOf(block) : -1,
    initBlock: init.bytes,
  }
}

function endOf(block: ClusterBlock): number {
  return block.timestampMs + block.spanMs
}
