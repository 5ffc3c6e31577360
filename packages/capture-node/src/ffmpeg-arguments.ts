/** The whole command line: input, then encoding for the least delay, then WebM to standard output. */
import { inputArguments } from './ffmpeg-input.ts'
import type { FfmpegOptions } from './ffmpeg-options.ts'

const encoders = { vp8: 'libvpx', vp9: 'libvpx-vp9', av1: 'libsvtav1' } as const

/**
 * Writes the arguments of ffmpeg.
 *
 * @param platform as in `process.platform`
 */
export function ffmpegArguments(options: FfmpegOptions, platform: NodeJS.Platform): string[] {
  const { args } = inputArguments(options, platform)
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'warning'],
    ...(options.inputArgs ?? []),
    ...args,
    ...videoArguments(options),
    ...audioArguments(options),
    ...muxerArguments,
    ...(options.outputArgs ?? []),
    'pipe:1',
  ]
}

/**
 * Clusters are written when they are full, so that what they span is delay: one per frame. The picture decides what is
 * interleaved with it at most 100 ms later.
 */
const muxerArguments = [
  ...['-f', 'webm', '-live', '1', '-cluster_time_limit', '1', '-flush_packets', '1'],
  ...['-max_interleave_delta', '100000', '-map_metadata', '-1', '-sn', '-dn'],
]

function videoArguments(options: FfmpegOptions): string[] {
  const { videoCodec = 'vp8', videoBitrate = 1_000_000, frameRate = 30, keyframeIntervalSeconds = 1, size } = options
  const bitrate = String(Math.round(videoBitrate))
  return [
    ...['-c:v', encoders[videoCodec], '-pix_fmt', 'yuv420p', '-r', String(frameRate)],
    ...(size === undefined ? [] : ['-vf', `scale=${size.width}:${size.height}`]),
    ...['-b:v', bitrate, ...(videoCodec === 'av1' ? [] : ['-maxrate', bitrate, '-bufsize', bitrate])],
    // A keyframe by the clock holds for sources whose frame rate wanders; the group of pictures only bounds it.
    ...['-g', String(Math.max(1, Math.round(frameRate * keyframeIntervalSeconds)))],
    ...['-force_key_frames', `expr:gte(t,n_forced*${keyframeIntervalSeconds})`],
    ...speedArguments(videoCodec),
  ]
}

/** Encoding faster than real time on two cores, without looking ahead. */
function speedArguments(videoCodec: 'vp8' | 'vp9' | 'av1'): string[] {
  const libvpx = ['-deadline', 'realtime', '-lag-in-frames', '0', '-error-resilient', '1']
  if (videoCodec === 'vp8') return [...libvpx, '-cpu-used', '8', '-auto-alt-ref', '0']
  if (videoCodec === 'vp9') return [...libvpx, '-cpu-used', '8', '-row-mt', '1', '-auto-alt-ref', '0']
  // A low-delay structure is refused together with a cap on the bit rate.
  return ['-preset', '12', '-svtav1-params', 'pred-struct=1:lookahead=0']
}

function audioArguments({ audio = true, audioBitrate = 64_000 }: FfmpegOptions): string[] {
  if (!audio) return ['-an']
  return [
    '-c:a',
    'libopus',
    '-b:a',
    String(Math.round(audioBitrate)),
    '-application',
    'lowdelay',
    '-ar',
    '48000',
    '-ac',
    '2',
  ]
}
