/** Adds up what a stream of blocks holds. Its memory does not grow with the stream. */
import { readCluster, type WebmTrack } from '@hypervision/core/webm'
import { Spread, type SpreadFigures } from './spread.ts'

/** A block to add: an init segment, or a Cluster with or without a Void before it. */
export type InspectedBlock =
  | {
      readonly kind: 'init'
      readonly bytes: Uint8Array
      readonly tracks: readonly WebmTrack[]
      readonly mimeType: string
    }
  | { readonly kind: 'cluster'; readonly bytes: Uint8Array; readonly key: boolean; readonly timestampMs: number }

/** One track of the newest epoch, with the figures of all epochs. */
export interface TrackReport extends WebmTrack {
  readonly frames: number
  readonly keyframes: number
  readonly bytes: number
  readonly bitsPerSecond: number
}

/** A time without frames. */
export interface Gap {
  /** Where it begins on the timeline. */
  readonly atMs: number
  readonly durationMs: number
}

/** What was found. */
export interface InspectionReport {
  readonly mimeType: string | null
  /** Init segments. */
  readonly epochs: number
  readonly tracks: readonly TrackReport[]
  readonly blocks: number
  readonly keyBlocks: number
  readonly bytes: number
  readonly firstTimestampMs: number | null
  readonly durationSeconds: number
  readonly bitsPerSecond: number
  /** Bytes of one block. */
  readonly blockBytes: SpreadFigures | null
  /** From one block's timestamp to the next one's. */
  readonly blockIntervalMs: SpreadFigures | null
  /** From one block that starts with a keyframe to the next. */
  readonly keyframeIntervalMs: SpreadFigures | null
  /** The first hundred of them. */
  readonly gaps: readonly Gap[]
  readonly gapCount: number
}

/** No frame of any track for longer than this is a gap: it is well beyond any frame rate that is meant to look moving. */
const gapMs = 500
const maxGaps = 100

/** Takes blocks in order. */
export class Inspection {
  #tracks: readonly WebmTrack[] = []
  #mimeType: string | null = null
  #epochs = 0
  #blocks = 0
  #keyBlocks = 0
  #bytes = 0
  #firstMs: number | null = null
  #lastMs = 0
  #lastBlockMs: number | null = null
  #lastKeyMs: number | null = null
  readonly #perTrack = new Map<number, { frames: number; keyframes: number; bytes: number }>()
  readonly #blockBytes = new Spread()
  readonly #blockInterval = new Spread()
  readonly #keyInterval = new Spread()
  readonly #gaps: Gap[] = []
  #gapCount = 0

  /** Takes the next block. */
  add(block: InspectedBlock): void {
    this.#bytes += block.bytes.byteLength
    if (block.kind === 'init') {
      this.#epochs++
      this.#tracks = block.tracks
      this.#mimeType = block.mimeType
      return
    }
    const { frames } = readCluster(block.bytes)
    this.#blocks++
    this.#blockBytes.add(block.bytes.byteLength)
    if (this.#lastBlockMs !== null) this.#blockInterval.add(block.timestampMs - this.#lastBlockMs)
    this.#lastBlockMs = block.timestampMs
    if (block.key) {
      this.#keyBlocks++
      if (this.#lastKeyMs !== null) this.#keyInterval.add(block.timestampMs - this.#lastKeyMs)
      this.#lastKeyMs = block.timestampMs
    }
    for (const { track, timestampMs, key, payload } of frames) {
      this.#note(timestampMs)
      const figures = this.#perTrack.get(track) ?? { frames: 0, keyframes: 0, bytes: 0 }
      figures.frames++
      if (key) figures.keyframes++
      figures.bytes += payload.byteLength
      this.#perTrack.set(track, figures)
    }
  }

  /** What was found so far. */
  report(): InspectionReport {
    const seconds = this.#firstMs === null ? 0 : (this.#lastMs - this.#firstMs) / 1000
    const rate = (bytes: number) => (seconds === 0 ? 0 : Math.round((bytes * 8) / seconds))
    return {
      mimeType: this.#mimeType,
      epochs: this.#epochs,
      tracks: this.#tracks.map((track) => {
        const figures = this.#perTrack.get(track.number) ?? { frames: 0, keyframes: 0, bytes: 0 }
        return { ...track, ...figures, bitsPerSecond: rate(figures.bytes) }
      }),
      blocks: this.#blocks,
      keyBlocks: this.#keyBlocks,
      bytes: this.#bytes,
      firstTimestampMs: this.#firstMs,
      durationSeconds: seconds,
      bitsPerSecond: rate(this.#bytes),
      blockBytes: this.#blockBytes.figures(),
      blockIntervalMs: this.#blockInterval.figures(),
      keyframeIntervalMs: this.#keyInterval.figures(),
      gaps: [...this.#gaps],
      gapCount: this.#gapCount,
    }
  }

  #note(timestampMs: number): void {
    if (this.#firstMs !== null && timestampMs - this.#lastMs > gapMs) {
      this.#gapCount++
      if (this.#gaps.length < maxGaps) this.#gaps.push({ atMs: this.#lastMs, durationMs: timestampMs - this.#lastMs })
    }
    this.#firstMs = Math.min(this.#firstMs ?? timestampMs, timestampMs)
    this.#lastMs = Math.max(this.#lastMs, timestampMs)
  }
}
