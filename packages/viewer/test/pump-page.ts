// The page of the pump's tests: one <video>, one channel, one pump, all in reach of the test.
import { type PumpEvent, type PumpOptions, pump } from '../src/pump/pump.ts'
import { ClipViewer } from './clip-viewer.ts'

/** What a test sees of the page. */
export interface PumpPage {
  readonly viewer: ClipViewer
  readonly video: HTMLVideoElement
  readonly pump: ReturnType<typeof pump>
  readonly events: PumpEvent[]
  /** Brightness of the picture that is shown, 0 to 255 in each of 16 fields: two different pictures differ. */
  picture(): number[]
}

declare global {
  function startPump(
    clips: readonly string[],
    options?: PumpOptions & { behindMs?: number; repeat?: number; fromStart?: boolean },
  ): Promise<void>
  var it: PumpPage
}

globalThis.startPump = async (clips, { behindMs = 0, repeat = 4, fromStart = false, ...options } = {}) => {
  const video = document.querySelector('video')
  if (video === null) throw new Error('the page has no <video>')
  const viewer = await ClipViewer.open(clips, repeat, behindMs)
  if (fromStart) await viewer.seek('start')
  const events: PumpEvent[] = []
  const running = pump(video, viewer, { ...options, onevent: (event) => events.push(event) })
  globalThis.it = { viewer, video, pump: running, events, picture: () => pictureOf(video) }
  void video.play().catch(() => {})
}

function pictureOf(video: HTMLVideoElement): number[] {
  const canvas = new OffscreenCanvas(4, 4)
  const context = canvas.getContext('2d')
  context?.drawImage(video, 0, 0, 4, 4)
  const pixels = context?.getImageData(0, 0, 4, 4).data ?? []
  return Array.from(
    { length: 16 },
    (_, at) => ((pixels[at * 4] ?? 0) + (pixels[at * 4 + 1] ?? 0) + (pixels[at * 4 + 2] ?? 0)) / 3,
  )
}
