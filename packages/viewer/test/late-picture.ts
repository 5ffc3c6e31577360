// A clip as cameras and screens give it now and then: after 1.6 s a picture comes a fifth of a second late. It has one keyframe.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Writes four seconds of pictures and sound to a file. */
export async function recordLatePicture(file: string): Promise<void> {
  const pictures = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=4']
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=4']
  const late = ['-vf', "select='not(between(n,41,44))'", '-fps_mode', 'passthrough', '-g', '250']
  const fast = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '300k', '-c:a', 'libopus']
  const ffmpeg = process.env.HYPERVISION_FFMPEG ?? 'ffmpeg'
  await promisify(execFile)(ffmpeg, ['-v', 'error', ...pictures, ...tone, ...late, ...fast, file])
}
