// Real media, made by ffmpeg when the tests run: every codec of WebM and the muxer settings that change its shape.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const video = ['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=30']
const audio = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000']
const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '300k', '-g', '30']
const vp9 = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '300k', '-g', '30']
const av1 = ['-c:v', 'libsvtav1', '-preset', '12', '-b:v', '300k', '-g', '30']
const opus = ['-c:a', 'libopus', '-b:a', '48k']
const vorbis = ['-c:a', 'libvorbis', '-b:a', '64k']

/** Arguments by what is special about the result; `pipe` ones cannot seek back and so have unknown sizes. */
const recipes = {
  'vp8 and opus, Cues at the back': { args: [...video, ...audio, ...vp8, ...opus], pipe: false },
  'vp8 and vorbis, Cues at the front': {
    args: [...video, ...audio, ...vp8, ...vorbis, '-cues_to_front', '1'],
    pipe: false,
  },
  'vp9 and opus, live, Clusters of 50 ms': {
    args: [...video, ...audio, ...vp9, ...opus, '-live', '1', '-cluster_time_limit', '50'],
    pipe: true,
  },
  'vp9 and vorbis, lag and alternate reference frames, Clusters of 3000 bytes': {
    args: [
      ...video,
      ...audio,
      ...['-c:v', 'libvpx-vp9', '-cpu-used', '8', '-b:v', '300k', '-lag-in-frames', '25', '-auto-alt-ref', '1'],
      ...vorbis,
      ...['-cluster_size_limit', '3000'],
    ],
    pipe: true,
  },
  'av1 and opus': { args: [...video, ...audio, ...av1, ...opus], pipe: true },
  'opus only': { args: [...audio, ...opus], pipe: true },
  'vp8 only, a keyframe every 7 frames': { args: [...video, ...vp8, '-g', '7'], pipe: true },
  'vp9 only, for DASH': { args: [...video, ...vp9, '-dash', '1'], pipe: false },
  'audio 0.4 s late': {
    args: [...video, '-itsoffset', '0.4', ...audio, ...vp8, ...opus, '-dash', '0', '-cluster_time_limit', '1'],
    pipe: true,
  },
  'video 0.4 s late': { args: ['-itsoffset', '0.4', ...video, ...audio, ...vp8, ...opus], pipe: true },
  'timestamps from two hours on': {
    args: [...video, ...audio, ...vp8, ...opus, '-output_ts_offset', '7200'],
    pipe: true,
  },
} as const satisfies Record<string, { args: readonly string[]; pipe: boolean }>

export type FixtureName = keyof typeof recipes

export const fixtureNames = Object.keys(recipes) as FixtureName[]

/** Makes a fixture of three seconds in `folder`. */
export function makeFixture(folder: string, name: FixtureName): { path: string; bytes: Uint8Array } {
  const { args, pipe } = recipes[name]
  const path = join(folder, `${fixtureNames.indexOf(name)}.webm`)
  const output = pipe ? ['pipe:1'] : [path]
  const command = ['-v', 'error', '-y', ...args, '-t', '3', '-f', 'webm', ...output]
  const piped = execFileSync('ffmpeg', command, { maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'pipe'] })
  if (pipe) writeFileSync(path, piped)
  return { path, bytes: readFileSync(path) }
}
