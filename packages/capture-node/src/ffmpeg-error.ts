/** What an ffmpeg that ended too soon was about, and what to do about it. */
import { HypervisionError, type HypervisionErrorCode } from '@hypervision/core/contracts'
import { inputArguments, isDevice } from './ffmpeg-input.ts'
import type { FfmpegOptions } from './ffmpeg-options.ts'

/** How an ffmpeg ended. */
export interface FfmpegEnd {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** Last lines of its standard error. */
  readonly stderr: readonly string[]
  /** Bytes of WebM that it gave. */
  readonly bytes: number
}

const installHints: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'Install it with your package manager, such as "apt-get install ffmpeg"',
  darwin: 'Install it with "brew install ffmpeg"',
  win32: 'Install it with "winget install ffmpeg"',
}

/** The program cannot be started. */
export function missingFfmpeg(path: string, platform: NodeJS.Platform, cause: unknown): HypervisionError {
  const hint = installHints[platform] ?? 'Install it from ffmpeg.org'
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new HypervisionError(
    'ERR_CAPTURE_MISSING',
    `ffmpeg cannot be started as "${path}" (${reason}). ${hint}, or say where it is with the option ffmpegPath or the ` +
      'environment variable HYPERVISION_FFMPEG. A WebM file needs no ffmpeg: webmFile(path).',
    { cause, detail: { path } },
  )
}

/** No byte within the time for starting. */
export function startTimeout(options: FfmpegOptions, afterMs: number, stderr: readonly string[]): HypervisionError {
  const { label } = inputArguments(options, process.platform)
  return new HypervisionError(
    'ERR_CAPTURE_TIMEOUT',
    `ffmpeg gave no media from ${label} within ${afterMs / 1000} s. Check that it is sending, or raise startTimeoutMs.`,
    { detail: { stderr } },
  )
}

/** Whether an end that nobody asked for is an error; null where the source was simply over. */
export function endError(options: FfmpegOptions, end: FfmpegEnd): HypervisionError | null {
  const { exitCode, signal, stderr, bytes } = end
  if (exitCode === 0 && bytes > 0) return null
  const { label } = inputArguments(options, process.platform)
  const said = stderr.at(-1) ?? 'it said nothing'
  const how = signal === null ? `with exit code ${exitCode}` : `by ${signal}`
  const [code, message] =
    bytes > 0
      ? (['ERR_CAPTURE_FAILED', `ffmpeg stopped in mid-stream ${how} while reading ${label}: ${said}`] as const)
      : beforeMedia(options, exitCode, label, said, stderr)
  return new HypervisionError(code, message, { detail: { exitCode, signal, stderr } })
}

function beforeMedia(
  { input }: FfmpegOptions,
  exitCode: number | null,
  label: string,
  said: string,
  stderr: readonly string[],
): readonly [HypervisionErrorCode, string] {
  if (exitCode === 0) return ['ERR_CAPTURE_ENDED', `ffmpeg found no media in ${label}. Choose another input.`]
  if (isDevice(input)) {
    return [
      'ERR_CAPTURE_DEVICE',
      `ffmpeg cannot capture ${label}: ${said}. Check that the device exists, is not in use and may be used.`,
    ]
  }
  if (input === 'test-pattern') return ['ERR_CAPTURE_FAILED', `ffmpeg cannot make ${label}: ${said}`]
  if (stderr.some((line) => /address already in use/i.test(line))) {
    return ['ERR_CAPTURE_INPUT', `ffmpeg cannot listen at ${label}: the port is taken. Choose another one.`]
  }
  return [
    'ERR_CAPTURE_INPUT',
    `ffmpeg cannot read ${label}: ${said}. Check the name and that it holds picture or sound.`,
  ]
}
