// The page of the element's tests: `<hypervision-viewer>` on a channel that the test steers.
import '../src/element.ts'
import 'media-chrome'
import type { ChannelMetadata, ViewerState, ViewerStats } from '@hypervision/core'
import { HypervisionError, type HypervisionErrorCode } from '@hypervision/core/contracts'
import axe from 'axe-core'
import type { HypervisionViewerElement, SessionViewer } from '../src/element.ts'
import { ClipViewer } from './clip-viewer.ts'

/** A {@link ClipViewer} with the figures that the element shows; a test sets `state`. */
class ClipSession implements SessionViewer {
  readonly closed: Promise<void>
  uploads = true
  metadata: ChannelMetadata | null = null
  state: ViewerState = 'playing'
  fail: (error: Error) => void = () => {}
  #close: () => void = () => {}
  readonly clip: ClipViewer
  readonly #events = new EventTarget()

  constructor(clip: ClipViewer) {
    this.clip = clip
    this.closed = new Promise((resolve, reject) => {
      this.#close = resolve
      this.fail = reject
    })
    this.closed.catch(() => {})
  }

  get blocks() {
    return this.clip.blocks
  }

  seek = (position: Parameters<ClipViewer['seek']>[0]) => this.clip.seek(position)

  stats(): ViewerStats {
    const { state, bufferedSeconds } = this.clip.stats()
    return {
      state: this.state === 'playing' ? state : this.state,
      bufferedSeconds,
      peers: [1, 2, 3].map((id) => ({
        id: String(id),
        transport: 'webrtc',
        remoteAddress: null,
        bytesUp: 0,
        bytesDown: 0,
        connectedSeconds: 1,
      })),
      peersByTransport: { webrtc: 3 },
      others: 12,
      bytesUp: 1_230_000,
      bytesDown: 2_460_000,
      verifiedBlocks: 123,
      feedBlocks: 456,
      position: 123,
      latencyMs: 120,
      blocksPerSecond: 10,
      bitsPerSecond: 812_000,
      streamBytes: 2_400_000,
      relayedCopies: 0.51,
      blockBytesUp: 1_220_000,
      live: {
        neighbours: 3,
        children: 2,
        places: 6,
        parents: 4,
        depth: 2,
        pushedBlocks: 61,
        pushedBytes: 1_220_000,
        takenBlocks: 120,
        repairs: 1,
        duplicates: 2,
        duplicateBytes: 40_000,
        waste: 0.017,
        parentsLost: 1,
        banished: 0,
        heldBack: 0,
      },
      stalls: 0,
      epochs: 1,
    }
  }

  /** Says that something is wrong. */
  warn(error: Error): void {
    this.#events.dispatchEvent(new CustomEvent('warning', { detail: { error } }))
  }

  /** Says something of the channel. */
  describe(metadata: ChannelMetadata): void {
    this.metadata = metadata
    this.#events.dispatchEvent(new CustomEvent('metadata', { detail: { metadata } }))
  }

  /** Says that a state has changed. */
  turn(state: ViewerState): void {
    this.state = state
    this.#events.dispatchEvent(new Event('state'))
  }

  addEventListener: SessionViewer['addEventListener'] = (type, listener, options) =>
    this.#events.addEventListener(type, listener as unknown as (event: Event) => void, options)

  async close(): Promise<void> {
    this.clip.close()
    this.#close()
  }
}

declare global {
  var element: HypervisionViewerElement
  var session: ClipSession
  var seen: string[]
  /** Puts an element with these attributes on the page, and a clip on the air. */
  function show(attributes: Record<string, string>, behindMs?: number): Promise<void>
  /** Puts an element with these attributes on the page, and nothing else. */
  function showAlone(attributes: Record<string, string>): HypervisionViewerElement
  /** Ends the channel with an error. */
  function failWith(code: HypervisionErrorCode, message: string): void
  /** Leaves the page with a managed Media Source and no other, as telephones of Apple's do. */
  function onlyManagedMediaSource(): void
  /** Drops a part of what the managed source holds, as it may at any time. */
  function evict(start: number, end: number): Promise<void>
  /** What of the element lies outside of it, over something else, or is cut off. */
  function misplaced(): string[]
  /** What axe finds wrong. */
  function audit(): Promise<string[]>
}

globalThis.show = async (attributes, behindMs = 3000) => {
  globalThis.session = new ClipSession(await ClipViewer.open(['/clip.webm'], 4, behindMs))
  showAlone(attributes).viewer = session
}

globalThis.showAlone = (attributes) => {
  const element = document.createElement('hypervision-viewer')
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  globalThis.element = element
  globalThis.seen = []
  for (const type of [
    'play',
    'playing',
    'pause',
    'volumechange',
    'timeupdate',
    'statechange',
    'epoch',
    'uploadchange',
  ]) {
    element.addEventListener(type, () => seen.push(type))
  }
  // Whoever puts such a controller on the page wants the element in it.
  const place = document.querySelector('media-controller') ?? document.body
  place.append(element)
  return element
}

globalThis.failWith = (code, message) => session.fail(new HypervisionError(code, message))

globalThis.audit = async () => {
  const { violations } = await axe.run(document.body)
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' ')}`,
  )
}

globalThis.misplaced = () => {
  const all = (selector: string) => [...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])]
  // A thing that turns has corners that it does not fill.
  const areaOf = (one: HTMLElement) => {
    one.style.animation = 'none'
    const area = one.getBoundingClientRect()
    one.style.animation = ''
    return area
  }
  const isSeen = (one: HTMLElement) => one.checkVisibility({ opacityProperty: true }) && one.textContent !== null
  const boxes = all('.status > *, .ask > *, .figures, .seek, .buttons > *')
    .filter(isSeen)
    .filter((one) => !one.classList.contains('gap'))
    .map((one) => ({ name: one.className || one.localName, area: areaOf(one) }))
    .filter(({ area }) => area.width > 0)
  const outer = element.getBoundingClientRect()
  const found = boxes
    .filter(({ area }) => area.left < outer.left || area.right > outer.right || area.top < outer.top)
    .map(({ name }) => `${name} is outside`)
  found.push(...boxes.filter(({ area }) => area.height < 1).map(({ name }) => `${name} is squeezed away`))
  boxes.forEach((one, at) => {
    for (const other of boxes.slice(at + 1)) {
      const { left, right, top, bottom } = other.area
      const isOver = one.area.left < right - 1 && one.area.right > left + 1
      if (isOver && one.area.top < bottom - 1 && one.area.bottom > top + 1) found.push(`${one.name} over ${other.name}`)
    }
  })
  const cut = all('.status, .ask, .buttons, .player').filter(
    (one) => isSeen(one) && (one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1),
  )
  return [...found, ...cut.map((one) => `${one.className} is cut off`)]
}

globalThis.onlyManagedMediaSource = () => {
  let held: SourceBuffer
  // What a page can tell it by: it opens for an element that cannot play on another screen alone, and drops what it likes.
  class ManagedMediaSource extends MediaSource {
    override addSourceBuffer(type: string): SourceBuffer {
      if (!element.nativeEl.disableRemotePlayback) throw new DOMException('It is not open.', 'InvalidStateError')
      held = super.addSourceBuffer(type)
      return held
    }
  }
  Object.assign(globalThis, { ManagedMediaSource, MediaSource: undefined })
  // A real one drops without being busy, which `remove` is: nothing may be appended meanwhile.
  globalThis.evict = async (start, end) => {
    session.clip.hold()
    const idle = () => new Promise((resolve) => held.addEventListener('updateend', resolve, { once: true }))
    if (held.updating) await idle()
    held.remove(start, end)
    await idle()
    session.clip.resume()
  }
}

// A test that asks the page anything counts as a person's click; this begins without one, and says when to look.
if (location.hash === '#unasked') {
  await show({ autoplay: '', controls: '' })
  element.addEventListener('statechange', () => console.log(`state ${element.state}`))
}
