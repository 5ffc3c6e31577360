// A page of the bench: it broadcasts or watches, in one way or another.
import '@hypervision/viewer/element'
import { type LiveCapture, mediaStream } from '@hypervision/capture-browser'
import { createBroadcast } from '@hypervision/core'
import { webrtc } from '@hypervision/transport-webrtc'
import { clockStream } from './clock-canvas.ts'
import { broadcastOldWay, type OldWayOptions, watchOldWay } from './old-way.ts'
import { PictureReader, type Seen } from './picture-reader.ts'

/** What a page of the bench can do, in reach of the bench. */
export interface BenchPage {
  /** Puts the clock on air; the link. */
  broadcast(tracker: string): Promise<string>
  /** Puts the clock on air as in 2016; the key. */
  broadcastOldWay(tracker: string, options: OldWayOptions): Promise<string>
  /** Shows the clock without recording it. */
  showDirectly(): void
  watch(link: string, tracker: string): void
  watchOldWay(key: string, tracker: string, options: OldWayOptions): void
  /** From the call that began to watch to the first picture, ms. */
  firstPicture(): Promise<number>
  /** Watches for so long; what was seen. */
  look(ms: number): Promise<Seen>
}

declare global {
  var benchPage: BenchPage
}

let reader: PictureReader | null = null
let startedAt = Number.NaN

globalThis.benchPage = {
  async broadcast(tracker) {
    const capture: LiveCapture = mediaStream(clockStream(), { quality: 'medium' })
    const broadcast = await createBroadcast({ capture, transports: [overWebRtc(tracker)] })
    await new Promise((resolve) => broadcast.addEventListener('live', resolve, { once: true }))
    return broadcast.link
  },

  broadcastOldWay: (tracker, options) => broadcastOldWay(clockStream(), overWebRtc(tracker), options),

  showDirectly() {
    const video = begin(document.createElement('video'))
    video.srcObject = clockStream()
    void video.play()
  },

  watch(link, tracker) {
    const element = document.createElement('hypervision-viewer')
    const attributes = { src: link, trackers: tracker, 'ice-servers': '', autoplay: '', muted: '' }
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
    begin(element.nativeEl, element)
  },

  watchOldWay(key, tracker, options) {
    const video = begin(document.createElement('video'))
    watchOldWay(video, key, overWebRtc(tracker), options).catch((error: unknown) => console.error(error))
  },

  async firstPicture() {
    if (reader === null) throw new Error('nothing is being watched')
    return (await reader.first) - startedAt
  },

  async look(ms) {
    if (reader === null) throw new Error('nothing is being watched')
    reader.restart()
    await new Promise((resolve) => setTimeout(resolve, ms))
    return reader.seen()
  },
}

function begin(video: HTMLVideoElement, element: HTMLElement = video): HTMLVideoElement {
  startedAt = performance.now()
  video.muted = true
  document.body.append(element)
  reader = new PictureReader(video)
  return video
}

function overWebRtc(tracker: string) {
  return webrtc({ trackers: [tracker], iceServers: [] })
}
