/**
 * One direction of a connection: what one end has written and the other has not got yet, in order. As with TCP or UDX, no more than a
 * window of bytes is on its way without an answer, which is what holds a writer back whose peer is slow, or dead.
 */
import type { Clock } from '../time/clock.ts'
import type { Uplink } from './uplink.ts'

/** What travels: the call that makes the connection, bytes, the end of the bytes, or the loss of the connection. */
export type Parcel =
  | { readonly kind: 'open' }
  | { readonly kind: 'end' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'data'; readonly bytes: Uint8Array }

/** The far end of a lane. */
export interface LaneReceiver {
  /** Whether it takes more bytes now. */
  readonly isReady: boolean
  receive(parcel: Parcel): void
}

/** What a lane needs of the network that it crosses. */
export interface LaneOptions {
  readonly clock: Clock
  readonly uplink: Uplink
  /** One way, ms. */
  readonly delayMs: number
  /** Bytes that may be on their way without an answer. */
  readonly windowBytes: number
  /** How much later so many bytes arrive because some of them were lost and sent again. */
  lossMs(bytes: number): number
  /** Whether parcels arrive, wait, or are gone for ever. */
  passage(): 'open' | 'cut' | 'dead'
  /** When the sending host died; Infinity while it lives. */
  senderDiedAtMs(): number
  onsent(bytes: number): void
  ondelivered(bytes: number): void
}

interface Writing {
  readonly parcel: Parcel
  readonly taken: () => void
}

interface Travelling {
  readonly parcel: Parcel
  readonly leavesAtMs: number
  readonly dueAtMs: number
}

/** Parcels on their way to one end. */
export class Lane {
  readonly #options: LaneOptions
  #receiver: LaneReceiver | null = null
  #writing: Writing[] = []
  #isSending = false
  #travelling: Travelling[] = []
  #bytesInFlight = 0
  #isOver = false
  #isTimed = false

  constructor(options: LaneOptions) {
    this.#options = options
  }

  attach(receiver: LaneReceiver): void {
    this.#receiver = receiver
  }

  /** Sends after all that was sent before; `taken` is called when it has left the writer. */
  send(parcel: Parcel, taken: () => void = () => {}): void {
    if (this.#isOver) return
    this.#writing.push({ parcel, taken })
    this.#write()
  }

  /** Tells the other end that the connection is over; what was not taken yet is not sent any more. */
  reset(): void {
    this.#writing = []
    this.send({ kind: 'reset' })
  }

  /** Goes on after a pause: the receiver takes bytes again, or the network lets them through. */
  resume(): void {
    if (this.#isTimed || this.#isOver) return
    const first = this.#travelling[0]
    if (first === undefined || (!this.#isDeliverable(first) && !this.#isReset())) return
    const { clock } = this.#options
    const dueAtMs = this.#isDeliverable(first) ? first.dueAtMs : (this.#travelling.at(-1)?.dueAtMs ?? 0)
    this.#isTimed = true
    clock.after(Math.max(0, dueAtMs - clock.now()), () => {
      this.#isTimed = false
      this.#deliver()
    })
  }

  /** Nothing is delivered any more. */
  end(): void {
    this.#isOver = true
    this.#writing = []
    this.#travelling = []
  }

  #write(): void {
    const next = this.#writing[0]
    if (next === undefined || this.#isSending || this.#isOver || this.#bytesInFlight >= this.#options.windowBytes)
      return
    const { clock, uplink, delayMs, lossMs, senderDiedAtMs, onsent } = this.#options
    if (senderDiedAtMs() <= clock.now()) return
    const bytes = sizeOf(next.parcel)
    this.#isSending = true
    this.#bytesInFlight += bytes
    uplink.send(bytes, (leavesAtMs) => {
      this.#isSending = false
      // It may have been withdrawn while it stood in line.
      if (this.#isOver || this.#writing[0] !== next) return this.#write()
      this.#writing.shift()
      onsent(bytes)
      // A parcel never overtakes an earlier one.
      const dueAtMs = Math.max(leavesAtMs + delayMs + lossMs(bytes), this.#travelling.at(-1)?.dueAtMs ?? 0)
      this.#travelling.push({ parcel: next.parcel, leavesAtMs, dueAtMs })
      this.resume()
      next.taken()
      this.#write()
    })
  }

  #deliver(): void {
    const { clock, passage } = this.#options
    const now = clock.now()
    // What a dead host is sent is lost without an answer: the writer goes on until the window is full.
    if (passage() === 'dead') this.#travelling = []
    if (passage() !== 'open') return
    while (!this.#isOver) {
      const first = this.#travelling[0]
      if (first === undefined || first.dueAtMs > now) break
      if (this.#isDeliverable(first)) {
        this.#travelling.shift()
        this.#hand(first)
      } else if (this.#isReset() && (this.#travelling.at(-1)?.dueAtMs ?? 0) <= now) {
        // A reset is not kept waiting behind bytes that nobody reads.
        this.end()
        this.#receiver?.receive({ kind: 'reset' })
      } else break
    }
    this.resume()
  }

  #hand({ parcel, leavesAtMs }: Travelling): void {
    const { clock, delayMs, senderDiedAtMs, ondelivered } = this.#options
    if (leavesAtMs > senderDiedAtMs()) return
    const bytes = sizeOf(parcel)
    if (bytes > 0) {
      ondelivered(bytes)
      clock.after(delayMs, () => {
        this.#bytesInFlight -= bytes
        this.#write()
      })
    }
    if (parcel.kind === 'reset') this.end()
    this.#receiver?.receive(parcel)
  }

  #isDeliverable({ parcel }: Travelling): boolean {
    return parcel.kind !== 'data' || this.#receiver?.isReady === true
  }

  #isReset(): boolean {
    return this.#travelling.at(-1)?.parcel.kind === 'reset'
  }
}

function sizeOf(parcel: Parcel): number {
  return parcel.kind === 'data' ? parcel.bytes.byteLength : 0
}
