/** Which capture a broadcast takes its media from, by its options. */
import { access, constants, stat } from 'node:fs/promises'
import { type FfmpegInput, ffmpeg, webmFile, webmStream } from '@hypervision/capture-node'
import type { Capture } from '@hypervision/core'
import { cutWebm } from '@hypervision/core/webm'
import { flag, type OptionValues, optionalValue, usageError, value } from '../options/option.ts'
import { bitrate, numberFrom, oneOf, pictureSize, text, wholeNumber } from '../options/value-text.ts'
import { inputError, readBytes } from './byte-source.ts'

const defaultRtmpPort = 1935

/** Options of `broadcast` that say where media comes from and how ffmpeg encodes it. */
export const sourceOptions = {
  'test-pattern': flag('A moving picture with a clock, and a tone (needs ffmpeg)'),
  camera: optionalValue(
    'DEVICE',
    'first' as const,
    'A camera and its microphone (needs ffmpeg). Default: the first; on Linux such as /dev/video2',
    text,
  ),
  screen: flag('The screen (needs ffmpeg)'),
  rtmp: optionalValue(
    'PORT',
    defaultRtmpPort,
    `Wait for OBS or another encoder to send to rtmp://THIS-MACHINE:PORT/live (needs ffmpeg). Default: ${defaultRtmpPort}`,
    wholeNumber(1, 65_535),
  ),
  loop: flag('Begin a file again at its end, for ever'),
  bitrate: value('BITS', 'Bits per second of the picture, such as 800k or 2.5M. Default: 1M', bitrate),
  size: value('WxH', 'Picture in pixels, such as 1280x720. Default: as the source has it', pictureSize),
  fps: value('NUMBER', 'Pictures per second. Default: 30', numberFrom(1, 120, 'pictures per second')),
  codec: value('NAME', 'vp8, vp9 or av1. Default: vp8', oneOf('vp8', 'vp9', 'av1')),
}

type SourceValues = OptionValues<typeof sourceOptions>

/** Where a broadcast's media comes from. */
export interface BroadcastSource {
  /**
   * Looks whether an input that can be read twice is any good, which takes a moment where the network takes seconds.
   *
   * @throws HypervisionError ERR_CAPTURE_INPUT, ERR_WEBM_…
   */
  check(signal: AbortSignal): Promise<void>
  readonly capture: Capture
  /** For messages. */
  readonly name: string
  /** What a person has to do before there is media; null where nothing. */
  readonly waitsFor: string | null
}

/**
 * Chooses the capture.
 *
 * @param input a file, a URL, or `-`
 * @throws HypervisionError ERR_OPTION_INVALID when there is no source, more than one, or options that do not go with it
 */
export function selectCapture(values: SourceValues, input: string | undefined): BroadcastSource {
  checkSources(values, input)
  if (input === '-') return standardInput(values)
  if (input !== undefined) return fileOrUrl(values, input)
  if (values.loop) throw usageError('--loop goes with a file.')
  if (values['test-pattern']) return encoded(values, 'test-pattern', 'the test pattern')
  if (values.screen) return encoded(values, 'screen', 'the screen')
  const { camera, rtmp = defaultRtmpPort } = values
  if (camera !== undefined) {
    return encoded(values, camera === 'first' ? 'camera' : { camera }, camera === 'first' ? 'the camera' : camera)
  }
  const waitsFor = `Waiting for somebody to send to rtmp://THIS-MACHINE:${rtmp}/live (OBS: Settings, Stream, Custom).`
  return { ...encoded(values, { rtmp: { port: rtmp } }, 'RTMP'), waitsFor }
}

/** Exactly one source has to be named. */
function checkSources(values: SourceValues, input: string | undefined): void {
  const named = [
    ...(input === undefined ? [] : [input]),
    ...(['test-pattern', 'camera', 'screen', 'rtmp'] as const)
      .filter((name) => values[name] !== undefined && values[name] !== false)
      .map((name) => `--${name}`),
  ]
  if (named.length === 1) return
  if (named.length > 1) {
    throw usageError(`A broadcast has one source; ${named.join(' and ')} are given. Leave out all but one.`)
  }
  throw usageError(
    'broadcast needs a source: a file, a URL, - for WebM on stdin, --test-pattern, --camera, --screen or --rtmp.',
  )
}

function standardInput(values: SourceValues): BroadcastSource {
  refuseEncoding(values, 'stdin, which is sent as it is. Encode before the pipe')
  if (values.loop) throw usageError('--loop goes with a file, and stdin can be read once only.')
  if (process.stdin.isTTY === true) {
    throw usageError('- reads WebM from stdin, which is this terminal. Pipe something into it, such as < show.webm.')
  }
  return { capture: webmStream(process.stdin, { name: 'stdin' }), name: 'stdin', waitsFor: null, check: async () => {} }
}

function fileOrUrl(values: SourceValues, input: string): BroadcastSource {
  const { loop } = values
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(input)) {
    if (loop) throw usageError('--loop goes with a file, and a URL is read once.')
    return encoded(values, { url: input }, input)
  }
  const isWebm = /\.webm$/i.test(input)
  if (!isWebm || encodingGiven(values).length > 0) {
    return { ...encoded(values, { file: input, loop }, input), check: () => checkReadable(input) }
  }
  const check = (signal: AbortSignal) => checkWebm(input, signal)
  return { capture: webmFile(input, { loop }), name: input, waitsFor: null, check }
}

async function checkWebm(path: string, signal: AbortSignal): Promise<void> {
  const found = await stat(path).catch(() => null)
  // What is read from a pipe is gone.
  if (found !== null && !found.isFile() && !found.isDirectory()) return
  for await (const _first of cutWebm(readBytes(path, signal))) return
}

async function checkReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK)
  } catch (error) {
    throw inputError(path, error)
  }
}

function encoded(values: SourceValues, input: FfmpegInput, name: string): BroadcastSource {
  const { bitrate: videoBitrate, size, fps: frameRate, codec: videoCodec } = values
  const capture = ffmpeg({
    input,
    ...(videoBitrate === undefined ? {} : { videoBitrate }),
    ...(size === undefined ? {} : { size }),
    ...(frameRate === undefined ? {} : { frameRate }),
    ...(videoCodec === undefined ? {} : { videoCodec }),
  })
  return { capture, name, waitsFor: null, check: async () => {} }
}

function encodingGiven(values: SourceValues): string[] {
  return (['bitrate', 'size', 'fps', 'codec'] as const).filter((name) => values[name] !== undefined)
}

function refuseEncoding(values: SourceValues, why: string): void {
  const [given] = encodingGiven(values)
  if (given !== undefined) throw usageError(`--${given} does not go with ${why}.`)
}
