/** Recordings; loaded when the first one is asked for. */
export { readRecordedFiles } from './recorded-files.ts'
export { startRecording } from './start-recording.ts'
