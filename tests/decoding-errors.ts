import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What ffmpeg has to say about a file when it decodes all of it: nothing, where it is sound. */
export async function decodingErrors(file: string): Promise<string> {
  const ffmpeg = process.env.HYPERVISION_FFMPEG ?? 'ffmpeg'
  const { stderr } = await run(ffmpeg, ['-v', 'error', '-i', file, '-f', 'null', '-'])
  return stderr
}
