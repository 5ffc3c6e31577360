/** Options of the ffmpeg capture, and their checks. */
import { HypervisionError } from '@hypervision/core/contracts'

/** What ffmpeg reads. */
export type FfmpegInput =
  /** A moving picture with a running clock, and a tone. */
  | 'test-pattern'
  /** The first camera and microphone, or the whole screen. */
  | 'camera'
  | 'screen'
  /** Waits for OBS or another encoder to publish by RTMP. */
  | 'rtmp'
  /** A camera, by the name that the system gives it (Linux: `/dev/video0`; see `ffmpeg -list_devices`). */
  | { readonly camera: string; readonly microphone?: string }
  /** A screen (Linux: an X display such as `:0.0`; macOS: the screen's number; Windows: `desktop`). */
  | { readonly screen: string }
  /** An address to listen at: `rtmp://HOST:PORT/APP/KEY`. */
  | { readonly rtmp: { readonly host?: string; readonly port?: number; readonly path?: string } }
  /** A file of any format that ffmpeg reads, paced in real time. */
  | { readonly file: string; readonly loop?: boolean }
  /** An address that ffmpeg reads (HLS, RTSP, SRT …), in its own time. */
  | { readonly url: string }
  /** Raw input arguments, with their `-i`. */
  | { readonly args: readonly string[] }

/** Options of {@link ffmpeg}. */
export interface FfmpegOptions {
  readonly input: FfmpegInput
  /** @default 'vp8' */
  readonly videoCodec?: 'vp8' | 'vp9' | 'av1'
  /** Bits per second, 10 000 to 100 000 000. @default 1_000_000 */
  readonly videoBitrate?: number
  /** Bits per second, 6000 to 510 000. @default 64_000 */
  readonly audioBitrate?: number
  /** Pixels; the picture is scaled to it. @default the source's; 1280 × 720 for the test pattern */
  readonly size?: { readonly width: number; readonly height: number }
  /** Frames per second, 1 to 120. @default 30 */
  readonly frameRate?: number
  /** Seconds from keyframe to keyframe, 0.1 to 20: how long a viewer who joins may have to look back. @default 1 */
  readonly keyframeIntervalSeconds?: number
  /** Whether to send sound, where there is any. @default true */
  readonly audio?: boolean
  /** Arguments put before the input. */
  readonly inputArgs?: readonly string[]
  /** Arguments put before the output: they win over ours. */
  readonly outputArgs?: readonly string[]
  /** The program. @default the environment variable HYPERVISION_FFMPEG, or 'ffmpeg' */
  readonly ffmpegPath?: string
  /**
   * Longest wait for the first bytes, milliseconds, 100 to 600 000; 0 for ever.
   * @default 20_000, and 0 for RTMP, which waits for somebody to publish
   */
  readonly startTimeoutMs?: number
}

/** Fills in nothing; refuses what ffmpeg would misread. @throws HypervisionError ERR_OPTION_INVALID */
export function checkFfmpegOptions(options: FfmpegOptions): void {
  const { size } = options
  inRange('videoBitrate', options.videoBitrate, 10_000, 100_000_000)
  inRange('audioBitrate', options.audioBitrate, 6000, 510_000)
  inRange('frameRate', options.frameRate, 1, 120)
  inRange('keyframeIntervalSeconds', options.keyframeIntervalSeconds, 0.1, 20)
  if (options.startTimeoutMs !== 0) inRange('startTimeoutMs', options.startTimeoutMs, 100, 600_000)
  inRange('size.width', size?.width, 16, 16_384)
  inRange('size.height', size?.height, 16, 16_384)
  if (options.videoCodec !== undefined && !['vp8', 'vp9', 'av1'].includes(options.videoCodec)) {
    throw invalid('videoCodec', "'vp8', 'vp9' or 'av1'", options.videoCodec)
  }
  const { input } = options
  const isName = typeof input === 'string' && ['test-pattern', 'camera', 'screen', 'rtmp'].includes(input)
  const isDescribed = typeof input === 'object' && input !== null && Object.keys(input).length > 0
  if (!isName && !isDescribed) {
    throw invalid(
      'input',
      "'test-pattern', 'camera', 'screen', 'rtmp' or an object such as { file: 'show.mp4' }",
      input,
    )
  }
  const port = typeof input === 'object' && 'rtmp' in input ? input.rtmp.port : undefined
  inRange('input.rtmp.port', port, 1, 65_535)
}

function inRange(option: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isFinite(value) && value >= least && value <= most)) return
  throw invalid(option, `a number from ${least} to ${most}`, value)
}

function invalid(option: string, rule: string, value: unknown): HypervisionError {
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return new HypervisionError('ERR_OPTION_INVALID', `Option "${option}" of ffmpeg() must be ${rule}, not ${shown}.`, {
    detail: { option, value: shown },
  })
}
