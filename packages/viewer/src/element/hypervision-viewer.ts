/**
 * `<hypervision-viewer>`: a video element whose `src` is the link of a channel. It is used as an HTMLMediaElement is (play,
 * pause, muted, volume, currentTime, their events), so that controls made for those fit it; `controls` shows its own.
 */
import type { ChannelMetadata, Transport, ViewerStats } from '@hypervision/core'
import type { IceServer } from '@hypervision/transport-webrtc'
import { CustomVideoElement } from 'custom-media-element'
import type { PumpStats } from '../pump/pump.ts'
import { ChannelSession, type SessionViewer } from './channel-session.ts'
import { Controls } from './controls.ts'
import { showFigures, togglePanel } from './figures-view.ts'
import { openChannel } from './open-channel.ts'
import { partOf } from './part.ts'
import type { Player } from './player.ts'
import { Poster } from './poster.ts'
import { readStart, wordsOf } from './read-attributes.ts'
import { showStatus } from './status-view.ts'
import { templateHtml } from './template.ts'
import { readUploadChoice, type UploadChoice, UploadQuestion } from './upload-question.ts'
import type { ViewerElementState } from './viewer-state.ts'

/** Detail of the event `statechange`. */
export interface StateChange {
  readonly state: ViewerElementState
  /** What ended playback; null in every other state. */
  readonly error: Error | null
}

/** Attributes that the channel is opened by; the others are those of a video. */
const ownAttributes = ['src', 'from', 'upload', 'trackers', 'ice-servers', 'controls'] as const
const refreshMs = 500

/**
 * The element.
 *
 * @element hypervision-viewer
 * @attr {string} src - link of the channel, `hypervision:…`
 * @attr {string} trackers - addresses of trackers, `wss://…`, several with spaces between
 * @attr {string} ice-servers - STUN and TURN servers, `stun:host:port`, with spaces between; empty for none, left out for public ones
 * @attr {'on' | 'ask' | 'off'} upload - whether what is received is passed on: yes (where left out), when the person has agreed, no
 * @attr {string} from - where to begin: `live` (where left out), `start`, or seconds before the live edge
 * @attr {boolean} controls - shows the element's own controls
 * @attr {boolean} autoplay - begins by itself; most browsers let it do so only when it is muted
 * @attr {boolean} muted - begins without sound
 * @attr {boolean} loop - as of a video; a broadcast that goes on has no end to begin again at
 * @attr {boolean} disablepictureinpicture - takes picture in picture away
 * @attr {string} poster - picture until the first one of the video, in place of the broadcaster's
 * @fires statechange - what it is doing has changed; detail has `state` and `error`
 * @fires epoch - the broadcast began, or its source began anew; detail has `title` and `mimeType`
 * @fires metadata - the broadcaster says something new of the channel; detail has `title`, `description`, `poster` and `startsAt`
 * @fires uploadchange - the person who watches has decided whether to pass on; detail is true or false
 * @fires warning - it goes on with something that is wrong, such as a tracker that cannot be reached; detail is the error
 * @csspart player - everything
 * @csspart video - the video
 * @csspart status - what it waits for or what went wrong, over the picture
 * @csspart status-title - its title
 * @csspart status-text - its explanation
 * @csspart status-about - what the show is about, while it waits for the first picture
 * @csspart action - its button: play, or try again
 * @csspart ask - the question whether to pass on
 * @csspart statistics - the figures
 * @csspart control-bar - the controls
 * @csspart button - each of their buttons
 * @csspart play-button - plays and pauses
 * @csspart mute-button - turns the sound off and on
 * @csspart live-button - returns to the live edge
 * @csspart statistics-button - shows the figures
 * @csspart pip-button - picture in picture
 * @csspart fullscreen-button - full screen
 * @csspart seek - range of time
 * @csspart volume - range of loudness
 * @csspart behind - how far behind the live edge it plays
 * @csspart peers - how many others are in the swarm, as far as is known
 * @cssprop [--hypervision-accent-color=#e5484d] - ranges and the live dot
 * @cssprop [--hypervision-text-color=#fff] - words and icons
 * @cssprop [--hypervision-surface-color=rgb(16 17 20 / 0.88)] - behind figures
 * @cssprop [--hypervision-background=#000] - behind the video
 * @cssprop [--hypervision-font-family=system-ui] - of all words
 * @cssprop [--media-object-fit=contain] - how the video fits its box
 * @cssprop [--media-object-position=50% 50%] - where in the box it stands
 */
export class HypervisionViewerElement extends CustomVideoElement {
  #session: ChannelSession | null = null
  #viewer: SessionViewer | null = null
  #transports: readonly Transport[] | null = null
  #iceServers: readonly IceServer[] | null = null
  readonly #question = new UploadQuestion()
  #timer: ReturnType<typeof setInterval> | undefined
  #isOpening = false
  #listening: AbortController | null = null
  #controls: Controls | null = null
  #warning: Error | null = null
  #metadata: ChannelMetadata | null = null
  readonly #poster = new Poster()

  /** Attributes that it follows. */
  static override get observedAttributes(): string[] {
    return [...new Set([...CustomVideoElement.observedAttributes, ...ownAttributes])]
  }

  /** What stands in the shadow tree. */
  static override getTemplateHTML = (attributes: Record<string, string>): string => templateHtml(attributes)

  /** What it is doing. */
  get state(): ViewerElementState {
    return this.#session?.state ?? 'empty'
  }

  /** Transports to reach others by; left null, WebRTC with the trackers of the attribute `trackers`. */
  get transports(): readonly Transport[] | null {
    return this.#transports
  }

  set transports(transports: readonly Transport[] | null) {
    this.#transports = transports
    this.#reopen()
  }

  /** ICE servers with their credentials, in place of the attribute `ice-servers`. */
  get iceServers(): readonly IceServer[] | null {
    return this.#iceServers
  }

  set iceServers(servers: readonly IceServer[] | null) {
    this.#iceServers = servers
    this.#reopen()
  }

  /** A viewer that the page has opened itself, in place of `src`; the element closes it. */
  get viewer(): SessionViewer | null {
    return this.#viewer
  }

  set viewer(viewer: SessionViewer | null) {
    this.#viewer = viewer
    this.#reopen()
  }

  /** `on` where the attribute is left out. */
  get upload(): UploadChoice {
    return readUploadChoice(this.getAttribute('upload'))
  }

  set upload(choice: UploadChoice) {
    this.setAttribute('upload', choice)
  }

  /** Figures of playback; null while nothing plays. */
  get statistics(): PumpStats | null {
    return this.#session?.pumpStats ?? null
  }

  /** Figures of the channel: peers, bytes, blocks; null while none is open. */
  get channelStatistics(): ViewerStats | null {
    return this.#session?.viewerStats ?? null
  }

  /** What the broadcaster says of the channel: title, description, poster, planned start; null where nothing is said, or known yet. */
  get metadata(): ChannelMetadata | null {
    return this.#metadata
  }

  /** Returns to the live edge. */
  async live(): Promise<void> {
    await this.#session?.live()
    await this.play()
  }

  /** Opens the channel anew. */
  override load(): void {
    this.#reopen()
  }

  /** Opens the channel when the element is put into a page. */
  override connectedCallback(): void {
    super.connectedCallback()
    this.#listen()
    this.#reopen()
    this.#timer = setInterval(() => this.#refresh(), refreshMs)
  }

  /** Closes the channel when the element is taken from the page. */
  override disconnectedCallback(): void {
    clearInterval(this.#timer)
    this.#listening?.abort()
    this.#controls = null
    this.#session?.close()
    this.#session = null
    this.#describe(null)
    super.disconnectedCallback()
  }

  /** Follows its attributes. */
  override attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return
    if (!(ownAttributes as readonly string[]).includes(name)) {
      super.attributeChangedCallback(name, before, after)
      // A page that makes the element by script sets it after the video is there, when it is a default only.
      if (name === 'muted' && this.nativeEl.played.length === 0) this.nativeEl.muted = after !== null
      return
    }
    if (name === 'upload') {
      this.#question.choice = this.upload
      this.#applyUpload()
    } else if (name === 'controls') this.#controls?.update()
    else this.#reopen()
  }

  /** Several attributes are often set in one go: the channel is opened once, after the last of them. */
  #reopen(): void {
    if (this.#isOpening) return
    this.#isOpening = true
    queueMicrotask(() => {
      this.#isOpening = false
      this.#session?.close()
      this.#session = null
      this.#describe(null)
      if (this.isConnected) this.#open()
    })
  }

  #open(): void {
    const link = this.getAttribute('src') ?? ''
    const video = this.nativeEl
    const hasChannel = this.#viewer !== null || link !== ''
    this.#question.show(hasChannel)
    if (!hasChannel) {
      this.#show('empty', null)
      return
    }
    const from = readStart(this.getAttribute('from'))
    const uploads = this.#question.isAllowed
    this.#session = new ChannelSession({
      video,
      from,
      uploads,
      onwarning: (error) => this.#warn(error),
      open: async (signal) => {
        if (this.#viewer !== null) return this.#viewer
        const trackers = wordsOf(this.getAttribute('trackers')) ?? []
        const servers = wordsOf(this.getAttribute('ice-servers'))?.map((urls) => ({ urls }))
        const iceServers = this.#iceServers ?? servers
        return openChannel({ link, from, uploads, transports: this.#transports, trackers, iceServers, signal })
      },
      onstate: (state, error) => {
        this.#show(state, error)
        this.dispatchEvent(new CustomEvent<StateChange>('statechange', { detail: { state, error } }))
      },
      onmetadata: (metadata) => {
        this.#describe(metadata)
        if (this.state !== 'error') this.#show(this.state, null)
        this.dispatchEvent(new CustomEvent<ChannelMetadata>('metadata', { detail: metadata }))
      },
      onevent: (event) => {
        if (event.type === 'epoch') this.dispatchEvent(new CustomEvent('epoch', { detail: event }))
      },
    })
  }

  get #tree(): ShadowRoot {
    // Made by what the class extends, which makes it open.
    if (this.shadowRoot === null) throw new Error('the element has no shadow tree')
    return this.shadowRoot
  }

  #listen(): void {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    const onclick = (selector: string, listener: () => void): void =>
      partOf(this.#tree, selector).addEventListener('click', listener, { signal })
    this.#controls = new Controls(this.#player, this.#tree, () => this.#toggleStatistics(), signal)
    onclick('.action', () => this.#act())
    this.#question.listen(this.#tree, (isAllowed) => this.#decide(isAllowed), signal)
  }

  /** What its controls steer. */
  get #player(): Player {
    const element = this
    return {
      host: element,
      get video() {
        return element.nativeEl
      },
      get hasControls() {
        return element.hasAttribute('controls')
      },
      get isLive() {
        return element.statistics?.isLive ?? false
      },
      get seekable() {
        return element.statistics?.seekable ?? null
      },
      live: () => element.live(),
    }
  }

  #toggleStatistics(): void {
    togglePanel(this.#tree)
    this.#refresh()
  }

  /** The button of the status: play, or try again. */
  #act(): void {
    if (this.state === 'error') this.#reopen()
    else void this.play().catch(() => {})
  }

  #show(state: ViewerElementState, error: Error | null): void {
    showStatus(this.#tree, { state, error, warning: this.#warning, metadata: this.#metadata })
    this.#refresh()
  }

  /** Takes over what the broadcaster says; its poster gives way to one of the page. */
  #describe(metadata: ChannelMetadata | null): void {
    this.#metadata = metadata
    this.#poster.show(this.nativeEl, metadata?.poster ?? null, this.hasAttribute('poster'))
  }

  #warn(warning: Error): void {
    this.#warning = warning
    if (this.state === 'searching' || this.state === 'stalled') this.#show(this.state, null)
    this.dispatchEvent(new CustomEvent<Error>('warning', { detail: warning }))
  }

  #decide(isAllowed: boolean): void {
    this.#applyUpload()
    this.dispatchEvent(new CustomEvent<boolean>('uploadchange', { detail: isAllowed }))
  }

  #applyUpload(): void {
    if (this.#session !== null) this.#session.uploads = this.#question.isAllowed
    this.#question.show(this.#session !== null)
  }

  #refresh(): void {
    this.#controls?.update()
    showFigures(this.#tree, this.channelStatistics, this.statistics)
  }
}
