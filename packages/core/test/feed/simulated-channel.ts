// A channel by an injected clock: blocks of a tenth of a second, as fast as they are stored. Now and then the source begins anew.
import type { AppendLog } from '../../src/feed/feed-log.ts'
import { FeedWriter } from '../../src/feed/feed-writer.ts'
import { WebmCutter } from '../../src/webm/index.ts'
import { cluster, simpleBlock, stream, videoTrack } from '../webm/webm-builder.ts'

export const blockMs = 100
const blocksPerKey = 20
/** What a block has beside its frame, about. */
const overheadBytes = 60

export interface SimulatedChannelOptions {
  /** Of each block, about. */
  readonly blockBytes: number
  /** Cluster blocks from one init block to the next. */
  readonly blocksPerEpoch: number
}

/** Appends to a log what a day of live would. */
export class SimulatedChannel {
  readonly #writer: FeedWriter
  readonly #clock: { nowMs: number }
  readonly #options: SimulatedChannelOptions
  #count = 0
  #timestampMs = 0

  private constructor(writer: FeedWriter, clock: { nowMs: number }, options: SimulatedChannelOptions) {
    this.#writer = writer
    this.#clock = clock
    this.#options = options
  }

  static async open(log: AppendLog, options: SimulatedChannelOptions): Promise<SimulatedChannel> {
    const clock = { nowMs: Date.UTC(2026, 0, 1) }
    const writer = await FeedWriter.open(log, { title: () => 'Simulated' })
    return new SimulatedChannel(writer, clock, options)
  }

  /** The next tenth of a second. */
  async append(): Promise<void> {
    if (this.#count % this.#options.blocksPerEpoch === 0) await this.#beginEpoch()
    const isKey = this.#count % blocksPerKey === 0
    const payload = new Uint8Array(Math.max(1, this.#options.blockBytes - overheadBytes)).fill(this.#count & 255)
    await this.#writer.append({
      kind: 'cluster',
      bytes: cluster(this.#timestampMs, simpleBlock({ key: isKey, payload })),
      headroomBytes: 0,
      key: isKey,
      timestampMs: this.#timestampMs,
      spanMs: 0,
      frames: 1,
    })
    this.#count++
    this.#timestampMs += blockMs
    this.#clock.nowMs += blockMs
  }

  async #beginEpoch(): Promise<void> {
    if (this.#count > 0) await this.#writer.end()
    const cutter = new WebmCutter({
      blockDurationMs: blockMs,
      startEpoch: (epoch) => this.#writer.startEpoch({ ...epoch, zeroAtMs: this.#clock.nowMs }),
    })
    const source = stream([videoTrack(1)], cluster(0, simpleBlock({ key: true })))
    const [init, first] = [...cutter.push(source), ...cutter.end()]
    if (init?.kind !== 'init' || first?.kind !== 'cluster') throw new Error('the source gave no init segment')
    await this.#writer.append(init)
    this.#timestampMs = first.timestampMs
  }
}
