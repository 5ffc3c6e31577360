// A page that can broadcast and watch: a moving canvas goes on air, a player shows a channel, all in reach of a test.
import '../src/element.ts'
import { camera } from '@hypervision/capture-browser'
import { type Broadcast, type BroadcastOptions, createBroadcast } from '@hypervision/core'
import { webrtc } from '@hypervision/transport-webrtc'
import type { HypervisionViewerElement } from '../src/element.ts'

declare global {
  var broadcast: Broadcast
  var element: HypervisionViewerElement
  /** Puts a moving picture with sound on air; its link. */
  function broadcastCanvas(trackers: readonly string[], options?: { maxPeers?: number }): Promise<string>
  /** Puts the camera and the microphone on air; its link. */
  function broadcastCamera(trackers: readonly string[]): Promise<string>
  /** Puts a player of a channel on the page. */
  function watch(link: string, tracker: string, attributes?: Record<string, string>): void
  /** What the player warned of. */
  var warnings: string[]
  /** Colours of the shown picture in 16 fields: of two different pictures they differ. */
  function picture(): number[]
}

globalThis.broadcastCanvas = (trackers, { maxPeers = 64 } = {}) => goLive(recordCanvas(), trackers, maxPeers)
globalThis.broadcastCamera = (trackers) => goLive(camera({ quality: 'low' }), trackers)

async function goLive(
  capture: BroadcastOptions['capture'],
  trackers: readonly string[],
  maxPeers = 64,
): Promise<string> {
  globalThis.broadcast = await createBroadcast({
    capture,
    transports: [webrtc({ trackers, iceServers: [] })],
    maxPeers,
    title: 'From a page',
  })
  await new Promise((resolve) => broadcast.addEventListener('live', resolve, { once: true }))
  return broadcast.link
}

globalThis.watch = (link, tracker, attributes = {}) => {
  const element = document.createElement('hypervision-viewer')
  const all = { src: link, trackers: tracker, 'ice-servers': '', autoplay: '', muted: '', controls: '', ...attributes }
  for (const [name, value] of Object.entries(all)) element.setAttribute(name, value)
  globalThis.element = element
  globalThis.warnings = []
  element.addEventListener('warning', (event) => warnings.push((event as CustomEvent<Error>).detail.message))
  document.body.append(element)
}

globalThis.picture = () => {
  const context = new OffscreenCanvas(4, 4).getContext('2d')
  context?.drawImage(element.nativeEl, 0, 0, 4, 4)
  return [...(context?.getImageData(0, 0, 4, 4).data ?? [])]
}

/** What a browser's own recorder makes of a canvas and a tone. */
async function* recordCanvas(): AsyncGenerator<Uint8Array> {
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width: 320, height: 180 })
  const context = canvas.getContext('2d')
  const draw = setInterval(() => {
    if (context === null) return
    context.fillStyle = `hsl(${(performance.now() / 10) % 360} 80% 50%)`
    context.fillRect(0, 0, 320, 180)
    context.fillStyle = '#fff'
    context.fillRect((performance.now() / 10) % 300, 40, 60, 100)
  }, 40)
  const audio = new AudioContext()
  const tone = audio.createOscillator()
  const sound = audio.createMediaStreamDestination()
  tone.connect(sound)
  tone.start()
  const stream = new MediaStream([...canvas.captureStream(25).getTracks(), ...sound.stream.getTracks()])
  const options = {
    mimeType: 'video/webm; codecs=vp8,opus',
    videoBitsPerSecond: 400_000,
    videoKeyFrameIntervalDuration: 1000,
  }
  const recorder = new MediaRecorder(stream, options as MediaRecorderOptions)
  const chunks: Blob[] = []
  let wake = (): void => {}
  recorder.ondataavailable = ({ data }) => {
    chunks.push(data)
    wake()
  }
  recorder.start(100)
  try {
    for (;;) {
      const chunk = chunks.shift()
      if (chunk === undefined) await new Promise<void>((resolve) => (wake = resolve))
      else yield new Uint8Array(await chunk.arrayBuffer())
    }
  } finally {
    clearInterval(draw)
    recorder.stop()
  }
}
