/** What can be put on air from a page. */
import { deviceError } from './capture-error.ts'
import { LiveCapture, type LiveCaptureOptions, type LiveSource } from './live-capture.ts'
import type { Quality } from './presets.ts'

/** Which devices {@link camera} takes. */
export interface CameraOptions extends LiveCaptureOptions {
  /** `deviceId` of {@link devices}; false for sound alone. @default any */
  readonly camera?: string | false
  /** `deviceId` of {@link devices}; false for pictures alone. @default any */
  readonly microphone?: string | false
}

/** What {@link screen} takes. */
export interface ScreenOptions extends LiveCaptureOptions {
  /** Whether to ask for the sound of what is shared, where the browser can. @default true */
  readonly sound?: boolean
}

/** A camera and a microphone. */
export function camera(options: CameraOptions = {}): LiveCapture {
  return new LiveCapture(cameraSource(options), options)
}

/** A screen, a window or a tab; the person chooses which. It has to be asked for when a button is pressed. */
export function screen(options: ScreenOptions = {}): LiveCapture {
  return new LiveCapture(screenSource(options), options)
}

/** Any stream that the page has: its tracks are left to the page. */
export function mediaStream(stream: MediaStream, options: LiveCaptureOptions = {}): LiveCapture {
  return new LiveCapture(streamSource(stream), options)
}

/** What is drawn on a canvas, without sound. */
export function canvas(element: HTMLCanvasElement, options: LiveCaptureOptions = {}): LiveCapture {
  return new LiveCapture(
    {
      name: 'canvas',
      isOwned: true,
      acquire: async ({ frameRate }) => element.captureStream(frameRate),
    },
    options,
  )
}

/** The source of {@link camera}, for `switchTo`. */
export function cameraSource(options: CameraOptions = {}): LiveSource {
  const { camera: video, microphone: audio } = options
  const device = video === false ? 'The microphone' : audio === false ? 'The camera' : 'The camera or the microphone'
  return {
    name: video === false ? 'microphone' : 'camera',
    isOwned: true,
    acquire: (quality) =>
      acquire(device, () =>
        navigator.mediaDevices.getUserMedia({
          video:
            video === false
              ? false
              : { ...pictureOf(quality), ...(video === undefined ? {} : { deviceId: { exact: video } }) },
          audio: audio === undefined ? true : audio === false ? false : { deviceId: { exact: audio } },
        }),
      ),
  }
}

/** The source of {@link screen}, for `switchTo`. */
export function screenSource({ sound = true }: ScreenOptions = {}): LiveSource {
  return {
    name: 'screen',
    isOwned: true,
    acquire: (quality) =>
      acquire('The screen', () => navigator.mediaDevices.getDisplayMedia({ video: pictureOf(quality), audio: sound })),
  }
}

/** The source of {@link mediaStream}, for `switchTo`. */
export function streamSource(stream: MediaStream): LiveSource {
  return { name: 'stream', isOwned: false, acquire: async () => stream }
}

function pictureOf({ width, height, frameRate }: Quality): MediaTrackConstraints {
  return { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: frameRate } }
}

async function acquire(device: string, ask: () => Promise<MediaStream>): Promise<MediaStream> {
  try {
    return await ask()
  } catch (error) {
    throw deviceError(device, error)
  }
}
