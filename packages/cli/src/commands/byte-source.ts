/** The bytes of a file or of stdin, for commands that read media without a network. */
import { open } from 'node:fs/promises'
import { HypervisionError } from '@hypervision/core/contracts'
import { usageError } from '../options/option.ts'

const chunkBytes = 256 * 1024

/**
 * Opens an input.
 *
 * @param name path of a file, or `-` for stdin
 * @param signal ends the reading, also in the middle of a wait
 * @throws HypervisionError ERR_CAPTURE_INPUT when it cannot be opened or read
 */
export async function* readBytes(name: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  const stream = name === '-' ? standardInput() : await openFile(name)
  const stop = (): void => void stream.destroy()
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    for await (const chunk of stream) yield chunk
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw inputError(name, error)
  } finally {
    signal.removeEventListener('abort', stop)
    stream.destroy()
  }
}

function standardInput() {
  if (process.stdin.isTTY === true) throw usageError('- reads stdin, which is this terminal. Pipe something into it.')
  return process.stdin
}

async function openFile(name: string) {
  try {
    const file = await open(name)
    return file.createReadStream({ highWaterMark: chunkBytes })
  } catch (error) {
    throw inputError(name, error)
  }
}

/** Makes the error of an input that cannot be read. */
export function inputError(name: string, error: unknown): HypervisionError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const problems: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file. Check the path',
    EACCES: 'this user may not read it. Check its permissions',
    EISDIR: 'it is a folder. Name a file in it',
  }
  const problem = problems[code] ?? (error instanceof Error ? error.message : String(error))
  return new HypervisionError('ERR_CAPTURE_INPUT', `${name === '-' ? 'stdin' : name} cannot be read: ${problem}.`, {
    cause: error,
    detail: { input: name },
  })
}
