/** Captures in Node: WebM files and pipes, and ffmpeg. */
export type { Clock } from './clock.ts'
export { ffmpeg } from './ffmpeg.ts'
export type { FfmpegInput, FfmpegOptions } from './ffmpeg-options.ts'
export { type WebmFileOptions, webmFile } from './webm-file.ts'
export { type WebmStreamOptions, webmStream } from './webm-stream.ts'
