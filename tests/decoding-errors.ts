import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A browser's recorder gives frames the times at which they came: they are taken as they are. */
const asTheyCame = ['-fps_mode', 'passthrough', '-enc_time_base', '1:1000']
/** On a busy machine it gives two frames of sound the same time, which is no fault; an earlier one would be. */
const sameTime = /^.*non monotonically increasing dts to muxer in stream \d+: (\d+) >= \1\n/gm

/**
 * What ffmpeg has to say about a file when it decodes all of it: nothing, where it is sound.
 *
 * @param isOfBrowser whether a browser recorded it
 */
export async function decodingErrors(file: string, { isOfBrowser = false } = {}): Promise<string> {
  const ffmpeg = process.env.HYPERVISION_FFMPEG ?? 'ffmpeg'
  const times = isOfBrowser ? asTheyCame : []
  const { stderr } = await run(ffmpeg, ['-v', 'error', '-i', file, ...times, '-f', 'null', '-'])
  return isOfBrowser ? stderr.replace(sameTime, '') : stderr
}
