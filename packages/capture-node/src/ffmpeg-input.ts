/** Input arguments of ffmpeg: where picture and sound come from, on each system. */
import type { FfmpegInput, FfmpegOptions } from './ffmpeg-options.ts'

/** What the input arguments give. */
export interface InputArguments {
  readonly args: readonly string[]
  /** What to call the input in messages. */
  readonly label: string
  /** Whether a person or another program has to do something first, so that waiting is normal. */
  readonly waitsForPublisher: boolean
}

const defaultSize = { width: 1280, height: 720 }
const defaultRtmp = { host: '127.0.0.1', port: 1935, path: 'live' }

/**
 * Writes the input arguments.
 *
 * @param platform as in `process.platform`
 */
export function inputArguments(options: FfmpegOptions, platform: NodeJS.Platform): InputArguments {
  const { input, frameRate = 30, audio = true } = options
  if (input === 'test-pattern') return testPattern(options, frameRate)
  if (input === 'camera') return camera(platform, {}, frameRate, audio)
  if (input === 'screen') return screen(platform, undefined, frameRate)
  if (input === 'rtmp') return rtmp({})
  if ('camera' in input) return camera(platform, input, frameRate, audio)
  if ('screen' in input) return screen(platform, input.screen, frameRate)
  if ('rtmp' in input) return rtmp(input.rtmp)
  if ('file' in input) {
    const loop = input.loop === true ? ['-stream_loop', '-1'] : []
    return described(['-re', ...loop, '-i', `file:${input.file}`], `the file "${input.file}"`)
  }
  if ('url' in input) return described(['-i', input.url], `the address "${withoutSecrets(input.url)}"`)
  return described([...input.args], 'the given input')
}

function testPattern({ size = defaultSize }: FfmpegOptions, frameRate: number): InputArguments {
  const picture = `testsrc2=size=${size.width}x${size.height}:rate=${frameRate}`
  const tone = 'sine=frequency=440:sample_rate=48000:beep_factor=4'
  return described(['-re', '-f', 'lavfi', '-i', picture, '-re', '-f', 'lavfi', '-i', tone], 'the test pattern')
}

function camera(
  platform: NodeJS.Platform,
  { camera: name, microphone }: { camera?: string; microphone?: string },
  frameRate: number,
  audio: boolean,
): InputArguments {
  const rate = ['-framerate', String(frameRate)]
  const label = name === undefined ? 'the camera' : `the camera "${name}"`
  if (platform === 'darwin') {
    return described(
      ['-f', 'avfoundation', ...rate, '-i', `${name ?? '0'}:${audio ? (microphone ?? '0') : 'none'}`],
      label,
    )
  }
  if (platform === 'win32') {
    const sound = microphone === undefined || !audio ? '' : `:audio=${microphone}`
    return described(['-f', 'dshow', ...rate, '-i', `video=${name ?? 'Integrated Camera'}${sound}`], label)
  }
  const sound = audio ? ['-f', 'alsa', '-i', microphone ?? 'default'] : []
  return described(['-f', 'v4l2', ...rate, '-i', name ?? '/dev/video0', ...sound], label)
}

function screen(platform: NodeJS.Platform, name: string | undefined, frameRate: number): InputArguments {
  const rate = ['-framerate', String(frameRate)]
  const label = name === undefined ? 'the screen' : `the screen "${name}"`
  if (platform === 'darwin') return described(['-f', 'avfoundation', ...rate, '-i', `${name ?? '1'}:none`], label)
  if (platform === 'win32') return described(['-f', 'gdigrab', ...rate, '-i', name ?? 'desktop'], label)
  return described(['-f', 'x11grab', ...rate, '-i', name ?? process.env.DISPLAY ?? ':0.0'], label)
}

function rtmp({ host, port, path }: { host?: string; port?: number; path?: string }): InputArguments {
  const address = `rtmp://${host ?? defaultRtmp.host}:${port ?? defaultRtmp.port}/${path ?? defaultRtmp.path}`
  return { args: ['-f', 'flv', '-listen', '1', '-i', address], label: address, waitsForPublisher: true }
}

function described(args: readonly string[], label: string): InputArguments {
  return { args, label, waitsForPublisher: false }
}

/** An address may carry a user and a password, which belong in no message. */
export function withoutSecrets(text: string): string {
  return text.replace(/\/\/[^/@\s]*@/g, '//')
}

/** Whether an input is a device, for the choice of the error. */
export function isDevice(input: FfmpegInput): boolean {
  if (typeof input === 'string') return input === 'camera' || input === 'screen'
  return 'camera' in input || 'screen' in input
}
