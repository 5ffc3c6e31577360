/** Where media goes: a file, or stdout. It takes as much as it can write and holds back its source beyond that. */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { Writable } from 'node:stream'
import { HypervisionError } from '@hypervision/core/contracts'
import { usageError } from '../options/option.ts'

/** An open output. */
export interface ByteSink {
  readonly name: string
  /**
   * Writes, and resolves when more can be taken.
   *
   * @returns false when nobody reads any more
   * @throws HypervisionError ERR_FEED_STORAGE, ERR_FEED_STORAGE_FULL when the file cannot be written
   */
  write(bytes: Uint8Array): Promise<boolean>
  /** Flushes and closes. */
  close(): Promise<void>
}

/**
 * Opens an output.
 *
 * @param name path of a file, which is replaced, or `-` for stdout
 * @throws HypervisionError ERR_OPTION_INVALID when it cannot be written
 */
export async function openSink(name: string): Promise<ByteSink> {
  if (name === '-') return stdoutSink()
  const stream = createWriteStream(name)
  // Errors are told by the promises below; a stream without a listener would end the process.
  stream.on('error', () => {})
  try {
    await once(stream, 'open')
  } catch (error) {
    throw openError(name, error)
  }
  return {
    name,
    async write(bytes) {
      try {
        await written(stream, bytes)
        return true
      } catch (error) {
        throw writeError(name, error)
      }
    },
    async close() {
      if (stream.destroyed) return
      stream.end()
      try {
        await once(stream, 'close')
      } catch (error) {
        throw writeError(name, error)
      }
    },
  }
}

function stdoutSink(): ByteSink {
  if (process.stdout.isTTY === true) {
    throw usageError('--out - writes video to stdout, which is this terminal. Pipe it into a player or a file.')
  }
  const { stdout } = process
  return {
    name: 'stdout',
    async write(bytes) {
      try {
        await written(stdout, bytes)
        return true
      } catch {
        return false
      }
    },
    async close() {
      // Ends when everything before it is written, or when it cannot be.
      await new Promise<void>((resolve) => stdout.write('', () => resolve()))
    },
  }
}

async function written(stream: Writable, bytes: Uint8Array): Promise<void> {
  if (stream.errored !== null) throw stream.errored
  if (stream.destroyed) throw new Error('it is closed')
  if (stream.write(bytes)) return
  const waiting = new AbortController()
  const { signal } = waiting
  try {
    await Promise.race([once(stream, 'drain', { signal }), closed(stream, signal)])
  } finally {
    waiting.abort()
  }
}

async function closed(stream: Writable, signal: AbortSignal): Promise<never> {
  await once(stream, 'close', { signal })
  throw new Error('it was closed')
}

function openError(name: string, error: unknown): HypervisionError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const problems: Readonly<Record<string, string>> = {
    ENOENT: 'its folder does not exist. Make it first',
    EACCES: 'this user may not write there. Choose another place',
    EISDIR: 'it is a folder. Name a file in it',
    EROFS: 'that file system is read-only. Choose another place',
  }
  const problem = problems[code] ?? (error instanceof Error ? error.message : String(error))
  return usageError(`--out ${name} cannot be written: ${problem}.`, { option: 'out', value: name })
}

function writeError(name: string, error: unknown): HypervisionError {
  const isFull = error instanceof Error && 'code' in error && error.code === 'ENOSPC'
  const problem = isFull
    ? 'the disk is full. Free some space, or choose another place'
    : error instanceof Error
      ? error.message
      : String(error)
  return new HypervisionError(
    isFull ? 'ERR_FEED_STORAGE_FULL' : 'ERR_FEED_STORAGE',
    `Writing ${name} failed: ${problem}.`,
    {
      cause: error,
      detail: { output: name },
    },
  )
}
