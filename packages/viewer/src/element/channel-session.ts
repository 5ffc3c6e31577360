/** One channel on one media element: opens it, plays it, and opens it again where that may help. */
import type { ChannelMetadata, StartPosition, Viewer, ViewerStats } from '@hypervision/core'
import { HypervisionError } from '@hypervision/core/contracts'
import { type Pump, type PumpEvent, type PumpStats, type PumpViewer, pump } from '../pump/pump.ts'
import { isLasting } from './error-words.ts'
import type { ViewerElementState } from './viewer-state.ts'

/** What a session needs of a viewer: what the pump does, and what the element shows. */
export interface SessionViewer extends PumpViewer {
  /** Resolves when it is closed; rejects with what closed it. */
  readonly closed: Promise<void>
  /** What the broadcaster says of the channel; null where nothing is said, or known yet. */
  readonly metadata: ChannelMetadata | null
  /** Whether it serves others. */
  uploads: boolean
  /** Figures of now. */
  stats(): ViewerStats
  /** Closes it. */
  close(): Promise<void>
  /** Listens to its state and metadata. */
  readonly addEventListener: Viewer['addEventListener']
}

/** What to play, how, and who hears of it. */
export interface ChannelSessionOptions {
  readonly video: HTMLVideoElement
  readonly from: StartPosition
  readonly uploads: boolean
  /** Opens the channel; called again after a failure that may pass. */
  open(signal: AbortSignal): Promise<SessionViewer>
  onstate(state: ViewerElementState, error: Error | null): void
  onevent(event: PumpEvent): void
  /** The broadcaster says something of the channel. */
  onmetadata(metadata: ChannelMetadata): void
  /** Something is wrong that it goes on with, such as a tracker that cannot be reached. */
  onwarning(error: Error): void
}

/** Waits before it opens the channel again, milliseconds; the last one is repeated. */
const retryMs = [1000, 2000, 5000, 15_000]
/** An open channel, or one that is being opened. */
export class ChannelSession {
  readonly #options: ChannelSessionOptions
  readonly #closing = new AbortController()
  #viewer: SessionViewer | null = null
  #pump: Pump | null = null
  #uploads: boolean
  #state: ViewerElementState = 'empty'
  #error: Error | null = null
  #hasPicture = false
  #failures = 0

  constructor(options: ChannelSessionOptions) {
    this.#options = options
    this.#uploads = options.uploads
    const { video } = options
    const update = (): void => this.#update()
    for (const type of ['play', 'pause', 'playing', 'waiting', 'ended', 'canplay', 'emptied']) {
      video.addEventListener(type, update, { signal: this.#closing.signal })
    }
    void this.#run()
  }

  get state(): ViewerElementState {
    return this.#state
  }

  get viewerStats(): ViewerStats | null {
    return this.#viewer?.stats() ?? null
  }

  get pumpStats(): PumpStats | null {
    return this.#pump?.stats() ?? null
  }

  set uploads(uploads: boolean) {
    this.#uploads = uploads
    if (this.#viewer !== null) this.#viewer.uploads = uploads
  }

  async live(): Promise<void> {
    await this.#pump?.live()
  }

  /** Gives the media element back and leaves the swarm. */
  close(): void {
    this.#closing.abort(new HypervisionError('ERR_FEED_CLOSED', 'The player was closed.'))
    this.#pump?.close()
    void this.#viewer?.close()
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      this.#hasPicture = false
      this.#update()
      try {
        await this.#play()
        return
      } catch (error) {
        if (this.#closing.signal.aborted) return
        this.#error = error instanceof Error ? error : new Error(String(error))
        this.#update()
        if (isLasting(this.#error)) return
      }
      await this.#pause(retryMs[Math.min(this.#failures++, retryMs.length - 1)] ?? 0)
      this.#error = null
    }
  }

  /** Plays until the viewer or the pump fails; resolves when they were closed. */
  async #play(): Promise<void> {
    const { signal } = this.#closing
    const viewer = await this.#options.open(signal)
    if (signal.aborted) return void (await viewer.close())
    this.#viewer = viewer
    viewer.uploads = this.#uploads
    viewer.addEventListener('state', () => this.#update(), { signal })
    viewer.addEventListener('metadata', ({ detail }) => this.#options.onmetadata(detail.metadata), { signal })
    if (viewer.metadata !== null) this.#options.onmetadata(viewer.metadata)
    viewer.addEventListener('warning', ({ detail }) => this.#options.onwarning(detail.error), { signal })
    const playing = pump(this.#options.video, viewer, {
      isLive: this.#options.from === 'live',
      onevent: (event) => this.#onevent(event),
      signal,
    })
    this.#pump = playing
    try {
      await Promise.all([playing.closed, viewer.closed])
    } finally {
      playing.close()
      this.#pump = null
      this.#viewer = null
      await viewer.close()
    }
  }

  #onevent(event: PumpEvent): void {
    if (event.type === 'epoch') this.#failures = 0
    this.#options.onevent(event)
    this.#update()
  }

  #update(): void {
    const { video } = this.#options
    this.#hasPicture ||= video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA
    const state = this.#stateNow(video)
    if (state === this.#state && state !== 'error') return
    this.#state = state
    this.#options.onstate(state, this.#error)
  }

  #stateNow(video: HTMLVideoElement): ViewerElementState {
    if (this.#error !== null) return 'error'
    const viewerState = this.#viewer?.stats().state ?? 'searching'
    if (viewerState === 'ended' && (video.ended || !this.#hasPicture)) return 'ended'
    if (!this.#hasPicture) {
      if (viewerState === 'searching') return 'searching'
      return viewerState === 'waiting' ? 'waiting' : 'starting'
    }
    if (video.paused) return video.played.length === 0 ? 'blocked' : 'paused'
    return video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA && viewerState !== 'playing' ? 'stalled' : 'playing'
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#closing.signal.addEventListener(
        'abort',
        () => {
          clearTimeout(timer)
          resolve()
        },
        { once: true },
      )
    })
  }
}
