import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A browser's recorder gives frames the times at which they came, on a busy machine two frames of sound the same. */
const asTheyCame = ['-fps_mode', 'passthrough', '-enc_time_base:v', '1:1000', '-af', 'aresample=async=1']

/**
 * What ffmpeg has to say about a file when it decodes all of it: nothing, where it is sound.
 *
 * @param isOfBrowser whether a browser recorded it: its times are taken as they are
 */
export async function decodingErrors(file: string, { isOfBrowser = false } = {}): Promise<string> {
  const ffmpeg = process.env.HYPERVISION_FFMPEG ?? 'ffmpeg'
  const times = isOfBrowser ? asTheyCame : []
  const { stderr } = await run(ffmpeg, ['-v', 'error', '-i', file, ...times, '-f', 'null', '-'])
  return stderr
}
