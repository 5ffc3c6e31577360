/**
 * The one uplink of a host, which all of its connections share: bytes leave at its rate, first come, first served, through a queue
 * that is as short as a router's. Who finds it full waits in line.
 */
import type { Clock } from '../time/clock.ts'

/** Bytes that wait to leave at which nothing more is taken in. */
const queueBytes = 32 * 1024

interface Waiting {
  readonly bytes: number
  readonly taken: (leavesAtMs: number) => void
}

/** Sends at a fixed rate. */
export class Uplink {
  readonly #clock: Clock
  readonly #bytesPerMs: number
  readonly #line: Waiting[] = []
  #busyUntilMs = 0
  /** Whether something is being taken, or a timer is set for when there is room. */
  #isBusy = false

  constructor(clock: Clock, bitsPerSecond: number) {
    this.#clock = clock
    this.#bytesPerMs = bitsPerSecond / 8000
  }

  /** Sends bytes; `taken` is told when the last of them leaves, as soon as there is room for them in the queue. */
  send(bytes: number, taken: (leavesAtMs: number) => void): void {
    this.#line.push({ bytes, taken })
    if (!this.#isBusy) this.#take()
  }

  #take(): void {
    // Who is taken may send again in the same breath: that stands in line, or each would set a timer of its own.
    this.#isBusy = true
    for (let next = this.#line[0]; next !== undefined; next = this.#line[0]) {
      const now = this.#clock.now()
      const roomInMs = this.#busyUntilMs - queueBytes / this.#bytesPerMs - now
      if (roomInMs > 0) {
        this.#clock.after(roomInMs, () => this.#take())
        return
      }
      this.#line.shift()
      this.#busyUntilMs = Math.max(now, this.#busyUntilMs) + next.bytes / this.#bytesPerMs
      next.taken(this.#busyUntilMs)
    }
    this.#isBusy = false
  }
}
