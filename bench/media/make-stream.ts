// The stream that every parser reads: 720p VP8 at a live bitrate with Opus, as a recorder or ffmpeg writes it to a pipe.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Encodes ten seconds and repeats them with rising timestamps.
 *
 * @returns path of a WebM stream of unknown size, somewhat longer than `megabytes` (of a million bytes)
 */
export async function makeStream(folder: string, megabytes: number, signal: AbortSignal): Promise<string> {
  const clip = join(folder, 'clip.webm')
  const path = join(folder, 'stream.webm')
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=30,noise=alls=8:allf=t']
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000']
  const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '2500k', '-g', '60']
  const opus = ['-c:a', 'libopus', '-b:a', '96k']
  await run('ffmpeg', ['-v', 'error', '-y', ...picture, ...tone, '-t', '10', ...vp8, ...opus, clip], { signal })
  const repeats = Math.ceil((megabytes * 1e6) / readFileSync(clip).length) + 1
  const live = ['-c', 'copy', '-live', '1', '-f', 'webm', path]
  await run('ffmpeg', ['-v', 'error', '-y', '-stream_loop', String(repeats), '-i', clip, ...live], { signal })
  return path
}
