/**
 * A broadcast of this page, from the preview to its end. It belongs to no screen: a person may look at the settings, or watch
 * somebody else, and stays on air.
 */
import { LiveCapture, qualities } from '@hypervision/capture-browser'
import type { Broadcast, BroadcastStats } from '@hypervision/core'
import type { PreferenceStore } from '../app/preferences.ts'
import type { Site } from '../app/site.ts'
import { HeldCapture } from './held-capture.ts'
import { openBroadcast } from './open-broadcast.ts'
import { lackForBroadcast, lackOfChoice, type Problem, problemOf } from './problem.ts'
import { showOf } from './show.ts'
import { resize, type SourceKind, sameStream, sourceOf } from './sources.ts'

/**
 * `off`: nothing is asked for. `asking`: the browser, or the person, is asked for a device. `preview`: ready. `announced`: the channel can be
 * shared and waited for, and shows nothing yet. `starting`: going on air. `live`: on air. `ending`: the last pictures are sent. `ended`: over, with a summary.
 */
export type LiveState = 'off' | 'asking' | 'preview' | 'announced' | 'starting' | 'live' | 'ending' | 'ended'

/** What was, of a broadcast that is over. */
export interface LiveSummary {
  readonly seconds: number
  readonly mostViewers: number
  readonly bytesUp: number
  readonly copies: number
}

/** What is typed is told once it has been left alone for so long. */
const tellMs = 500

/** The broadcast; fires `change` when anything of it has changed. */
export class LiveSession extends EventTarget {
  readonly #preferences: PreferenceStore
  readonly #site: Site
  #state: LiveState = 'off'
  #kind: SourceKind = 'camera'
  #stream: MediaStream | null = null
  #capture: LiveCapture | null = null
  /** Stays open when it is over: whoever is behind, or comes back in a while, gets the rest and the end from this page. */
  #broadcast: Broadcast | null = null
  #held: HeldCapture | null = null
  #trackers: readonly string[] = []
  #problem: Problem | null = null
  #notice: Problem | null = null
  #summary: LiveSummary | null = null
  #mostViewers = 0
  /** Counts what was asked for: only the last answer counts. */
  #asked = 0
  #muted = { audio: false, video: false }
  /** Ends what listens to the capture of now. */
  #listening = new AbortController()

  constructor(preferences: PreferenceStore, site: Site) {
    super()
    this.#preferences = preferences
    this.#site = site
  }

  get state(): LiveState {
    return this.#state
  }

  /** Whether leaving the page would end something. */
  get isOnAir(): boolean {
    return ['announced', 'starting', 'live', 'ending'].includes(this.#state)
  }

  /** What is shown, or asked for. */
  get kind(): SourceKind {
    return this.#kind
  }

  /** What is before the camera, or on the screen. */
  get stream(): MediaStream | null {
    return this.#stream
  }

  /** What keeps it from going on. */
  get problem(): Problem | null {
    return this.#problem
  }

  /** What it goes on in spite of. */
  get notice(): Problem | null {
    return this.#notice
  }

  get summary(): LiveSummary | null {
    return this.#summary
  }

  get muted(): Readonly<{ audio: boolean; video: boolean }> {
    return this.#muted
  }

  /** `hypervision:…`; null while it is not on air. */
  get link(): string | null {
    return this.isOnAir ? (this.#broadcast?.link ?? null) : null
  }

  /** Trackers that viewers meet it by. */
  get trackers(): readonly string[] {
    return this.#trackers
  }

  stats(): BroadcastStats | null {
    const stats = this.#broadcast?.stats() ?? null
    this.#mostViewers = Math.max(this.#mostViewers, stats?.others ?? 0)
    return stats
  }

  /** Asks for a camera or a screen: for a preview, or on air in place of what is shown. Must come from a click. */
  async show(kind: SourceKind): Promise<void> {
    if (this.#state === 'asking' || this.#state === 'starting' || this.#state === 'ending') return
    if (this.#state === 'live' || this.#state === 'announced') return this.#switchTo(kind)
    this.#problem = lackForBroadcast() ?? lackOfChoice(kind, this.#preferences.now)
    if (this.#problem !== null) return this.#turn('off')
    await this.#letGo()
    this.#kind = kind
    this.#summary = null
    this.#turn('asking')
    const asked = ++this.#asked
    const preferences = this.#preferences.now
    const capture = new LiveCapture(sourceOf(kind, preferences, false), { quality: preferences.quality })
    try {
      const stream = await capture.preview()
      // The person has left in the meantime.
      if (asked !== this.#asked) return await capture.close()
      this.#take(capture, stream)
      this.#turn('preview')
    } catch (error) {
      if (asked !== this.#asked) return
      this.#problem = problemOf(error)
      this.#turn('off')
    }
  }

  /** Follows another choice of camera and microphone, on air too. What is heard beside a screen is chosen with the screen. */
  async applyDevices(): Promise<void> {
    // A source without sound leaves that of the one before it on air, which whoever wants no microphone does not mean.
    if (this.#state === 'live' && this.#preferences.now.microphone === 'none') this.mute('audio', true)
    if (this.#kind === 'camera' && ['preview', 'announced', 'live'].includes(this.#state)) await this.show('camera')
  }

  /** Opens the channel, so that it can be shared and waited for; what the preview shows is sent only from {@link goLive} on. */
  announce(): Promise<void> {
    return this.#open(false)
  }

  /** Goes on air with what the preview shows. */
  async goLive(): Promise<void> {
    if (this.#state !== 'announced') return this.#open(true)
    this.#turn('starting')
    await this.#tell()
    this.#held?.release()
  }

  async #open(isLive: boolean): Promise<void> {
    const stream = this.#stream
    if (this.#state !== 'preview' || stream === null) return
    this.#problem = null
    this.#notice = null
    this.#mostViewers = 0
    this.#turn('starting')
    const { quality, trackers } = this.#preferences.now
    this.#trackers = trackers ?? this.#site.trackers
    const capture = new LiveCapture(sameStream(this.#kind, stream), { quality })
    try {
      await this.letGoOfChannel()
      await resize(stream, qualities[quality])
      // Its own from now on, for a change of the source before it is on air.
      await capture.preview()
      const held = new HeldCapture(capture)
      const broadcast = await openBroadcast(held, this.#preferences.now, this.#trackers, this.#site)
      this.#held = held
      this.#take(capture, stream)
      this.#follow(broadcast)
      if (isLive) held.release()
      else this.#turn('announced')
    } catch (error) {
      this.#problem = problemOf(error)
      this.#turn('preview')
    }
  }

  /** Goes off air: whoever watches gets the last picture and hears that it is over, for as long as the page is open. */
  async goOff(): Promise<void> {
    if (!this.isOnAir || this.#state === 'ending') return
    const hasShown = this.#state === 'live'
    this.#turn('ending')
    if (hasShown) this.#held?.end()
    else await this.letGoOfChannel()
  }

  /** Closes the channel, also of a broadcast that is over. */
  async letGoOfChannel(): Promise<void> {
    await this.#broadcast?.close()
  }

  /** Silence in place of sound, or black in place of the picture. */
  mute(kind: 'audio' | 'video', isMuted: boolean): void {
    this.#muted = { ...this.#muted, [kind]: isMuted }
    this.#capture?.mute(kind, isMuted)
    this.#changed()
  }

  /** Lets go of the devices, where nothing is on air. */
  async reset(): Promise<void> {
    if (this.isOnAir) return
    this.#asked++
    this.#problem = null
    await this.#letGo()
    this.#turn('off')
  }

  dismissNotice(): void {
    this.#notice = null
    this.#changed()
  }

  async #switchTo(kind: SourceKind): Promise<void> {
    const hasMicrophone = this.#stream?.getAudioTracks().some(({ readyState }) => readyState === 'live') ?? false
    const capture = this.#capture
    try {
      await capture?.switchTo(sourceOf(kind, this.#preferences.now, hasMicrophone))
      // The person has gone off air in the meantime.
      if (capture !== this.#capture) return
      this.#stream = (await capture?.preview()) ?? this.#stream
      this.#kind = kind
      this.#notice = null
    } catch (error) {
      if (capture !== this.#capture) return
      this.#notice = problemOf(error)
    }
    this.#changed()
  }

  /** Makes a capture the one that is shown. */
  #take(capture: LiveCapture, stream: MediaStream): void {
    this.#listening.abort()
    this.#listening = new AbortController()
    this.#capture = capture
    this.#stream = stream
    capture.mute('audio', this.#muted.audio)
    capture.mute('video', this.#muted.video)
    capture.addEventListener('sourceended', (event) => this.#lose(event), { signal: this.#listening.signal })
  }

  /** A device was unplugged, or the browser's own "stop sharing" pressed. */
  #lose(event: Event): void {
    if (!this.isOnAir) {
      this.#problem = { title: `The ${this.#kind} has stopped`, text: 'Choose again what to show.' }
      void this.#letGo().then(() => this.#turn('off'))
      return
    }
    event.preventDefault()
    this.#notice = {
      title: `The ${this.#kind} has stopped`,
      text:
        this.#state === 'announced'
          ? 'Choose what to show before you go on air.'
          : 'You are still on air: viewers see the last picture until you choose what to show, or go off air.',
    }
    this.#changed()
  }

  /** Tells whoever waits what the show is, as it is set now. */
  async #tell(): Promise<void> {
    await this.#broadcast?.setMetadata(showOf(this.#preferences.now)).catch(() => {})
  }

  #follow(broadcast: Broadcast): void {
    this.#broadcast = broadcast
    let timer: ReturnType<typeof setTimeout> | undefined
    const ontyped = (): void => {
      clearTimeout(timer)
      if (this.#state === 'announced') timer = setTimeout(() => void this.#tell(), tellMs)
    }
    this.#preferences.addEventListener('change', ontyped)
    let ending: Promise<void> | null = null
    const end = (): Promise<void> => {
      clearTimeout(timer)
      this.#preferences.removeEventListener('change', ontyped)
      ending ??= this.#end()
      return ending
    }
    broadcast.addEventListener('live', () => this.#turn('live'))
    broadcast.addEventListener('peeropen', () => this.#changed())
    broadcast.addEventListener('peerclose', () => this.#changed())
    broadcast.addEventListener('ended', () => void end())
    broadcast.addEventListener('warning', ({ detail }) => {
      if (ending !== null) return
      this.#notice = problemOf(detail.error)
      this.#changed()
    })
    void broadcast.closed
      .catch((error: unknown) => {
        if (ending === null) this.#problem = problemOf(error)
      })
      .then(() => {
        const ended = end()
        if (this.#broadcast === broadcast) this.#broadcast = null
        return ended
      })
  }

  async #end(): Promise<void> {
    const stats = this.stats()
    if (stats !== null && stats.liveSeconds > 0) {
      const { liveSeconds, bytesUp, sourceCopies } = stats
      this.#summary = { seconds: liveSeconds, mostViewers: this.#mostViewers, bytesUp, copies: sourceCopies }
    }
    this.#held = null
    this.#notice = null
    await this.#letGo()
    this.#turn('ended')
  }

  async #letGo(): Promise<void> {
    this.#listening.abort()
    const [capture, stream] = [this.#capture, this.#stream]
    this.#capture = null
    this.#stream = null
    await capture?.close()
    for (const track of stream?.getTracks() ?? []) track.stop()
  }

  #turn(state: LiveState): void {
    this.#state = state
    this.#changed()
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'))
  }
}
