/** A capture without a device or an encoder, that does what a test tells it to: stall, fail, end, begin a new epoch. */
import { type Capture, HypervisionError } from '@hypervision/core/contracts'
import { type KitClock, realClock } from '../clock.ts'
import { audioFrameMs, fakeAudio, fakeCluster, fakeInit, fakeVideo, join } from './fake-webm.ts'

/** Options of {@link fakeCapture}. */
export interface FakeCaptureOptions {
  /** Time to pace by. @default that of the machine */
  readonly clock?: KitClock
  /** Whether frames come when they are due, or else as fast as they are asked for. @default true */
  readonly isPaced?: boolean
  /** Whether it may be open more than once at a time. @default false */
  readonly isShareable?: boolean
  /** Frames a second, 1 to 1000. @default 25 */
  readonly frameRate?: number
  /** Frames from one keyframe to the next, 1 to 30 s of them. @default those of a second */
  readonly keyframeEvery?: number
  /** Bytes of a video frame; those that a picture takes are always there, some 150. @default 1000 */
  readonly frameBytes?: number
  /** Whether there is a track of silence. @default true */
  readonly hasAudio?: boolean
  /** Video frames after which it ends by itself. @default never */
  readonly endAfter?: number
  /** Video frames after which it gives nothing more, and does not end. @default never */
  readonly stallAfter?: number
  /** Video frames after which it fails with ERR_CAPTURE_FAILED. @default never */
  readonly failAfter?: number
}

/** A capture that a test steers. */
export interface FakeCapture extends Capture {
  /** How often it is open now. */
  readonly openings: number
  /** Video frames that it has given, over all openings. */
  readonly frames: number
  /** Bytes that it has given, over all openings. */
  readonly bytes: number
  /** Fails now. @param error @default ERR_CAPTURE_FAILED */
  fail(error?: Error): void
  /** Ends now, as a source does that is over. */
  end(): void
  /** Begins a new epoch with the next frame: another EBML header, timestamps from 0. */
  restart(): void
}

/** A consumer that comes so much later than a frame is not given all that it missed at once. */
const catchUpMs = 1000

/**
 * Makes live WebM, VP8 of one colour and silent Opus, which players decode. The same options give the same bytes, and no
 * two frames are alike.
 */
export function fakeCapture(options: FakeCaptureOptions = {}): FakeCapture {
  return new Fake(options)
}

class Fake implements FakeCapture {
  readonly name = 'fake'
  readonly #options: FakeCaptureOptions
  readonly #clock: KitClock
  /** What was asked of each opening. */
  readonly #openings = new Set<Opening>()
  #frames = 0
  #bytes = 0

  constructor(options: FakeCaptureOptions) {
    this.#options = options
    this.#clock = options.clock ?? realClock
  }

  get openings(): number {
    return this.#openings.size
  }

  get frames(): number {
    return this.#frames
  }

  get bytes(): number {
    return this.#bytes
  }

  fail(error: Error = failure('it was told to')): void {
    for (const opening of this.#openings) opening.end(error)
  }

  end(): void {
    for (const opening of this.#openings) opening.end(null)
  }

  restart(): void {
    for (const opening of this.#openings) opening.isToRestart = true
  }

  async *open({ signal }: { readonly signal: AbortSignal }): AsyncGenerator<Uint8Array, void> {
    if (this.#openings.size > 0 && this.#options.isShareable !== true) {
      throw new HypervisionError(
        'ERR_CAPTURE_IN_USE',
        'This fakeCapture() is open already. Set isShareable, or make another.',
      )
    }
    const opening = new Opening(this.#clock)
    const onabort = (): void => opening.end(null)
    this.#openings.add(opening)
    signal.addEventListener('abort', onabort)
    if (signal.aborted) onabort()
    try {
      while (!opening.isOver) yield* this.#epoch(opening)
      if (opening.error !== null) throw opening.error
    } finally {
      signal.removeEventListener('abort', onabort)
      opening.end(null)
      this.#openings.delete(opening)
    }
  }

  async *#epoch(opening: Opening): AsyncGenerator<Uint8Array, void> {
    const { isPaced = true, frameRate = 25, hasAudio = true, endAfter, stallAfter, failAfter } = this.#options
    const keyframeEvery = this.#options.keyframeEvery ?? Math.ceil(frameRate)
    let startedAt = this.#clock.now()
    let clusterMs = 0
    let audioMs = 0
    opening.isToRestart = false
    yield this.#given(fakeInit({ hasAudio }))
    for (let index = 0; !opening.isOver && !opening.isToRestart; index++) {
      const timestampMs = Math.round((index * 1000) / frameRate)
      if (opening.frames === failAfter) return opening.end(failure(`${failAfter} frames have been given`))
      if (opening.frames === endAfter) return opening.end(null)
      if (opening.frames === stallAfter) return await opening.over
      await opening.wait(isPaced ? startedAt + timestampMs - this.#clock.now() : 0)
      if (opening.isOver) return
      const lateMs = this.#clock.now() - startedAt - timestampMs
      if (lateMs > catchUpMs) startedAt += lateMs

      const isKeyframe = index % keyframeEvery === 0
      if (isKeyframe) clusterMs = timestampMs
      const parts = isKeyframe ? [fakeCluster(timestampMs)] : []
      const bytes = this.#options.frameBytes ?? 1000
      parts.push(fakeVideo({ index: opening.frames, relativeMs: timestampMs - clusterMs, isKeyframe, bytes }))
      const nextMs = Math.round(((index + 1) * 1000) / frameRate)
      for (; hasAudio && audioMs < nextMs; audioMs += audioFrameMs) {
        parts.push(fakeAudio(Math.max(0, audioMs - clusterMs)))
      }
      opening.frames++
      this.#frames++
      yield this.#given(join(...parts))
    }
  }

  #given(bytes: Uint8Array): Uint8Array {
    this.#bytes += bytes.byteLength
    return bytes
  }
}

/** What was asked of one opening, and its one wait. */
class Opening {
  frames = 0
  isToRestart = false
  isOver = false
  error: Error | null = null
  /** Resolves when it is over. */
  readonly over: Promise<void>
  readonly #clock: KitClock
  #finish = (): void => {}
  #wake = (): void => {}

  constructor(clock: KitClock) {
    this.#clock = clock
    this.over = new Promise((resolve) => {
      this.#finish = resolve
    })
  }

  /** What came first stays. */
  end(error: Error | null): void {
    if (this.isOver) return
    this.isOver = true
    this.error = error
    this.#wake()
    this.#finish()
  }

  wait(milliseconds: number): Promise<void> {
    if (this.isOver) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = this.#clock.after(Math.max(0, milliseconds), resolve)
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
  }
}

function failure(reason: string): HypervisionError {
  return new HypervisionError('ERR_CAPTURE_FAILED', `The fake capture fails because ${reason}.`)
}
