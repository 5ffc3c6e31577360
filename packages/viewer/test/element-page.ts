// The page of the element's tests: `<hypervision-viewer>` on a channel that the test steers.
import '../src/element.ts'
import type { ViewerState, ViewerStats } from '@hypervision/core'
import axe from 'axe-core'
import type { HypervisionViewerElement, SessionViewer } from '../src/element.ts'
import { ClipViewer } from './clip-viewer.ts'

/** A {@link ClipViewer} with the figures that the element shows; a test sets `state`. */
class ClipSession implements SessionViewer {
  readonly closed: Promise<void>
  uploads = true
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
      stalls: 0,
      epochs: 1,
    }
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
  /** What axe finds wrong. */
  function audit(): Promise<string[]>
}

globalThis.show = async (attributes, behindMs = 3000) => {
  globalThis.session = new ClipSession(await ClipViewer.open(['/clip.webm'], 4, behindMs))
  const element = document.createElement('hypervision-viewer')
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.viewer = session
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
  document.body.append(element)
}

globalThis.audit = async () => {
  const { violations } = await axe.run(document.body)
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' ')}`,
  )
}

// A test that asks the page anything counts as a person's click; this begins without one, and says when to look.
if (location.hash === '#unasked') {
  await show({ autoplay: '', controls: '' })
  element.addEventListener('statechange', () => console.log(`state ${element.state}`))
}
