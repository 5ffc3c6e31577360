/** One direction of a memory connection: what one end has sent and the other has not got yet, in order. */
import type { KitClock } from '../clock.ts'

/** What travels on a lane: the start of the connection, bytes, the end of the bytes, or the loss of the connection. */
export type MemoryParcel =
  | { readonly kind: 'open' }
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'reset' }

/** The far end of a lane. */
export interface MemoryLaneReceiver {
  /** Whether it takes more bytes now. */
  readonly isReady: boolean
  receive(parcel: MemoryParcel): void
}

/** Options of a {@link MemoryLane}. */
export interface MemoryLaneOptions {
  readonly clock: KitClock
  /** Milliseconds that a parcel of so many bytes travels. */
  delayMs(bytes: number): number
  /** Whether nothing passes now. */
  isBlocked(): boolean
  /** Sees every parcel as it leaves. */
  onsend(parcel: MemoryParcel): void
  /** Called after parcels arrived, when the sender may have been held back. */
  onroom(): void
}

type Travelling = MemoryParcel & { readonly dueAt: number }

/** Parcels on their way to one end. Their number and size are bounded by the sender, which asks {@link MemoryLane.isFull}. */
export class MemoryLane {
  readonly #options: MemoryLaneOptions
  #receiver: MemoryLaneReceiver | null = null
  #parcels: Travelling[] = []
  #bytes = 0
  #cancel = (): void => {}
  #isOver = false

  constructor(options: MemoryLaneOptions) {
    this.#options = options
  }

  /** Bytes on their way. */
  get bytes(): number {
    return this.#bytes
  }

  /** Whether the sender has to wait. */
  isFull(limitBytes: number, limitParcels: number): boolean {
    return !this.#isOver && (this.#bytes >= limitBytes || this.#parcels.length >= limitParcels)
  }

  attach(receiver: MemoryLaneReceiver): void {
    this.#receiver = receiver
  }

  send(parcel: MemoryParcel): void {
    if (this.#isOver) return
    const bytes = parcel.kind === 'data' ? parcel.bytes.byteLength : 0
    const { clock } = this.#options
    // A later parcel never overtakes: a connection keeps its order whatever the delay does.
    const dueAt = Math.max(clock.now() + this.#options.delayMs(bytes), this.#parcels.at(-1)?.dueAt ?? 0)
    this.#parcels.push({ ...parcel, dueAt })
    this.#bytes += bytes
    this.#options.onsend(parcel)
    this.#schedule()
  }

  /** Goes on after a pause: the receiver has room again, or the lane is no longer blocked. Delivers in a later turn. */
  resume(): void {
    this.#schedule()
  }

  /** Forgets what is on its way; nothing is delivered any more. */
  end(): void {
    this.#isOver = true
    this.#parcels = []
    this.#bytes = 0
    this.#cancel()
  }

  #schedule(): void {
    this.#cancel()
    if (this.#isOver || this.#options.isBlocked()) return
    const dueAt = this.#nextDue()
    if (dueAt !== null) {
      this.#cancel = this.#options.clock.after(Math.max(0, dueAt - this.#options.clock.now()), () => this.#deliver())
    }
  }

  /** When there is something to do: for a receiver that takes no more bytes that is only the loss of the connection. */
  #nextDue(): number | null {
    const [first] = this.#parcels
    if (first === undefined) return null
    if (first.kind !== 'data' || this.#receiver?.isReady) return first.dueAt
    const last = this.#parcels.at(-1)
    return last?.kind === 'reset' ? last.dueAt : null
  }

  #deliver(): void {
    if (this.#options.isBlocked()) return
    const now = this.#options.clock.now()
    const last = this.#parcels.at(-1)
    if (last?.kind === 'reset' && last.dueAt <= now) {
      // As with TCP, a reset is not kept waiting behind bytes that nobody reads.
      this.end()
      this.#receiver?.receive(last)
      return
    }
    for (let due = this.#takeDue(now); due !== null; due = this.#takeDue(now)) this.#receiver?.receive(due)
    this.#options.onroom()
    this.#schedule()
  }

  #takeDue(now: number): MemoryParcel | null {
    const [first] = this.#parcels
    if (first === undefined || first.dueAt > now || (first.kind === 'data' && !this.#receiver?.isReady)) return null
    this.#parcels.shift()
    if (first.kind === 'data') this.#bytes -= first.bytes.byteLength
    return first
  }
}
