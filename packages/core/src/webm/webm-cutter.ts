// The cutter: WebM however it was cut before goes in, init segments and Clusters of the feed's making come out.
import { HypervisionError } from '../contracts/index.ts'
import { ByteParts } from './byte-parts.ts'
import { type CutterLimits, type CutterOptions, type EpochPlacement, resolveCutterOptions } from './cutter-options.ts'
import type { EpochHeader } from './epoch-header.ts'
import { writeInitSegment } from './init-segment.ts'
import { OpenBlock } from './open-block.ts'
import type { WebmPiece } from './types.ts'
import { limitExceeded, malformed } from './webm-error.ts'
import { type WebmFrame, WebmReader } from './webm-reader.ts'

/** Where an epoch lies on the output timeline. */
interface Epoch {
  readonly header: EpochHeader
  /** The track whose keyframes begin blocks: the first video track. */
  readonly videoTrack: number | null
  /** What is added to its timestamps; null until its first block is complete. */
  offsetMs: number | null
  /** Timestamp of its first frame, and {@link EpochStart.zeroAtMs} by the frames that came; null before there is one. */
  start: { readonly firstTimestampMs: number; zeroAtMs: number } | null
}

/**
 * Cuts a live WebM stream into init segments and Clusters of known size.
 *
 * - A new block begins at every keyframe of the first video track (unless the open block has no video yet: audio just in
 *   front of a keyframe stays with it), at a frame `blockDurationMs` or more after the block's first one, and where a
 *   relative timestamp would not fit in 16 bits. Blocks in front of an epoch's first keyframe are given out too.
 * - What comes out depends on the input and its options only, not on how the input was cut into chunks, except that
 *   {@link WebmCutter.flush} ends a block early.
 * - An epoch's init segment comes with its first block, once the chunk that completes that was read to its end: what a recorder
 *   had held back when it started comes at once, and its newest frame tells best when the first one was.
 * - Payloads, the order within a track, key flags and the time between frames are never changed; frames of different
 *   tracks are put in order of time within a block.
 * - Cluster timestamps rise as the source's do, and from epoch to epoch always. None is below zero: a late frame that would
 *   lie up to a second before it is put at zero, the one change that is ever made to a frame's time.
 * - When the input turns out to be bad, what was complete before the bad place is given out first, and the error is thrown
 *   by the next call (or by this one, when there is nothing to give out). Every further call throws it again.
 */
export class WebmCutter {
  readonly #limits: CutterLimits
  readonly #startEpoch: CutterOptions['startEpoch']
  readonly #now: () => number
  readonly #reader: WebmReader
  #pieces: WebmPiece[] = []
  #epoch: Epoch | null = null
  #epochsStarted = 0
  #block: OpenBlock | null = null
  /** What follows the first block of an epoch in the chunk that completed it. */
  #waiting: WebmFrame[] = []
  /** Largest timestamp that was given out, on the output timeline; -1 before the first. */
  #lastMs = -1
  #failure: { readonly error: unknown } | null = null
  #isEnded = false
  #truncatedAt: number | null = null

  /** @throws HypervisionError ERR_OPTION_INVALID */
  constructor(options: CutterOptions = {}) {
    this.#limits = resolveCutterOptions(options)
    this.#startEpoch = options.startEpoch
    this.#now = options.now ?? Date.now
    this.#reader = new WebmReader(
      { onHeader: (header) => this.#beginEpoch(header), onFrame: (frame) => this.#take(frame) },
      this.#limits,
    )
  }

  /**
   * After {@link WebmCutter.end}: the offset of the element in the middle of which the input ended, or null where it ended
   * between elements.
   */
  get truncatedAt(): number | null {
    return this.#truncatedAt
  }

  /**
   * Takes the next bytes of the stream, and gives out what is complete with them. The bytes must not change afterwards.
   *
   * @throws HypervisionError ERR_WEBM_NOT_WEBM when the input is something else
   * @throws HypervisionError ERR_WEBM_MALFORMED for bytes against the rules; `detail.offset` says where
   * @throws HypervisionError ERR_WEBM_LIMIT for an element, a header or a block that is too large
   * @throws HypervisionError ERR_WEBM_CODEC for a track that WebM does not allow
   * @throws HypervisionError ERR_WEBM_TIMESTAMP_SCALE when the stream does not count milliseconds
   */
  push(chunk: Uint8Array): WebmPiece[] {
    return this.#run(() => {
      try {
        this.#reader.push(chunk)
      } finally {
        this.#takeWaiting()
      }
    })
  }

  /** Ends the open block now, for a source that stalls. A frame that is not complete yet goes into the next block. */
  flush(): WebmPiece[] {
    return this.#run(() => this.#closeBlock())
  }

  /**
   * Says that the input is over and gives out the last block. An input that ended in the middle of an element is told by
   * {@link WebmCutter.truncatedAt}.
   *
   * @throws HypervisionError ERR_WEBM_NOT_WEBM when the input was empty
   */
  end(): WebmPiece[] {
    const pieces = this.#run(() => {
      this.#truncatedAt = this.#reader.end()
      this.#closeBlock()
    })
    this.#isEnded = true
    return pieces
  }

  #run(step: () => void): WebmPiece[] {
    if (this.#failure !== null) throw this.#failure.error
    if (this.#isEnded) {
      throw new HypervisionError(
        'ERR_OPTION_INVALID',
        'The cutter has ended. Make a new WebmCutter for another stream.',
      )
    }
    try {
      step()
    } catch (error) {
      this.#fail(error)
    }
    const pieces = this.#pieces
    this.#pieces = []
    return pieces
  }

  /** Keeps the error for the next call where there are pieces to give out before it. */
  #fail(error: unknown): void {
    this.#failure = { error }
    try {
      this.#closeBlock()
    } catch {
      // The block cannot be placed on the timeline; the error that came first is the one to tell.
    }
    if (this.#pieces.length === 0) throw error
  }

  #beginEpoch(header: EpochHeader): void {
    this.#takeWaiting()
    this.#closeBlock()
    const videoTrack = header.tracks.find((track) => track.kind === 'video')?.number ?? null
    this.#epoch = { header, videoTrack, offsetMs: null, start: null }
  }

  #take(frame: WebmFrame): void {
    const epoch = this.#epoch
    if (epoch === null) throw malformed(frame.offset, 'a frame stands before the header of its epoch')
    if (epoch.offsetMs === null) {
      const zeroAtMs = this.#now() - frame.timestampMs
      epoch.start ??= { firstTimestampMs: frame.timestampMs, zeroAtMs }
      epoch.start.zeroAtMs = Math.min(epoch.start.zeroAtMs, zeroAtMs)
      if (this.#block !== null && this.#completesFirstBlock(frame, this.#block, epoch)) {
        this.#waiting.push(copyOf(frame))
        return
      }
    }
    this.#add(frame, epoch)
  }

  #completesFirstBlock(frame: WebmFrame, block: OpenBlock, epoch: Epoch): boolean {
    return this.#waiting.length > 0 || this.#beginsBlock(frame, frame.timestampMs, block, epoch)
  }

  /** Places the epoch whose first block is complete, and goes on with what came after that. */
  #takeWaiting(): void {
    const frames = this.#waiting
    this.#waiting = []
    for (const frame of frames) if (this.#epoch !== null) this.#add(frame, this.#epoch)
  }

  #add(frame: WebmFrame, epoch: Epoch): void {
    let timestampMs = onTimeline(frame, epoch)
    if (this.#block !== null && this.#beginsBlock(frame, timestampMs, this.#block, epoch)) {
      this.#closeBlock()
      // Which may just have placed the epoch.
      timestampMs = onTimeline(frame, epoch)
    }
    const bytes = (this.#block?.byteLength ?? 0) + frame.element.length
    if (bytes > this.#limits.maxBlockBytes) {
      throw limitExceeded(frame.offset, 'The block up to the frame', bytes, 'maxBlockBytes', this.#limits.maxBlockBytes)
    }
    if (this.#block === null) this.#block = new OpenBlock(epoch.videoTrack, frame, timestampMs)
    else this.#block.add(frame, timestampMs)
  }

  #beginsBlock(frame: WebmFrame, timestampMs: number, block: OpenBlock, epoch: Epoch): boolean {
    if (frame.key && frame.track === epoch.videoTrack && block.hasVideo) return true
    return timestampMs >= block.minMs + this.#limits.blockDurationMs || !block.canHold(timestampMs)
  }

  /** Gives the init segment out; answers what is added to the epoch's timestamps. */
  #place(epoch: Epoch, block: OpenBlock): number {
    const index = this.#epochsStarted++
    const { firstTimestampMs, zeroAtMs } = epoch.start ?? { firstTimestampMs: block.minMs, zeroAtMs: this.#now() }
    const byDefault: EpochPlacement = { offsetMs: index === 0 ? 0 : this.#lastMs + 1 - firstTimestampMs }
    const placement = this.#startEpoch?.({ index, firstTimestampMs, zeroAtMs }) ?? byDefault
    if (!Number.isSafeInteger(placement.offsetMs)) {
      throw new HypervisionError(
        'ERR_OPTION_INVALID',
        `startEpoch() must answer with an offsetMs of whole milliseconds, not ${String(placement.offsetMs)}.`,
        { detail: { option: 'startEpoch', value: placement.offsetMs } },
      )
    }
    const { ebmlHeader, tracksElement, tracks } = epoch.header
    this.#pieces.push(writeInitSegment(ebmlHeader, tracksElement, tracks, placement))
    // Whatever its place, none of its frames is before zero or what was given out already.
    return Math.max(placement.offsetMs, this.#lastMs + 1 - block.minMs)
  }

  #closeBlock(): void {
    const block = this.#block
    const epoch = this.#epoch
    this.#block = null
    if (block === null || epoch === null) return
    epoch.offsetMs ??= this.#place(epoch, block)
    this.#lastMs = Math.max(this.#lastMs, block.maxMs + epoch.offsetMs)
    this.#pieces.push(block.close(epoch.offsetMs, this.#limits.headroomBytes))
  }
}

/** The frame, for longer than its callback. */
function copyOf(frame: WebmFrame): WebmFrame {
  const element = new ByteParts()
  element.appendAll(frame.element)
  return { ...frame, element }
}

/** How far before the timeline's zero a late frame may lie. */
const lateToleranceMs = 1000
/** Latest time on the timeline; what a block or an epoch adds to it is still exact. */
const latestMs = Number.MAX_SAFE_INTEGER - 2 ** 20

/**
 * The frame's time in the source, moved up to what will be zero on the output timeline where it lies before that: a Cluster
 * can say nothing less.
 *
 * @throws HypervisionError ERR_WEBM_MALFORMED where that would be more than a second, or the time is beyond all measure
 */
function onTimeline({ timestampMs, offset }: WebmFrame, epoch: Epoch): number {
  const offsetMs = epoch.offsetMs ?? 0
  const outputMs = timestampMs + offsetMs
  if (outputMs <= latestMs) {
    // The epoch is placed when its first block is complete, so that all frames of that are at zero or later.
    if (outputMs >= 0 || epoch.offsetMs === null) return timestampMs
    if (outputMs >= -lateToleranceMs) return -offsetMs
  }
  throw malformed(offset, `a frame's timestamp of ${timestampMs} ms would be ${outputMs} ms on the output timeline`)
}
