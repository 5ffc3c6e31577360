// The page of the captures' tests: what a browser records goes back to the test as bytes.
import type { Capture } from '@hypervision/core/contracts'
import {
  camera,
  cameraSource,
  canvas,
  devices,
  LiveCapture,
  mediaStream,
  screen,
  screenSource,
  streamSource,
} from '../src/index.ts'

/** A recording under way, and what came of it. */
interface Recording {
  readonly capture: LiveCapture
  readonly bytes: number[][]
  code: string | null
  message: string
  isOver: boolean
  stop(): void
}

declare global {
  var recording: Recording
  var captures: {
    camera: typeof camera
    cameraSource: typeof cameraSource
    screen: typeof screen
    mediaStream: typeof mediaStream
    canvas: typeof canvas
    devices: typeof devices
    screenSource: typeof screenSource
    streamSource: typeof streamSource
    LiveCapture: typeof LiveCapture
  }
  /** A canvas that moves, and a stream of it with a tone. */
  var drawing: { element: HTMLCanvasElement; stream: MediaStream; stop(): void }
  /** A track that shows what is written, when it is written. */
  function trackOfPictures(): { track: MediaStreamTrack; write(): Promise<void> }
  function recordFrom(capture: LiveCapture): void
  function rejection(capture: Capture): Promise<{ code: string; message: string }>
}

globalThis.captures = {
  camera,
  cameraSource,
  screen,
  mediaStream,
  canvas,
  devices,
  screenSource,
  streamSource,
  LiveCapture,
}

globalThis.recordFrom = (capture) => {
  const stopping = new AbortController()
  const recording: Recording = {
    capture,
    bytes: [],
    code: null,
    message: '',
    isOver: false,
    stop: () => stopping.abort(),
  }
  globalThis.recording = recording
  const run = async (): Promise<void> => {
    for await (const chunk of capture.open({ signal: stopping.signal })) recording.bytes.push([...chunk])
  }
  run()
    .catch((error) => Object.assign(recording, { code: error.code, message: error.message }))
    .finally(() => {
      recording.isOver = true
    })
}

globalThis.rejection = async (capture) => {
  try {
    for await (const _chunk of capture.open({ signal: new AbortController().signal })) break
    return { code: 'none', message: '' }
  } catch (error) {
    const { code, message } = error as { code: string; message: string }
    return { code, message }
  }
}

globalThis.trackOfPictures = () => {
  const { MediaStreamTrackGenerator } = globalThis as unknown as {
    MediaStreamTrackGenerator: new (options: {
      kind: 'video'
    }) => MediaStreamTrack & { writable: WritableStream<VideoFrame> }
  }
  const track = new MediaStreamTrackGenerator({ kind: 'video' })
  const writer = track.writable.getWriter()
  const picture = new OffscreenCanvas(64, 64)
  picture.getContext('2d')
  return {
    track,
    write: () => writer.write(new VideoFrame(picture, { timestamp: Math.round(performance.now() * 1000) })),
  }
}

const element = document.createElement('canvas')
Object.assign(element, { width: 320, height: 180 })
const context = element.getContext('2d')
const timer = setInterval(() => {
  if (context === null) return
  context.fillStyle = '#c00'
  context.fillRect(0, 0, 320, 180)
  context.fillStyle = '#fff'
  context.fillRect((performance.now() / 10) % 300, 60, 40, 60)
}, 40)
const audio = new AudioContext()
const tone = audio.createOscillator()
const out = audio.createMediaStreamDestination()
tone.connect(out)
tone.start()
globalThis.drawing = {
  element,
  stream: new MediaStream([...element.captureStream(25).getTracks(), ...out.stream.getTracks()]),
  stop: () => clearInterval(timer),
}
