/** The log as a recording reads it: beside the viewer's own cursor, whose range it leaves alone, and a little ahead of itself. */
import type { FeedLog } from '../feed/feed-log.ts'
import { ForwardingLog } from '../feed/forwarding-log.ts'

/** Blocks that are asked for before they are wanted: as many as hide a round trip at many times the speed of live. */
const readAheadBlocks = 32

/** Blocks that are read one after the other are fetched ahead; they wait in the log, not here. */
export class ReadAheadLog extends ForwardingLog {
  /** Whether nobody is ever going to bring a block that is not here. */
  readonly isAlone: boolean
  readonly #fetching = new Set<AbortController>()
  #askedTo = 0

  /**
   * @param isAlone whether there is no network
   * @param signal ends what is being fetched
   */
  constructor(log: FeedLog, isAlone: boolean, signal: AbortSignal) {
    super(log)
    this.isAlone = isAlone
    const onabort = (): void => this.#fetching.forEach((one) => void one.abort(signal.reason))
    signal.addEventListener('abort', onabort, { once: true })
  }

  /** Whether a block can be had. */
  has(blockNumber: number): boolean {
    return this.availableFrom(blockNumber) === blockNumber
  }

  /** A block, where the next ones are going to be read as well. */
  next(blockNumber: number, signal: AbortSignal): Promise<Uint8Array> {
    const wanted = this.get(blockNumber, signal)
    const end = Math.min(blockNumber + 1 + readAheadBlocks, this.log.length)
    for (let ahead = Math.max(this.#askedTo, blockNumber + 1); ahead < end; ahead++) {
      if (this.has(ahead)) void this.#fetch(ahead)
    }
    this.#askedTo = Math.max(end, blockNumber + 1)
    return wanted
  }

  async #fetch(blockNumber: number): Promise<void> {
    const fetching = new AbortController()
    this.#fetching.add(fetching)
    await this.log.get(blockNumber, fetching.signal).catch(() => {})
    this.#fetching.delete(fetching)
  }

  /** The range is the cursor's. */
  override fetchFrom(): void {}
}
