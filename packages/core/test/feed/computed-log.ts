// A feed of any length that a peer has: each block is computed when it is asked for, and round trips are counted.

import { writeClusterBlock, writeEndBlock, writeInitBlock } from '../../src/feed/feed-block.ts'
import type { FeedLog } from '../../src/feed/feed-log.ts'
import { WebmCutter } from '../../src/webm/index.ts'
import { cluster, simpleBlock, stream, videoTrack } from '../webm/webm-builder.ts'

export const anchorMs = Date.UTC(2026, 0, 1)
/** A keyframe each second, a block each tenth of it. */
const blocksPerKey = 10
const blockMs = 100

export interface ComputedEpoch {
  /** Cluster blocks. */
  readonly clusters: number
  /** Off air before it, ms. */
  readonly gapMs: number
}

interface PlacedEpoch extends ComputedEpoch {
  readonly init: number
  readonly startMs: number
}

export class ComputedLog implements FeedLog {
  readonly length: number
  readonly epochs: readonly PlacedEpoch[]
  /** Reads that wait for the answer of one round trip count once. */
  roundTrips = 0
  /** Nobody ever answers for a block that nobody keeps. */
  onmissing: (blockNumber: number, signal: AbortSignal) => Promise<never> = async (blockNumber) => {
    throw new Error(`block ${blockNumber} is kept by nobody`)
  }
  reads = 0
  readonly #initBlock: Uint8Array
  readonly #kept: (blockNumber: number) => number
  #waiting: (() => void)[] = []

  /**
   * @param epochs each ends with an end block
   * @param availableFrom the lowest block from one on that is kept; -1 for none
   */
  constructor(epochs: readonly ComputedEpoch[], availableFrom: (start: number) => number = (start) => start) {
    let init = 0
    let startMs = 0
    this.epochs = epochs.map((epoch) => {
      const placed = { ...epoch, init, startMs: startMs + epoch.gapMs }
      init += epoch.clusters + 2
      startMs = placed.startMs + epoch.clusters * blockMs
      return placed
    })
    this.length = init
    this.#kept = availableFrom
    this.#initBlock = makeInitBlock()
  }

  get remoteLength(): number {
    return this.length
  }

  newestAvailable(): number {
    return this.length - 1
  }

  availableFrom(start: number): number {
    return start >= this.length ? -1 : this.#kept(start)
  }

  isDeleted(blockNumber: number): boolean {
    return this.availableFrom(blockNumber) !== blockNumber
  }

  async get(blockNumber: number, signal: AbortSignal): Promise<Uint8Array> {
    if (this.availableFrom(blockNumber) !== blockNumber) await this.onmissing(blockNumber, signal)
    this.reads++
    await this.#answer()
    return this.#block(blockNumber)
  }

  /** Timestamp of a Cluster block. */
  timeOf(blockNumber: number): number {
    const epoch = this.#epochOf(blockNumber)
    return epoch.startMs + (blockNumber - epoch.init - 1) * blockMs
  }

  peersWith = (): number => 1
  distrust(): void {}
  fetchFrom(): void {}
  onchange(): () => void {
    return () => {}
  }

  #answer(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.length === 0) {
        this.roundTrips++
        setImmediate(() => {
          for (const answer of this.#waiting.splice(0)) answer()
        })
      }
      this.#waiting.push(resolve)
    })
  }

  #epochOf(blockNumber: number): PlacedEpoch {
    const epoch = this.epochs.findLast(({ init }) => init <= blockNumber)
    if (epoch === undefined) throw new Error(`no block ${blockNumber}`)
    return epoch
  }

  #block(blockNumber: number): Uint8Array {
    const { init, clusters } = this.#epochOf(blockNumber)
    const initDistance = blockNumber - init
    if (initDistance === 0) return this.#initBlock
    const keyDistance = (initDistance - 1) % blocksPerKey
    if (initDistance > clusters) return writeEndBlock(initDistance, keyDistance)
    const key = keyDistance === 0
    const bytes = cluster(this.timeOf(blockNumber), simpleBlock({ key, payload: [1] }))
    return writeClusterBlock(bytes, { init: false, key, end: false, initDistance, keyDistance })
  }
}

function makeInitBlock(): Uint8Array {
  const cutter = new WebmCutter({
    blockDurationMs: blockMs,
    startEpoch: () => ({ offsetMs: 0, dateUtc: new Date(anchorMs), title: 'Computed' }),
  })
  const pieces = [...cutter.push(stream([videoTrack(1)], cluster(0, simpleBlock({ key: true })))), ...cutter.end()]
  const init = pieces.find((piece) => piece.kind === 'init')
  if (init === undefined) throw new Error('no init segment')
  return writeInitBlock(init.bytes)
}
