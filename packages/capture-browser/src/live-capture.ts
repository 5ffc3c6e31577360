/** The capture of everything that a browser gives as a MediaStream: preview, recording, muting, and changing the source on air. */
import { type Capture, type CaptureOpenOptions, HypervisionError } from '@hypervision/core/contracts'
import { type Quality, type QualityName, qualityOf } from './presets.ts'
import { record, type VideoCodec } from './recorder.ts'
import { SteadyStream } from './steady-stream.ts'

/** Where pictures and sound come from. */
export interface LiveSource {
  /** For messages and statistics: `camera`, `screen`. */
  readonly name: string
  /** Asks the browser, and the person in front of it, for the stream. */
  acquire(quality: Quality): Promise<MediaStream>
  /** Whether its tracks are stopped when they are no longer needed; not those that belong to the page. */
  readonly isOwned: boolean
}

/** Options of every capture of this package. */
export interface LiveCaptureOptions {
  /** @default 'medium' 640 × 360 at 500 kbit/s */
  readonly quality?: QualityName | Partial<Quality>
  /** @default the first that the browser can record, of VP8, VP9 and AV1 */
  readonly videoCodec?: VideoCodec
}

/** What happens to a capture besides what it yields. */
export interface LiveCaptureEvents {
  /**
   * The source ended by itself: a device was unplugged, the person pressed "stop sharing". The capture ends, unless the event is
   * cancelled (`preventDefault()`); then the last picture stays until `switchTo`.
   */
  sourceended: { readonly name: string }
  /** Another source is on air. */
  sourcechange: { readonly name: string }
}

/** A capture in a page. */
export class LiveCapture extends EventTarget implements Capture {
  #source: LiveSource
  readonly #quality: Quality
  readonly #videoCodec: VideoCodec | undefined
  #acquiring: Promise<MediaStream> | null = null
  #steady: SteadyStream | null = null
  readonly #muted = { audio: false, video: false }
  /** Ends the capture that is going on. */
  #ending: AbortController | null = null
  /** Ends its recording, and another one begins. */
  #renewing = new AbortController()
  /** How often it was let go of. */
  #closings = 0

  constructor(source: LiveSource, options: LiveCaptureOptions = {}) {
    super()
    this.#source = source
    this.#quality = qualityOf(options.quality)
    this.#videoCodec = options.videoCodec
  }

  get name(): string {
    return this.#source.name
  }

  /**
   * The stream as it is before and while it is on air, for a `<video>` of the page.
   *
   * @throws HypervisionError ERR_CAPTURE_DEVICE
   */
  preview(): Promise<MediaStream> {
    return this.#acquire()
  }

  /**
   * Records; one at a time.
   *
   * @throws HypervisionError ERR_CAPTURE_DEVICE, ERR_CAPTURE_CODEC, ERR_CAPTURE_FAILED, ERR_CAPTURE_IN_USE
   */
  async *open({ signal }: CaptureOpenOptions): AsyncGenerator<Uint8Array, void> {
    if (this.#ending !== null) {
      throw new HypervisionError(
        'ERR_CAPTURE_IN_USE',
        `The ${this.name} is on air already. Close that broadcast, or make another capture.`,
      )
    }
    const ending = new AbortController()
    this.#ending = ending
    const over = AbortSignal.any([signal, ending.signal])
    try {
      do yield* this.#record(over)
      while (this.#renewing.signal.aborted && !over.aborted)
    } finally {
      this.#ending = null
      await this.close()
    }
  }

  /** Records until it is over, or a source has more kinds of tracks than the recording. */
  async *#record(over: AbortSignal): AsyncGenerator<Uint8Array, void> {
    this.#renewing = new AbortController()
    const source = await this.#acquire()
    if (over.aborted) return
    const steady = await SteadyStream.open(source, this.#quality.frameRate)
    this.#steady = steady
    try {
      const newest = await this.#acquire()
      if (newest !== source) this.#show(newest)
      const end = AbortSignal.any([over, this.#renewing.signal])
      yield* record(steady.stream, { ...this.#quality, videoCodec: this.#videoCodec }, end)
    } finally {
      this.#steady = null
      steady.close()
    }
  }

  #show(stream: MediaStream): void {
    if (this.#steady?.show(stream) === false) this.#renewing.abort()
  }

  /**
   * Puts another source on air, or in the preview, without a break of the recording; the old one is let go of once the new one is
   * there. Sound goes on with the old source where the new one has none, and where the browser runs no audio graph. Where the new one
   * has a picture or sound and the recording has none, another recording begins, which is a new epoch. Where it was closed before the
   * new one was there, that is let go of as well.
   *
   * @throws HypervisionError ERR_CAPTURE_DEVICE when the new one cannot be had; the old one goes on then
   */
  async switchTo(source: LiveSource): Promise<void> {
    const closings = this.#closings
    const stream = await source.acquire(this.#quality)
    if (closings !== this.#closings) {
      if (source.isOwned) for (const track of stream.getTracks()) track.stop()
      return
    }
    const before = this.#acquiring === null ? null : await this.#acquiring
    const mixed = this.#mix(stream, before)
    if (before !== null && this.#source.isOwned) stopAllBut(mixed, before)
    if (source.isOwned) stopAllBut(mixed, stream)
    this.#source = source
    this.#acquiring = Promise.resolve(mixed)
    this.#watch(stream)
    this.#applyMuted(mixed)
    this.#show(mixed)
    this.dispatchEvent(new CustomEvent('sourcechange', { detail: { name: source.name } }))
  }

  /** Black in place of pictures, silence in place of sound; the recording goes on. */
  mute(kind: 'audio' | 'video', isMuted: boolean): void {
    this.#muted[kind] = isMuted
    void this.#acquiring?.then((stream) => this.#applyMuted(stream)).catch(() => {})
  }

  /** Lets go of the device where it is not on air; a preview goes dark. */
  async close(): Promise<void> {
    if (this.#ending !== null) return
    this.#closings++
    const acquiring = this.#acquiring
    this.#acquiring = null
    const stream = await acquiring?.catch(() => null)
    if (stream != null && this.#source.isOwned) for (const track of stream.getTracks()) track.stop()
  }

  /** The pictures of the new stream, and the sound of whichever goes on. */
  #mix(stream: MediaStream, before: MediaStream | null): MediaStream {
    const held = this.#steady?.heldSound ?? null
    const own = stream.getAudioTracks()
    const sound = held !== null ? [held] : own.length > 0 ? own : (before?.getAudioTracks() ?? [])
    return new MediaStream([...stream.getVideoTracks(), ...sound])
  }

  #acquire(): Promise<MediaStream> {
    this.#acquiring ??= this.#source.acquire(this.#quality).then(
      (stream) => {
        this.#watch(stream)
        this.#applyMuted(stream)
        return stream
      },
      (error: unknown) => {
        this.#acquiring = null
        throw error
      },
    )
    return this.#acquiring
  }

  /** Tells when the source ends by itself. */
  #watch(stream: MediaStream): void {
    const source = this.#source
    const [main] = [...stream.getVideoTracks(), ...stream.getAudioTracks()]
    main?.addEventListener('ended', () => {
      if (this.#source !== source) return
      const event = new CustomEvent('sourceended', { detail: { name: source.name }, cancelable: true })
      if (this.dispatchEvent(event)) this.#ending?.abort()
    })
  }

  #applyMuted(stream: MediaStream): void {
    for (const track of stream.getTracks()) track.enabled = !this.#muted[track.kind as 'audio' | 'video']
  }
}

function stopAllBut(kept: MediaStream, stream: MediaStream): void {
  for (const track of stream.getTracks()) if (kept.getTrackById(track.id) === null) track.stop()
}
