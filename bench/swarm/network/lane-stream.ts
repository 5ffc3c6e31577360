/** One end of an emulated connection: a duplex that copies what it is given and holds its writer back. */
import { Duplex } from 'streamx'
import type { Lane, LaneReceiver, Parcel } from './lane.ts'

/** Options of a {@link LaneStream}. */
export interface LaneStreamOptions {
  /** What this end sends. */
  readonly out: Lane
  /** What it receives. */
  readonly in: Lane
  /** The other end is there. */
  onopen(): void
}

/** One end of a connection. */
export class LaneStream extends Duplex implements LaneReceiver {
  readonly #options: LaneStreamOptions
  #isReady = true
  #hasSentEnd = false
  #hasReceivedEnd = false
  #taken: ((error: null) => void) | null = null

  constructor(options: LaneStreamOptions) {
    super()
    this.#options = options
    options.in.attach(this)
    // Whoever takes the stream over listens too; a stream that breaks before that must not bring the process down.
    this.on('error', () => {})
  }

  get isReady(): boolean {
    return this.#isReady
  }

  receive(parcel: Parcel): void {
    if (this.destroying) return
    if (parcel.kind === 'open') this.#options.onopen()
    else if (parcel.kind === 'reset') this.destroy(new Error('The peer has closed the connection.'))
    else if (parcel.kind === 'end') {
      this.#hasReceivedEnd = true
      this.push(null)
    } else this.#isReady = this.push(parcel.bytes)
  }

  override _read(done: (error: null) => void): void {
    if (!this.#isReady) {
      this.#isReady = true
      this.#options.in.resume()
    }
    done(null)
  }

  override _write(chunk: Uint8Array, done: (error: null) => void): void {
    this.#taken = done
    this.#options.out.send({ kind: 'data', bytes: new Uint8Array(chunk) }, () => this.#release())
  }

  override _final(done: (error: null) => void): void {
    this.#hasSentEnd = true
    this.#options.out.send({ kind: 'end' })
    done(null)
  }

  override _predestroy(): void {
    this.#release()
  }

  override _destroy(done: (error: null) => void): void {
    this.#options.in.end()
    // Both have said all they had to: what is still on its way to the other end arrives.
    if (!(this.#hasSentEnd && this.#hasReceivedEnd)) this.#options.out.reset()
    done(null)
  }

  #release(): void {
    const taken = this.#taken
    this.#taken = null
    taken?.(null)
  }
}
