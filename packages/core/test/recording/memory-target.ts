// A place for recordings in memory, which checks that it is written to as targets are promised.
import type { RecordingFile, RecordingTarget } from '../../src/recording/types.ts'

/** A file as it is after each write. */
export class MemoryTarget implements RecordingTarget {
  readonly file: RecordingFile
  bytes = Buffer.alloc(0)
  /** The file before its head was put right: what is left of a recording that is killed. */
  unfinished = Buffer.alloc(0)
  isFinished: boolean | null = null

  constructor(file: RecordingFile) {
    this.file = file
  }

  write(bytes: Uint8Array, position: number): void {
    if (this.isFinished !== null) throw new Error('It was written to after it was closed.')
    if (position === this.bytes.length) {
      this.bytes = Buffer.concat([this.bytes, bytes])
      return
    }
    if (position !== 0) throw new Error(`Only the head may be put right, not byte ${position}.`)
    this.unfinished = Buffer.from(this.bytes)
    this.bytes.set(bytes)
  }

  close(isFinished: boolean): void {
    if (this.isFinished !== null) throw new Error('It was closed twice.')
    this.isFinished = isFinished
  }
}
