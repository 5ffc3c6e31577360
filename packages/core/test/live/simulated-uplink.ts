// The uplink of a simulated node: all of its lines share it, one piece of each in turn, and what it takes in waits in a router's queue.
import type { VirtualClock } from './virtual-clock.ts'

const routerBytes = 32 * 1024

interface Piece {
  readonly bytes: number
  readonly leave: (atMs: number) => void
}

/** What waits on one line for the uplink. */
export interface LineQueue {
  readonly pieces: Piece[]
  bytes: number
  /** Something was taken. */
  ontaken(): void
}

/** Sends at a fixed rate. */
export class SimulatedUplink {
  readonly #clock: VirtualClock
  readonly #bytesPerMs: number
  /** Those whose turn it is come first. */
  readonly #waiting = new Set<LineQueue>()
  #busyUntilMs = 0
  #isBusy = false

  constructor(clock: VirtualClock, bitsPerSecond: number) {
    this.#clock = clock
    this.#bytesPerMs = bitsPerSecond / 8000
  }

  /** Sends a piece after those of its line; `leave` is told when the last byte of it leaves. */
  send(queue: LineQueue, bytes: number, leave: (atMs: number) => void): void {
    queue.pieces.push({ bytes, leave })
    queue.bytes += bytes
    this.#waiting.add(queue)
    if (!this.#isBusy) this.#take()
  }

  #take(): void {
    this.#isBusy = true
    for (let [queue] = this.#waiting; queue !== undefined; [queue] = this.#waiting) {
      const now = this.#clock.now()
      const roomInMs = this.#busyUntilMs - routerBytes / this.#bytesPerMs - now
      if (roomInMs > 0.001) {
        this.#clock.after(roomInMs, () => this.#take())
        return
      }
      this.#waiting.delete(queue)
      const piece = queue.pieces.shift()
      if (piece === undefined) continue
      if (queue.pieces.length > 0) this.#waiting.add(queue)
      queue.bytes -= piece.bytes
      this.#busyUntilMs = Math.max(now, this.#busyUntilMs) + piece.bytes / this.#bytesPerMs
      piece.leave(this.#busyUntilMs)
      queue.ontaken()
    }
    this.#isBusy = false
  }
}
