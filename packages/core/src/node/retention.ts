/** Deletes what a node is no longer to keep, while blocks come in. */
import type Hypercore from 'hypercore'
import { type Cutoff, findCutoff, type Retain } from '../feed/cutoff.ts'
import type { KeptBlocks } from '../replication/kept-blocks.ts'
import { readFromOutside } from '../sealing/outside.ts'
import { readSealedHead } from '../sealing/sealed-block.ts'
import type { StoredBlocks } from '../storage/stored-blocks.ts'
import { ArrivalTimes } from './arrival-times.ts'

/** What is kept is looked at after so many new blocks … */
const sweepBlocks = 128
/** … or when so much of what may be kept in bytes is new. */
const sweepShare = 0.0625

/** A stretch that a reader away from the live edge is in the middle of. */
export interface ReadingStretch {
  readonly init: number
  /** The next block. */
  readonly start: number
  /** Up to where it may be fetched ahead, excluded. */
  readonly end: number
}

/** What {@link Retention} works with. */
export interface RetentionOptions {
  readonly core: Hypercore
  readonly stored: StoredBlocks
  readonly kept: KeptBlocks
  readonly retain: Retain
  /** Clock in milliseconds. */
  readonly now: () => number
  /** Whatever is read here is kept until then. */
  reading(): ReadingStretch | null
  /** What storage cannot do. */
  onfailure(error: unknown): void
}

/** Keeps a node's storage as small as it was told to. */
export class Retention {
  readonly #options: RetentionOptions
  /** Null where time does not count. */
  readonly #arrivals: ArrivalTimes | null
  #blocks = 0
  #bytes = 0
  #length: number
  #sweeping: Promise<void> | null = null
  #isClosed = false
  readonly #onappend = (): void => this.#grown()
  readonly #ondownload = (_blockNumber: number, byteLength: number): void => this.#note(1, byteLength)

  constructor(options: RetentionOptions) {
    this.#options = options
    const { core, retain } = options
    this.#arrivals = retain.seconds === undefined ? null : new ArrivalTimes(retain.seconds)
    this.#length = core.length
    core.on('append', this.#onappend)
    core.on('download', this.#ondownload)
    // The folder may be of a session that was to keep more.
    this.#sweepSoon()
  }

  /** Resolves when nothing is being deleted; what came in meanwhile counts for later. */
  async settled(): Promise<void> {
    await this.#sweeping
  }

  /** Resolves when nothing is being deleted any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#options.core.off('append', this.#onappend)
    this.#options.core.off('download', this.#ondownload)
    await this.settled()
  }

  #grown(): void {
    const { core } = this.#options
    const blocks = core.length - this.#length
    this.#length = core.length
    this.#note(blocks, blocks * (core.byteLength / Math.max(1, core.length)))
  }

  #note(blocks: number, bytes: number): void {
    this.#blocks += blocks
    this.#bytes += bytes
    const { bytes: mostBytes = Number.POSITIVE_INFINITY } = this.#options.retain
    if (this.#blocks >= sweepBlocks || this.#bytes >= mostBytes * sweepShare) this.#sweepSoon()
  }

  /** One sweep at a time; blocks that come meanwhile count for the next. */
  #sweepSoon(): void {
    if (this.#sweeping !== null || this.#isClosed) return
    this.#blocks = 0
    this.#bytes = 0
    this.#sweeping = this.#sweep()
      .catch((error: unknown) => {
        if (!this.#isClosed) this.#options.onfailure(error)
      })
      .finally(() => {
        this.#sweeping = null
      })
  }

  /** Encrypted blocks do not say their time: what counts is when they came. */
  async #firstInTime(): Promise<number | null> {
    const { stored, core, now } = this.#options
    this.#arrivals?.note(core.length, now())
    const newest = stored.newestStored()
    if (this.#arrivals === null || newest < 0) return null
    const isSealed = readSealedHead(await stored.read(newest), newest) !== null
    return isSealed ? this.#arrivals.firstSince(now()) : null
  }

  async #sweep(): Promise<void> {
    const { stored, retain, kept, reading } = this.#options
    const cutoff = await findCutoff(stored, retain, { parse: readFromOutside, firstInTime: await this.#firstInTime() })
    if (cutoff === null || this.#isClosed) return
    const stretch = reading()
    const deleted = await stored.deleteBelow(cutoff.block, sparedBy(cutoff, stretch))
    if (this.#isClosed) return
    if (deleted > 0) kept.tell()
    const lowest = Math.min(cutoff.block, stretch?.start ?? cutoff.block)
    const islands = [cutoff.init, ...(stretch === null ? [] : [stretch.init])]
    await stored.prune(
      lowest,
      islands.filter((island) => island < lowest),
    )
  }
}

function sparedBy({ init }: Cutoff, stretch: ReadingStretch | null): (readonly [start: number, end: number])[] {
  const spared: [number, number][] = [[init, init + 1]]
  if (stretch !== null) spared.push([stretch.init, stretch.init + 1], [stretch.start, stretch.end])
  return spared
}
