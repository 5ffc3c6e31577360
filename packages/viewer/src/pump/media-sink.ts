/**
 * The Media Source end of the pump: takes init segments and Clusters, one after the other, and keeps what the browser
 * holds within bounds. A new epoch with the same codecs goes on in the same buffer, one with other codecs changes its type,
 * one with other kinds of tracks needs a new Media Source.
 */
import { HypervisionError } from '@hypervision/core/contracts'
import { ClusterAppender } from './cluster-appender.ts'
import { type Range, rangesOf } from './ranges.ts'

/** What a {@link MediaSink} tells its owner. */
export interface MediaSinkEvents {
  /** The browser was full: only so many seconds behind the playhead are kept from now on. */
  onquota(keepBehindSeconds: number): void
}

/** Removing is not free, so it waits until there is so much more than shall be kept. */
const trimSlackSeconds = 10
/** A browser that is full even with so little behind the playhead is full of what is ahead of it. */
const leastKeptSeconds = 2

interface OpenBuffer {
  readonly source: MediaSource
  readonly buffer: SourceBuffer
  readonly url: string
  readonly kinds: string
  mimeType: string
}

/** Feeds a media element. */
export class MediaSink {
  readonly #video: HTMLVideoElement
  readonly #events: MediaSinkEvents
  readonly #signal: AbortSignal
  #keepBehindSeconds: number
  readonly #clusters = new ClusterAppender({
    append: (bytes) => this.#append(bytes),
    closeCluster: () => this.#closeCluster(),
    ranges: () => this.ranges,
  })
  #open: OpenBuffer | null = null

  /** @param signal gives the media element back when it aborts */
  constructor(video: HTMLVideoElement, keepBehindSeconds: number, events: MediaSinkEvents, signal: AbortSignal) {
    this.#video = video
    this.#keepBehindSeconds = keepBehindSeconds
    this.#events = events
    this.#signal = signal
    signal.addEventListener('abort', () => this.#release(), { once: true })
  }

  /** What can be played. */
  get ranges(): Range[] {
    const buffer = this.#open?.buffer
    // A buffer that was taken out of its source throws when it is asked.
    return buffer === undefined || this.#open?.source.readyState === 'closed' ? [] : rangesOf(buffer.buffered)
  }

  /** Whether Clusters are joined, because the browser lost some. */
  get joinsClusters(): boolean {
    return this.#clusters.joins
  }

  /**
   * Begins an epoch.
   *
   * @param kinds of its tracks, in order, such as `video,audio`
   * @throws HypervisionError ERR_PLAYBACK_CODEC, ERR_PLAYBACK_UNSUPPORTED, ERR_PLAYBACK_MEDIA
   */
  async begin(bytes: Uint8Array, mimeType: string, kinds: string): Promise<void> {
    const MediaSourceClass = mediaSourceClass()
    if (!MediaSourceClass.isTypeSupported(mimeType)) {
      throw new HypervisionError(
        'ERR_PLAYBACK_CODEC',
        `This browser cannot play ${mimeType}. Another browser may; the broadcaster can choose VP8 and Opus, which nearly all play.`,
        { detail: { mimeType } },
      )
    }
    if (this.#open !== null && this.#open.kinds !== kinds) this.#release()
    this.#clusters.begin(kinds.split(',').length)
    this.#open ??= await this.#openSource(MediaSourceClass, mimeType, kinds)
    if (this.#open.mimeType !== mimeType) {
      this.#open.buffer.changeType(mimeType)
      this.#open.mimeType = mimeType
    }
    await this.#append(bytes)
  }

  /**
   * Appends a Cluster that follows what was appended before. Where the browser is full it waits until playback has gone on.
   *
   * @param key whether it begins with a keyframe
   * @throws HypervisionError ERR_PLAYBACK_MEDIA when the browser refuses it; the signal's reason when it aborts
   */
  async append(bytes: Uint8Array, key: boolean): Promise<void> {
    await this.#trim()
    try {
      await this.#clusters.append(bytes, key)
    } catch (error) {
      throw error instanceof HypervisionError && error.code === 'ERR_WEBM_MALFORMED' ? this.#refused(error) : error
    }
  }

  async #append(bytes: Uint8Array): Promise<void> {
    for (;;) {
      const { buffer } = this.#opened()
      try {
        buffer.appendBuffer(bytes as Uint8Array<ArrayBuffer>)
        return await this.#updated()
      } catch (error) {
        if (!(error instanceof DOMException) || error.name !== 'QuotaExceededError') throw this.#refused(error)
        await this.#makeRoom()
      }
    }
  }

  /** There is no more for now; another `begin` goes on. */
  end(): void {
    this.#clusters.end()
    if (this.#open?.source.readyState === 'open') this.#open.source.endOfStream()
  }

  /** Says how far back and ahead a person may go, seconds on the stream's timeline. */
  setSeekable(start: number, end: number): void {
    if (this.#open?.source.readyState === 'open' && end > start) this.#open.source.setLiveSeekableRange?.(start, end)
  }

  /** Throws everything away and begins anew with the next {@link begin}. */
  reset(): void {
    this.#release()
  }

  async #openSource(Class: typeof MediaSource, mimeType: string, kinds: string): Promise<OpenBuffer> {
    const source = new Class()
    const url = URL.createObjectURL(source)
    // A managed source asks for it: what a page fetches by itself cannot be sent to another screen.
    if (Class !== globalThis.MediaSource) this.#video.disableRemotePlayback = true
    this.#video.src = url
    await until(source, 'sourceopen', this.#signal)
    const buffer = source.addSourceBuffer(mimeType)
    buffer.mode = 'segments'
    source.duration = Number.POSITIVE_INFINITY
    return { source, buffer, url, kinds, mimeType }
  }

  #opened(): OpenBuffer {
    if (this.#open === null) throw new Error('a Cluster came before its init segment')
    return this.#open
  }

  /** Firefox takes what follows an open Cluster for a part of it, or loses what comes after, unless its parser is told. */
  #closeCluster(): void {
    if (this.#open?.source.readyState === 'open') this.#open.buffer.abort()
  }

  async #updated(): Promise<void> {
    const { buffer } = this.#opened()
    if (buffer.updating) await until(buffer, 'updateend', this.#signal)
    if (this.#video.error !== null) throw this.#refused(this.#video.error)
  }

  /** Drops what lies further behind the playhead than is kept. */
  async #trim(): Promise<void> {
    const [first] = this.ranges
    const until = this.#video.currentTime - this.#keepBehindSeconds
    if (first !== undefined && first[0] < until - trimSlackSeconds) await this.#remove(0, until)
  }

  async #makeRoom(): Promise<void> {
    const time = this.#video.currentTime
    this.#keepBehindSeconds = Math.max(leastKeptSeconds, this.#keepBehindSeconds / 2)
    this.#events.onquota(this.#keepBehindSeconds)
    const [first] = this.ranges
    if (first !== undefined && first[0] < time - this.#keepBehindSeconds) {
      return this.#remove(0, time - this.#keepBehindSeconds)
    }
    // Nothing is left to drop behind: playback has to go on first.
    await until(this.#video, 'timeupdate', this.#signal)
  }

  async #remove(start: number, end: number): Promise<void> {
    const { buffer, source } = this.#opened()
    if (source.readyState === 'closed' || end <= start) return
    buffer.remove(start, end)
    await this.#updated()
  }

  #refused(error: unknown): HypervisionError {
    const found = this.#video.error ?? error
    const message = found instanceof Error || found instanceof MediaError ? found.message : String(found)
    return new HypervisionError('ERR_PLAYBACK_MEDIA', `The browser cannot play this part of the stream: ${message}`, {
      cause: error,
    })
  }

  #release(): void {
    if (this.#open === null) return
    URL.revokeObjectURL(this.#open.url)
    this.#open = null
    if (!this.#signal.aborted) return
    this.#video.removeAttribute('src')
    this.#video.load()
  }
}

/** The browser's own class: Safari on phones has only the managed one. */
function mediaSourceClass(): typeof MediaSource {
  const found = globalThis.MediaSource ?? (globalThis as { ManagedMediaSource?: typeof MediaSource }).ManagedMediaSource
  if (found !== undefined) return found
  throw new HypervisionError(
    'ERR_PLAYBACK_UNSUPPORTED',
    'This browser has no Media Source, which live video needs. Use a current version of Chrome, Edge, Firefox or Safari.',
  )
}

/** Waits for an event. */
function until(target: EventTarget, type: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const stop = new AbortController()
    const settle = (done: () => void) => () => {
      stop.abort()
      done()
    }
    target.addEventListener(type, settle(resolve), { once: true, signal: stop.signal })
    signal.addEventListener(
      'abort',
      settle(() => reject(signal.reason)),
      { once: true, signal: stop.signal },
    )
  })
}
