/**
 * Watches a media element while the pump feeds it, and moves its playhead: onto the first picture, over holes, and near the
 * live edge. It does so at every block, at every `timeupdate` and ten times a second, whatever comes; in a tab in the
 * background timers are rare and blocks are not.
 */
import { ForgottenSeeks } from './forgotten-seeks.ts'
import { LiveEdge, type LiveEdgeOptions } from './live-edge.ts'
import { playableFrom, type Range, rangeAfter, rangeAt } from './ranges.ts'

/** What a {@link Playhead} asks and tells its owner. */
export interface PlayheadEvents {
  ranges(): readonly Range[]
  /** Where the block begins that the browser was given last, seconds; null before the first one. */
  appendedSeconds(): number | null
  /** Received, but not in the browser yet, seconds. */
  waitingSeconds(): number
  onstall(): void
  /** It went to the first picture, over a hole, or towards the live edge. */
  onjump(fromSeconds: number, toSeconds: number, reason: JumpReason): void
  /** Somebody else moved it. */
  onseek(toSeconds: number): void
  /** It plays again, and is to do so at the live edge. */
  onreturn(): void
}

/** Why the playhead was moved. */
export type JumpReason = 'start' | 'hole' | 'live'

const tickMs = 100
/** Pictures at the very start of a range are not always shown. */
const startNudgeSeconds = 0.001
/** What is on its way in such an amount is no backlog: it is the next block. */
const nearlyAllSeconds = 0.15
/** At the end of a range, the last so many seconds may have no sound or no picture. */
const brinkSeconds = 0.2
/** Browsers may stop further from it, and hold the last pictures back until others come. Then nothing moves for so long. */
const stuckMs = 300
/** With so much a browser can end a seek, and play on. */
const enoughSeconds = 1
/** In a busy page Firefox tells of a seek that has ended already, when playback has gone on from there by so much at the most. */
const playedOnSeconds = 5
/** Where playback stands for so long in the midst of what is there, as one track has a hole or its decoder is stuck, it goes on so much further. */
const standsMs = 3000
const skipSeconds = 1
/** A person who pauses for longer wants to go on where they were. */
const shortPauseMs = 1500
/** A jump that cuts off less is worth it when playback begins, and after a stall or a hole, when it cuts off what was to be seen. */
const worthAtStartSeconds = 0.15
const worthLaterSeconds = 0.5
/** What has been missing comes within this time; after that, playing faster has to do. */
const rejoinMs = 1000

/** A jump to the live edge that may be made. */
interface Rejoin {
  /** What it has to save, seconds. */
  readonly worthSeconds: number
  /** No longer than this; null until playback can go on. */
  untilMs: number | null
}

/** What a {@link Playhead} asks of a media element, and does with it. */
export interface PlayedElement
  extends Pick<
    HTMLMediaElement,
    'autoplay' | 'defaultPlaybackRate' | 'duration' | 'ended' | 'paused' | 'readyState' | 'seeking'
  > {
  /** Seconds. */
  currentTime: number
  playbackRate: number
  readonly error: object | null
  readonly ownerDocument: { readonly hidden: boolean }
  addEventListener(type: string, listener: () => void, options: { readonly signal: AbortSignal }): void
}

/** The playhead of one media element. */
export class Playhead {
  readonly edge: LiveEdge
  readonly #video: PlayedElement
  readonly #events: PlayheadEvents
  readonly #now: () => number
  /** Whether it keeps to the live edge; otherwise a person decides. */
  #isFollowing: boolean
  #hasPlayed = false
  /** Playback begins or goes on after an interruption, and may jump to the live edge; null while there is nothing of the kind. */
  #rejoin: Rejoin | null = { worthSeconds: worthAtStartSeconds, untilMs: null }
  #isMeantToPlay: boolean
  #pausedAt: number | null = null
  /** Whether it paused in a tab in the background: Chromium does so with what began without a sound, and plays on when the tab is seen. */
  #isPausedUnseen = false
  /** Since when it has had nothing to go on with; null while it has. */
  #dryAt: number | null = null
  readonly #forgottenSeeks = new ForgottenSeeks()
  /** Where a person wants to go and where nothing is yet. */
  #wanted: number | null = null
  /** Where it was moved to from here; any other place was somebody else's wish. */
  #movedTo = Number.NaN

  constructor(
    video: PlayedElement,
    events: PlayheadEvents,
    options: LiveEdgeOptions & {
      readonly isFollowing: boolean
      readonly now: () => number
      readonly signal: AbortSignal
    },
  ) {
    this.#video = video
    this.#events = events
    this.#now = options.now
    this.#isFollowing = options.isFollowing
    // By itself a browser begins once it trusts the data to last; near the live edge that takes seconds, or for ever.
    this.#isMeantToPlay = video.autoplay
    this.edge = new LiveEdge(options)
    const listen = (type: string, listener: () => void): void =>
      video.addEventListener(type, listener, { signal: options.signal })
    listen('timeupdate', () => this.tick())
    listen('waiting', () => this.#onwaiting())
    listen('seeking', () => {
      this.#dryAt = null
      if (!this.#isOwn(video.currentTime, video.seeking ? startNudgeSeconds : playedOnSeconds))
        events.onseek(video.currentTime)
    })
    listen('playing', () => {
      this.#hasPlayed = true
    })
    listen('pause', () => {
      // Media that has ended or failed is paused, and nobody meant it.
      if (video.ended || video.error !== null) return
      this.#isMeantToPlay = false
      this.#pausedAt = this.#now()
      this.#isPausedUnseen = video.ownerDocument.hidden
    })
    listen('play', () => {
      this.#isMeantToPlay = true
      this.tick()
    })
    const timer = setInterval(() => this.tick(), tickMs)
    options.signal.addEventListener('abort', () => {
      clearInterval(timer)
      video.playbackRate = 1
    })
  }

  /** Whether it keeps to the live edge. */
  get isFollowing(): boolean {
    return this.#isFollowing
  }

  /** Seconds that can be played without a hole. */
  get aheadSeconds(): number {
    return playableFrom(this.#events.ranges(), this.#video.currentTime)
  }

  /** Keeps to the live edge from now on. */
  follow(): void {
    this.#isFollowing = true
    this.#wanted = null
    this.edge.restart()
  }

  /** Goes to the end of what is there. */
  goToEdge(): void {
    const last = this.#events.ranges().at(-1)
    if (last === undefined) return
    this.#interrupted()
    this.#jump(Math.max(last[0], last[1] - this.edge.targetSeconds - tickMs / 1000), 'live')
  }

  /** Goes to a moment as soon as it is there, and leaves the pace to whoever watches. */
  goTo(seconds: number): void {
    this.#stopFollowing()
    this.#wanted = seconds
    this.tick()
  }

  /** The stream goes on from another place: whatever is there next is where to play. */
  restart(): void {
    this.edge.restart()
    this.#hasPlayed = false
    this.#interrupted()
  }

  /** Whether a person or the page wants it to play, even where it is paused because media ended, failed or was replaced. */
  get isMeantToPlay(): boolean {
    return this.#isMeantToPlay || !this.#video.paused
  }

  tick(): void {
    const { currentTime, paused, seeking } = this.#video
    if (!paused) this.#resume()
    const ranges = this.#events.ranges()
    if (this.#wanted !== null) {
      this.#goToWanted(this.#wanted, ranges)
      return
    }
    const here = rangeAt(ranges, currentTime)
    if (this.#isSeekForgotten(here)) {
      // The end can always be gone to, and there it ends.
      if (this.#isOver && this.#forgottenSeeks.inARow > 1) this.#moveTo(this.#video.duration)
      else if (this.#isFollowing) this.goToEdge()
      else this.#moveTo(currentTime + startNudgeSeconds)
      return
    }
    // Somebody else has moved it, and the event that says so is on its way.
    if (seeking && !this.#isOwn(currentTime)) return
    const next = this.#nextPicture(here, ranges)
    if (next !== null) {
      this.#interrupted()
      this.#jump(next + startNudgeSeconds, this.#hasPlayed ? 'hole' : 'start')
      return
    }
    if (here === null || !this.#isFollowing || paused || seeking) return
    const ahead = here[1] - currentTime
    if (this.#rejoin !== null && this.#join(this.#rejoin, ranges)) return
    const { rate, jumpSeconds } = this.edge.advise(ahead + this.#events.waitingSeconds(), this.#now())
    // Only over what is in the browser: the rest follows, and so does the next jump.
    if (jumpSeconds > 0) this.#jump(currentTime + Math.min(jumpSeconds, Math.max(0, ahead - 0.1)), 'live')
    else if (this.#video.playbackRate !== rate) this.#video.playbackRate = rate
  }

  #interrupted(): void {
    this.#rejoin = { worthSeconds: this.#hasPlayed ? worthLaterSeconds : worthAtStartSeconds, untilMs: null }
  }

  /**
   * The first picture is a keyframe, up to a keyframe interval old; after a stall or a hole the picture is as old as that lasted.
   * It is shown at once; when what came after it is here too, playback goes on from there. Whether it jumped.
   */
  #join(rejoin: Rejoin, ranges: readonly Range[]): boolean {
    const last = ranges.at(-1)
    if (this.#video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) rejoin.untilMs ??= this.#now() + rejoinMs
    if (rejoin.untilMs !== null && this.#now() > rejoin.untilMs) this.#rejoin = null
    if (last === undefined || this.#events.waitingSeconds() > nearlyAllSeconds) return false
    const to = Math.max(last[0] + startNudgeSeconds, last[1] - this.edge.targetSeconds - nearlyAllSeconds)
    if (to - this.#video.currentTime < rejoin.worthSeconds) return false
    this.#rejoin = null
    this.#jump(to, 'live')
    return true
  }

  /** Where the next picture is when there is none here: before the first one, in a hole, at its brink. */
  #nextPicture(here: Range | null, ranges: readonly Range[]): number | null {
    const { currentTime, seeking } = this.#video
    const dryMs = this.#dryMs()
    if (here === null) return rangeAfter(ranges, currentTime)?.[0] ?? null
    if (here[0] > currentTime) return here[0]
    const aheadSeconds = here[1] - currentTime
    if (this.#standsFor(dryMs, aheadSeconds)) return Math.min(currentTime + skipSeconds, here[1]) - startNudgeSeconds
    const isStuck = dryMs !== null && dryMs >= patienceMs(aheadSeconds, seeking)
    const appended = this.#events.appendedSeconds() ?? 0
    const isGrowing = appended >= here[0] && appended <= here[1]
    return isStuck && !isGrowing ? (rangeAfter(ranges, here[1])?.[0] ?? null) : null
  }

  /** Whether it should play and does not, though there is enough to go on with. */
  #standsFor(dryMs: number | null, aheadSeconds: number): boolean {
    const { paused, seeking, ended } = this.#video
    return !paused && !seeking && !ended && this.#isEnough(aheadSeconds) && (dryMs ?? 0) >= standsMs
  }

  /** Nothing more comes. */
  get #isOver(): boolean {
    return this.#video.duration < Number.POSITIVE_INFINITY
  }

  /** Whether so much is what a browser needs to go on: whatever there is, where nothing more comes. */
  #isEnough(aheadSeconds: number): boolean {
    return aheadSeconds > (this.#isOver ? 2 * startNudgeSeconds : enoughSeconds)
  }

  /** For how long it has had nothing to go on with, ms; null while it has. */
  #dryMs(): number | null {
    if (this.#video.readyState > HTMLMediaElement.HAVE_CURRENT_DATA) this.#dryAt = null
    else this.#dryAt ??= this.#now()
    return this.#dryAt === null ? null : this.#now() - this.#dryAt
  }

  #isSeekForgotten(here: Range | null): boolean {
    const { currentTime, seeking } = this.#video
    const canEnd = here !== null && this.#isEnough(here[1] - currentTime)
    return this.#forgottenSeeks.look(seeking, canEnd, this.#now())
  }

  #goToWanted(wanted: number, ranges: readonly Range[]): void {
    if (rangeAt(ranges, wanted) === null) return
    if (Math.abs(this.#video.currentTime - wanted) > startNudgeSeconds) this.#moveTo(wanted)
    this.#wanted = null
  }

  /** Whether it stands where it was moved to, or no farther behind that. */
  #isOwn(seconds: number, behindSeconds = startNudgeSeconds): boolean {
    return seconds >= this.#movedTo - startNudgeSeconds && seconds <= this.#movedTo + behindSeconds
  }

  #stopFollowing(): void {
    this.#isFollowing = false
    this.#video.playbackRate = this.#video.defaultPlaybackRate
  }

  #moveTo(seconds: number): void {
    this.#movedTo = seconds
    this.#video.currentTime = seconds
  }

  #jump(toSeconds: number, reason: JumpReason): void {
    const from = this.#video.currentTime
    this.#moveTo(toSeconds)
    this.edge.restart()
    this.#events.onjump(from, toSeconds, reason)
  }

  #onwaiting(): void {
    if (this.#hasPlayed && !this.#video.seeking && !this.#video.paused) {
      this.#interrupted()
      this.edge.onstall(this.#now())
      this.#events.onstall()
    }
    this.tick()
  }

  /** Plays again after a pause. */
  #resume(): void {
    const pausedAt = this.#pausedAt
    this.#pausedAt = null
    if (pausedAt === null || !this.#hasPlayed) return
    const isLong = this.#now() - pausedAt > shortPauseMs
    if (isLong && this.#isPausedUnseen && this.#isFollowing) this.#events.onreturn()
    else if (isLong) this.#stopFollowing()
    this.edge.restart()
  }
}

/**
 * How long it may have nothing to go on with so far from the end of a range, ms, before it goes on in the next one. The tracks of a range do not
 * end together: playback stops a little before the end of the longest, and a seek to there does not end.
 */
function patienceMs(aheadSeconds: number, isSeeking: boolean): number {
  if (isSeeking) return aheadSeconds < enoughSeconds ? stuckMs : Number.POSITIVE_INFINITY
  return aheadSeconds < brinkSeconds ? 0 : stuckMs
}
