/** One end of a memory connection: a duplex that copies what it is given and holds its writer back. */
import { Duplex } from 'streamx'
import type { MemoryLane, MemoryLaneReceiver, MemoryParcel } from './memory-lane.ts'

/** Options of a {@link MemoryStream}. */
export interface MemoryStreamOptions {
  /** What this end sends. */
  readonly out: MemoryLane
  /** What it receives. */
  readonly in: MemoryLane
  /** Bytes on their way at which the writer is held back. */
  readonly limitBytes: number
  /** The other end is there. */
  onopen(): void
}

/** Chunks on their way at which the writer is held back, however small they are. */
const limitChunks = 1024

/** One end of a connection. */
export class MemoryStream extends Duplex implements MemoryLaneReceiver {
  readonly #options: MemoryStreamOptions
  #heldBack: ((error: null) => void) | null = null
  #isReady = true
  #hasSentEnd = false
  #hasReceivedEnd = false

  constructor(options: MemoryStreamOptions) {
    super()
    this.#options = options
    options.in.attach(this)
    // Whoever takes the stream over listens too; a stream that breaks before that must not bring the process down.
    this.on('error', () => {})
  }

  get isReady(): boolean {
    return this.#isReady
  }

  /** The lane that this end sends on has room again. */
  proceed(): void {
    if (this.#heldBack === null || this.#isFull()) return
    const proceed = this.#heldBack
    this.#heldBack = null
    proceed(null)
  }

  receive(parcel: MemoryParcel): void {
    if (this.destroying) return
    if (parcel.kind === 'open') this.#options.onopen()
    else if (parcel.kind === 'reset') this.destroy(new Error('The peer has closed the connection.'))
    else if (parcel.kind === 'end') {
      this.#hasReceivedEnd = true
      this.push(null)
    } else this.#isReady = this.push(parcel.bytes)
  }

  /** Says that nothing more follows; `data` is written before that. */
  override end(data?: unknown): this {
    return super.end(data)
  }

  override _read(done: (error: null) => void): void {
    if (!this.#isReady) {
      this.#isReady = true
      this.#options.in.resume()
    }
    done(null)
  }

  override _write(chunk: Uint8Array, done: (error: null) => void): void {
    this.#options.out.send({ kind: 'data', bytes: new Uint8Array(chunk) })
    if (this.#isFull()) this.#heldBack = done
    else done(null)
  }

  override _final(done: (error: null) => void): void {
    this.#hasSentEnd = true
    this.#options.out.send({ kind: 'end' })
    done(null)
  }

  override _predestroy(): void {
    const heldBack = this.#heldBack
    this.#heldBack = null
    heldBack?.(null)
  }

  override _destroy(done: (error: null) => void): void {
    this.#options.in.end()
    // Both have said all they had to: what is still on its way to the other end arrives.
    if (!(this.#hasSentEnd && this.#hasReceivedEnd)) this.#options.out.send({ kind: 'reset' })
    done(null)
  }

  #isFull(): boolean {
    return this.#options.out.isFull(this.#options.limitBytes, limitChunks)
  }
}
