/** Where media goes: a file, or stdout. It takes as much as it can write and holds back its source beyond that. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { HypervisionError } from '@hypervision/core/contracts'
import { usageError } from '../options/option.ts'

/** An open output. */
export interface ByteSink {
  readonly name: string
  /**
   * Writes, and resolves when more can be taken.
   *
   * @returns false when nobody reads any more, or the signal aborted while the reader was waited for
   * @throws HypervisionError ERR_FEED_STORAGE, ERR_FEED_STORAGE_FULL when the file cannot be written
   */
  write(bytes: Uint8Array): Promise<boolean>
  /** Closes; idempotent. */
  close(): Promise<void>
}

/**
 * Opens an output. A file keeps what is in it until the first write.
 *
 * @param name path of a file, which is replaced, or `-` for stdout
 * @param signal ends the wait for a reader that takes nothing
 * @throws HypervisionError ERR_OPTION_INVALID when it cannot be written
 */
export async function openSink(name: string, signal: AbortSignal): Promise<ByteSink> {
  if (name === '-') return stdoutSink(signal)
  try {
    const isNew = !existsSync(name)
    return new FileSink(name, await open(name, 'a'), isNew)
  } catch (error) {
    throw openError(name, error)
  }
}

class FileSink implements ByteSink {
  readonly name: string
  readonly #file: FileHandle
  readonly #isNew: boolean
  /** Whether the file has an end that can be moved; a pipe and a device have none. */
  #isRegular: boolean | null = null
  /** Bytes of whole blocks. */
  #length = 0
  #isClosed = false

  /** @param isNew whether opening made it: then it goes again where nothing was written */
  constructor(name: string, file: FileHandle, isNew: boolean) {
    this.name = name
    this.#file = file
    this.#isNew = isNew
  }

  async write(bytes: Uint8Array): Promise<boolean> {
    try {
      if (this.#isRegular === null) await this.#begin()
      await this.#file.appendFile(bytes)
      this.#length += bytes.byteLength
      return true
    } catch (error) {
      if (codeOf(error) === 'EPIPE') return false
      // Half a block at the end would be all that a player complains about.
      if (this.#isRegular) await this.#file.truncate(this.#length).catch(() => {})
      throw writeError(this.name, error, this.#length)
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    try {
      await this.#file.close()
      if (this.#isNew && this.#isRegular === null) await rm(this.name, { force: true })
    } catch (error) {
      throw writeError(this.name, error, this.#length)
    }
  }

  async #begin(): Promise<void> {
    this.#isRegular = (await this.#file.stat()).isFile()
    if (this.#isRegular) await this.#file.truncate(0)
  }
}

function stdoutSink(signal: AbortSignal): ByteSink {
  const { stdout } = process
  if (stdout.isTTY === true) {
    throw usageError('--out - writes video to stdout, which is this terminal. Pipe it into a player or a file.')
  }
  return {
    name: 'stdout',
    async write(bytes) {
      if (stdout.destroyed || signal.aborted) return false
      if (stdout.write(bytes)) return true
      const waiting = new AbortController()
      try {
        const either = { signal: AbortSignal.any([waiting.signal, signal]) }
        const closed = once(stdout, 'close', either).then(() => false)
        return await Promise.race([once(stdout, 'drain', either).then(() => true), closed])
      } catch {
        return false
      } finally {
        waiting.abort()
      }
    },
    // The process ends when its stdout is flushed.
    close: async () => {},
  }
}

/** Makes the error of an output that cannot be opened. */
export function openError(name: string, error: unknown): HypervisionError {
  const problems: Readonly<Record<string, string>> = {
    ENOENT: 'its folder does not exist. Make it first',
    ENOTDIR: 'what stands before its name is no folder. Check the path',
    EACCES: 'this user may not write there. Choose another place',
    EISDIR: 'it is a folder. Name a file in it',
    EROFS: 'that file system is read-only. Choose another place',
    ENOSPC: 'the disk is full. Free some space, or choose another place',
  }
  const problem = problems[codeOf(error)] ?? (error instanceof Error ? error.message : String(error))
  return usageError(`--out ${name} cannot be written: ${problem}.`, { option: 'out', value: name })
}

/** Makes the error of an output that cannot be written to. */
export function writeError(name: string, error: unknown, length: number): HypervisionError {
  const code = codeOf(error)
  const isFull = code === 'ENOSPC' || code === 'EDQUOT'
  const message = error instanceof Error ? error.message : String(error)
  const problem = isFull ? 'the disk is full. Free some space, or choose another place' : message
  const kept = length === 0 ? '' : ' What was written until then is kept, and plays.'
  return new HypervisionError(
    isFull ? 'ERR_FEED_STORAGE_FULL' : 'ERR_FEED_STORAGE',
    `Writing ${name} failed: ${problem}.${kept}`,
    { cause: error, detail: { output: name, bytes: length } },
  )
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
