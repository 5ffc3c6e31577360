/** Broadcast from a page: camera, microphone, screen, canvas, any MediaStream. */
export { type Device, devices, watchDevices } from './devices.ts'
export { LiveCapture, type LiveCaptureEvents, type LiveCaptureOptions, type LiveSource } from './live-capture.ts'
export { type Quality, type QualityName, qualities } from './presets.ts'
export type { VideoCodec } from './recorder.ts'
export {
  type CameraOptions,
  camera,
  cameraSource,
  canvas,
  mediaStream,
  type ScreenOptions,
  screen,
  screenSource,
  streamSource,
} from './sources.ts'
