import { expect, it } from 'vitest'
import { ffmpeg } from './ffmpeg.ts'
import { ffmpegArguments } from './ffmpeg-arguments.ts'
import type { FfmpegInput, FfmpegOptions } from './ffmpeg-options.ts'

function line(input: FfmpegInput, platform: NodeJS.Platform = 'linux', options: Partial<FfmpegOptions> = {}): string {
  return ffmpegArguments({ input, ...options }, platform).join(' ')
}

it.each([
  ['camera', 'linux', '-f v4l2 -framerate 30 -i /dev/video0 -f alsa -i default'],
  ['camera', 'darwin', '-f avfoundation -framerate 30 -i 0:0'],
  ['camera', 'win32', '-f dshow -framerate 30 -i video=Integrated Camera'],
  [{ camera: 'HD Cam', microphone: 'Mic' }, 'win32', '-i video=HD Cam:audio=Mic'],
  ['screen', 'darwin', '-f avfoundation -framerate 30 -i 1:none'],
  ['screen', 'win32', '-f gdigrab -framerate 30 -i desktop'],
  [{ screen: ':1.0' }, 'linux', '-f x11grab -framerate 30 -i :1.0'],
  ['rtmp', 'linux', '-f flv -listen 1 -i rtmp://127.0.0.1:1935/live'],
  [{ rtmp: { host: '0.0.0.0', port: 2000, path: 'a/b' } }, 'linux', '-i rtmp://0.0.0.0:2000/a/b'],
  [{ file: 'a b.mp4', loop: true }, 'linux', '-re -stream_loop -1 -i file:a b.mp4'],
  [{ url: 'https://a.example/x.m3u8' }, 'linux', '-i https://a.example/x.m3u8'],
  [{ args: ['-f', 'lavfi', '-i', 'life'] }, 'linux', '-f lavfi -i life'],
] as const)('reads %o on %s', (input, platform, expected) => {
  expect(line(input, platform)).toContain(expected)
})

it('leaves sound out where none is wanted', () => {
  expect(line('camera', 'linux', { audio: false })).not.toContain('alsa')
  expect(line('camera', 'linux', { audio: false })).toContain('-an')
})

it('puts what the caller adds where it wins: before the input, and last before the output', () => {
  const words = ffmpegArguments(
    { input: 'test-pattern', inputArgs: ['-thread_queue_size', '9'], outputArgs: ['-b:v', '1'] },
    'linux',
  )
  expect(words.indexOf('-thread_queue_size')).toBeLessThan(words.indexOf('-i'))
  expect(words.slice(-3)).toEqual(['-b:v', '1', 'pipe:1'])
})

it('asks for Clusters of one frame, no look-ahead and keyframes by the clock', () => {
  const words = line('test-pattern', 'linux', { keyframeIntervalSeconds: 0.5, frameRate: 20, videoCodec: 'vp9' })
  for (const part of [
    '-cluster_time_limit 1',
    '-lag-in-frames 0',
    '-deadline realtime',
    '-g 10',
    'gte(t,n_forced*0.5)',
  ]) {
    expect(words).toContain(part)
  }
})

it.each([
  [{ input: 'tape' }, 'input'],
  [{ input: {} }, 'input'],
  [{ input: 'camera', videoBitrate: 5 }, 'videoBitrate'],
  [{ input: 'camera', size: { width: 0, height: 10 } }, 'size.width'],
  [{ input: 'camera', videoCodec: 'h264' }, 'videoCodec'],
  [{ input: 'camera', keyframeIntervalSeconds: Number.NaN }, 'keyframeIntervalSeconds'],
  [{ input: { rtmp: { port: 0 } } }, 'input.rtmp.port'],
] as unknown as [FfmpegOptions, string][])('refuses %o and names the option', (options, option) => {
  expect(() => ffmpeg(options)).toThrow(
    expect.objectContaining({ code: 'ERR_OPTION_INVALID', message: expect.stringContaining(option) }),
  )
})
