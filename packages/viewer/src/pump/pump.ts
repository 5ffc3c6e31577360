/**
 * The pump: blocks of a viewer → Media Source → the picture, near the live edge. It needs no element of ours: give it any
 * `<video>`.
 */
import type { StartPosition, ViewerBlock, ViewerClusterBlock, ViewerInitBlock, ViewerState } from '@hypervision/core'
import { HypervisionError } from '@hypervision/core/contracts'
import type { LiveEdgeOptions } from './live-edge.ts'
import { MediaSink } from './media-sink.ts'
import { type JumpReason, Playhead } from './playhead.ts'

/** What a pump needs of a viewer; one that `createViewer` made has it. */
export interface PumpViewer {
  readonly blocks: AsyncIterable<ViewerBlock>
  /** How far it may fall behind the live edge, seconds; the pump lets it fall behind as far as a person wants, and puts it back. */
  maxLagSeconds?: number
  /** Goes on from another place. */
  seek(position: StartPosition, options?: { readonly signal?: AbortSignal }): Promise<void>
  /** What it is doing, and how much it has that was not taken yet. */
  stats(): { readonly state: ViewerState; readonly bufferedSeconds: number }
}

/** Options of {@link pump}. */
export interface PumpOptions extends LiveEdgeOptions {
  /** Whether the viewer was opened at the live edge, to be kept there. @default true */
  readonly isLive?: boolean
  /** How much is kept behind the playhead, seconds, so that going back a little fetches nothing. @default 60 */
  readonly keepBehindSeconds?: number
  /** How far back a person may go on the stream's timeline, seconds; what the swarm no longer has cannot be played. @default 3600 */
  readonly rewindSeconds?: number
  /** While paused, it goes on filling until so much is ahead of the playhead, seconds. @default 30 */
  readonly fillAheadSeconds?: number
  /** Hears what happens. */
  onevent?(event: PumpEvent): void
  /** Closes the pump and gives the media element back. */
  readonly signal?: AbortSignal
}

/** What happens while it plays. */
export type PumpEvent =
  /** A new epoch begins. */
  | { readonly type: 'epoch'; readonly title: string | null; readonly mimeType: string }
  /** Playback ran dry. */
  | { readonly type: 'stall' }
  /** Playback went over a hole, or towards the live edge. */
  | {
      readonly type: 'jump'
      readonly fromSeconds: number
      readonly toSeconds: number
      readonly reason: JumpReason
    }
  /** The browser was full; so many seconds behind the playhead are kept from now on. */
  | { readonly type: 'quota'; readonly keepBehindSeconds: number }
  /** The broadcast ended; the pump waits for the next one. */
  | { readonly type: 'ended' }
  /** The browser could not go on and playback began anew at the live edge. */
  | { readonly type: 'recovered'; readonly error: Error }

/** Figures of a pump. */
export interface PumpStats {
  /** Whether it keeps to the live edge. */
  readonly isLive: boolean
  /** Capture of the picture that is shown → now, ms, by the clocks of both ends; null before there is one, and at the live edge where they differ by more than a minute. */
  readonly latencyMs: number | null
  /** What can be played without a hole, seconds. */
  readonly bufferedSeconds: number
  /** The margin that it keeps to, ms. */
  readonly targetMs: number
  readonly playbackRate: number
  readonly stalls: number
  readonly jumps: number
  readonly droppedFrames: number
  /** Whether blocks reach the browser joined, as one open Cluster per keyframe interval, because it lost some as they were. */
  readonly joinsClusters: boolean
  /** From where and up to where a person may seek, seconds on the stream's timeline; null before the first block. */
  readonly seekable: readonly [start: number, end: number] | null
}

/** A running pump. */
export interface Pump {
  /** Resolves when it was closed or the viewer was; rejects with what it could not go on after. */
  readonly closed: Promise<void>
  /** Figures of now. */
  stats(): PumpStats
  /** Wall-clock time of a moment on the stream's timeline; null before the first block. */
  timeAt(seconds: number): Date | null
  /** Goes to a moment on the stream's timeline; what the browser does not hold is fetched. */
  seek(seconds: number): Promise<void>
  /** Returns to the live edge and keeps to it. */
  live(): Promise<void>
  /** Stops and gives the media element back; the viewer stays open. */
  close(): void
}

/** With more than this received and not yet taken, the live edge is not in the browser. */
const nearSeconds = 1
/** Recoveries within this time that do not help end in the error. */
const recoveryWindowMs = 60_000
const mostRecoveries = 3
/** What is said to be later than this at the live edge, or earlier, is not: the clocks of both ends differ by as much. */
const mostLiveLatencyMs = 60_000

/**
 * Plays a viewer's blocks on a media element.
 *
 * @param video left to whoever owns it but for `src`, `currentTime` and `playbackRate`; it begins when it is told to play
 */
export function pump(video: HTMLVideoElement, viewer: PumpViewer, options: PumpOptions = {}): Pump {
  return new MediaPump(video, viewer, options)
}

class MediaPump implements Pump {
  readonly closed: Promise<void>
  readonly #video: HTMLVideoElement
  readonly #viewer: PumpViewer
  readonly #options: PumpOptions
  readonly #closing = new AbortController()
  readonly #sink: MediaSink
  readonly #playhead: Playhead
  /** Wall clock of the timeline's zero, ms since 1970. */
  #anchorMs: number | null = null
  /** Where the newest block begins that was taken. */
  #lastSeconds: number | null = null
  /** Where the last block begins that was taken. */
  #appendedSeconds: number | null = null
  /** Resolves waits for room when the playhead moved. */
  #wake: () => void = () => {}
  /** The viewer goes on from the live edge: its next block there is where to play. */
  #isReturning = false
  #stalls = 0
  #jumps = 0
  #recoveries: number[] = []
  readonly #maxLagSeconds: number

  constructor(video: HTMLVideoElement, viewer: PumpViewer, options: PumpOptions) {
    this.#video = video
    this.#viewer = viewer
    this.#options = options
    this.#maxLagSeconds = viewer.maxLagSeconds ?? Number.POSITIVE_INFINITY
    const { signal } = this.#closing
    this.#sink = new MediaSink(
      video,
      options.keepBehindSeconds ?? 60,
      { onquota: (keepBehindSeconds) => this.#tell({ type: 'quota', keepBehindSeconds }) },
      signal,
    )
    this.#playhead = new Playhead(
      video,
      {
        ranges: () => this.#sink.ranges,
        appendedSeconds: () => this.#appendedSeconds,
        waitingSeconds: () => viewer.stats().bufferedSeconds,
        onstall: () => {
          this.#stalls++
          this.#tell({ type: 'stall' })
        },
        onjump: (fromSeconds, toSeconds, reason) => {
          if (reason !== 'start') this.#jumps++
          this.#tell({ type: 'jump', fromSeconds, toSeconds, reason })
        },
        onseek: (seconds) => void this.#onseek(seconds),
        onreturn: () => void this.live().catch(() => {}),
      },
      { ...options, isFollowing: options.isLive ?? true, now: () => performance.now(), signal },
    )
    for (const type of ['timeupdate', 'seeking', 'play']) video.addEventListener(type, () => this.#wake(), { signal })
    options.signal?.addEventListener('abort', () => this.close(), { once: true, signal })
    this.closed = this.#run().catch((error: unknown) => {
      if (signal.aborted) return
      this.close()
      throw error
    })
    // Whoever does not ask for the outcome shall not be killed by it.
    this.closed.catch(() => {})
    if (options.signal?.aborted) this.close()
  }

  stats(): PumpStats {
    const { currentTime, playbackRate } = this.#video
    const isShown = this.#anchorMs !== null && this.#video.readyState >= 2
    const isLive = this.#playhead.isFollowing
    const latencyMs = Date.now() - (this.#anchorMs ?? 0) - currentTime * 1000
    // Whoever keeps to the live edge is not minutes from it: the clocks are.
    const isBelieved = !isLive || Math.abs(latencyMs) <= mostLiveLatencyMs
    return {
      isLive,
      latencyMs: isShown && isBelieved ? latencyMs : null,
      bufferedSeconds: this.#playhead.aheadSeconds,
      targetMs: this.#playhead.edge.targetSeconds * 1000,
      playbackRate,
      stalls: this.#stalls,
      jumps: this.#jumps,
      droppedFrames: this.#video.getVideoPlaybackQuality?.().droppedVideoFrames ?? 0,
      joinsClusters: this.#sink.joinsClusters,
      seekable: this.#seekable,
    }
  }

  timeAt(seconds: number): Date | null {
    return this.#anchorMs === null ? null : new Date(this.#anchorMs + seconds * 1000)
  }

  async seek(seconds: number): Promise<void> {
    this.#isReturning = false
    const isHere = this.#sink.ranges.some(([start, end]) => seconds >= start && seconds < end)
    this.#playhead.goTo(seconds)
    const time = this.timeAt(seconds)
    if (isHere || time === null) return
    await this.#viewer.seek({ time }, { signal: this.#closing.signal })
    this.#wake()
  }

  async live(): Promise<void> {
    const isHere = this.#viewer.stats().bufferedSeconds <= nearSeconds
    if (!isHere) await this.#viewer.seek('live', { signal: this.#closing.signal })
    this.#isReturning = !isHere
    this.#playhead.follow()
    if (isHere) this.#playhead.goToEdge()
    this.#wake()
  }

  close(): void {
    this.#viewer.maxLagSeconds = this.#maxLagSeconds
    this.#closing.abort(new HypervisionError('ERR_FEED_CLOSED', 'The pump is closed.'))
    this.#wake()
  }

  get #seekable(): readonly [number, number] | null {
    const last = this.#lastSeconds
    return last === null ? null : [Math.max(0, last - (this.#options.rewindSeconds ?? 3600)), last]
  }

  /** A page's own controls move the playhead; the end of what is seekable is the live edge, however much has come since it was told. */
  #onseek(seconds: number): Promise<void> {
    const isEdge = (this.#lastSeconds ?? 0) - seconds < nearSeconds
    const move = isEdge ? this.live() : this.seek(seconds)
    return move.catch(() => {})
  }

  async #run(): Promise<void> {
    this.#allowLag()
    while (!this.#closing.signal.aborted && this.#viewer.stats().state !== 'closed') {
      for await (const block of this.#viewer.blocks) {
        if (this.#closing.signal.aborted) return
        await this.#take(block)
        await this.#room()
        if (this.#closing.signal.aborted) return
      }
      if (this.#viewer.stats().state === 'closed') return
      this.#sink.end()
      this.#tell({ type: 'ended' })
    }
  }

  /** Gives a block to the browser; one that it cannot go on after is survived by beginning anew. */
  async #take(block: ViewerBlock): Promise<void> {
    try {
      await (block.kind === 'init' ? this.#takeInit(block) : this.#takeCluster(block))
    } catch (error) {
      if (this.#closing.signal.aborted || !this.#mayRecover(error)) throw error
      await this.#recover(error as HypervisionError)
    }
  }

  async #takeInit(block: ViewerInitBlock): Promise<void> {
    const kinds = block.tracks.map(({ kind }) => kind).join()
    const { isMeantToPlay } = this.#playhead
    await this.#sink.begin(block.bytes, block.mimeType, kinds)
    if (isMeantToPlay && this.#video.paused) void this.#video.play().catch(() => {})
    this.#tell({ type: 'epoch', title: block.title, mimeType: block.mimeType })
  }

  async #takeCluster(block: ViewerClusterBlock): Promise<void> {
    const seconds = block.timestampMs / 1000
    this.#anchorMs = block.time.getTime() - block.timestampMs
    this.#lastSeconds = Math.max(this.#lastSeconds ?? seconds, seconds)
    const isBack = this.#isReturning && block.discontinuity
    if (isBack) this.#isReturning = false
    await this.#sink.append(block.bytes, block.key)
    this.#appendedSeconds = seconds
    if (isBack) this.#playhead.goToEdge()
    if (this.#seekable !== null) this.#sink.setSeekable(...this.#seekable)
    this.#playhead.tick()
  }

  /** Waits while enough lies ahead: what is paused takes no more than it has to. */
  async #room(): Promise<void> {
    const { fillAheadSeconds = 30 } = this.#options
    while (!this.#closing.signal.aborted && this.#playhead.aheadSeconds > fillAheadSeconds) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    if (!this.#closing.signal.aborted) this.#allowLag()
  }

  /** Where a person paused or went back, nothing is left out; whoever watches live is not shown what is long past. */
  #allowLag(): void {
    const isLive = this.#playhead.isFollowing && !this.#video.paused
    this.#viewer.maxLagSeconds = isLive ? this.#maxLagSeconds : Number.POSITIVE_INFINITY
  }

  #mayRecover(error: unknown): boolean {
    if (!(error instanceof HypervisionError) || error.code !== 'ERR_PLAYBACK_MEDIA') return false
    const now = performance.now()
    this.#recoveries = this.#recoveries.filter((at) => now - at < recoveryWindowMs)
    return this.#recoveries.push(now) <= mostRecoveries
  }

  /** Throws away what the browser has and joins anew. */
  async #recover(error: HypervisionError): Promise<void> {
    this.#sink.reset()
    this.#playhead.restart()
    await this.#viewer.seek('live', { signal: this.#closing.signal })
    this.#tell({ type: 'recovered', error })
  }

  #tell(event: PumpEvent): void {
    this.#options.onevent?.(event)
  }
}
