/** The files of a recording: the one that was named, and `name-2.webm` … for each codec after the first. */
import { type FileHandle, open, rm, stat } from 'node:fs/promises'
import { join, parse } from 'node:path'
import type { RecordingTarget } from '@hypervision/core'
import { openError, writeError } from '../commands/byte-sink.ts'
import { usageError } from '../options/option.ts'

/** Further names are not looked for. */
const maxFiles = 10_000

/** Opens files one after the other. */
export class RecordingFiles {
  readonly #name: string
  readonly #mayReplace: boolean
  #first: FileTarget | null
  readonly #names: string[] = []

  private constructor(name: string, mayReplace: boolean, first: FileTarget) {
    this.#name = name
    this.#mayReplace = mayReplace
    this.#first = first
  }

  /**
   * Opens the first file, so that what is wrong with it shows before anything is recorded. One that is to be replaced keeps what
   * is in it until then.
   *
   * @param mayReplace whether a file that is there is replaced
   * @throws HypervisionError ERR_OPTION_INVALID when it is there, or cannot be written
   */
  static async open(name: string, mayReplace: boolean): Promise<RecordingFiles> {
    if (name === '-') {
      throw usageError(
        'record writes a file that players seek in, which a pipe cannot be. For a stream: hypervision watch LINK --out -',
      )
    }
    const first = await openTarget(name, mayReplace)
    if (first !== null) return new RecordingFiles(name, mayReplace, first)
    throw usageError(`--out ${name} is there already. Choose another name, or replace it with --force.`, {
      option: 'out',
      value: name,
    })
  }

  /** Files that were begun. */
  get names(): readonly string[] {
    return this.#names
  }

  /** The place of the next file. A recording is not ended by a name that is taken: the next free one is found. */
  async next(): Promise<RecordingTarget> {
    const target = this.#first ?? (await this.#nextFree())
    this.#first = null
    this.#names.push(target.name)
    return target
  }

  /** Lets go of a first file that was not begun. */
  async close(): Promise<void> {
    await this.#first?.discard()
    this.#first = null
  }

  async #nextFree(): Promise<FileTarget> {
    const { dir, name, ext } = parse(this.#name)
    for (let number = this.#names.length + 1; number <= maxFiles; number++) {
      const target = await openTarget(join(dir, `${name}-${number}${ext}`), this.#mayReplace)
      if (target !== null) return target
    }
    throw usageError(`All names from ${name}-2${ext} to ${name}-${maxFiles}${ext} are taken. Choose another --out.`)
  }
}

/** @returns null where there is one that may not be replaced */
async function openTarget(name: string, mayReplace: boolean): Promise<FileTarget | null> {
  try {
    const isThere = await stat(name).then(
      () => true,
      () => false,
    )
    if (isThere && !mayReplace) return null
    // Reading along: a file that is not to be emptied yet is opened for both.
    return new FileTarget(name, await open(name, isThere ? 'r+' : 'wx'), !isThere)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return null
    throw openError(name, error)
  }
}

class FileTarget implements RecordingTarget {
  readonly name: string
  readonly #file: FileHandle
  /** Whether opening made it. */
  readonly #isNew: boolean
  #length = 0

  constructor(name: string, file: FileHandle, isNew: boolean) {
    this.name = name
    this.#file = file
    this.#isNew = isNew
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    try {
      if (this.#length === 0) await this.#empty()
      for (let at = 0; at < bytes.byteLength; ) {
        const { bytesWritten } = await this.#file.write(bytes, at, bytes.byteLength - at, position + at)
        at += bytesWritten
      }
      this.#length = Math.max(this.#length, position + bytes.byteLength)
    } catch (error) {
      // Half a block at the end would be all that a player complains about.
      await this.#file.truncate(this.#length).catch(() => {})
      throw writeError(this.name, error, this.#length)
    }
  }

  async close(isFinished: boolean): Promise<void> {
    try {
      if (isFinished && (await this.#file.stat()).isFile()) await this.#file.datasync()
    } catch (error) {
      throw writeError(this.name, error, this.#length)
    } finally {
      await this.#file.close()
    }
  }

  async discard(): Promise<void> {
    await this.#file.close()
    if (this.#isNew) await rm(this.name, { force: true })
  }

  async #empty(): Promise<void> {
    if ((await this.#file.stat()).isFile()) await this.#file.truncate(0)
  }
}
