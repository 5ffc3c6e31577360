/**
 * Time that stands still while anything computes, and then jumps to the next timer. So a swarm of any size can be
 * emulated on any machine, however busy it is: what comes out depends on delays, rates and protocols alone. It works as long as
 * nothing waits for the world outside the process, files excepted; hypercores in memory over an emulated network do not.
 */
import type { Clock } from './clock.ts'
import { type QueuedTimer, TimerQueue } from './timer-queue.ts'

// Taken before anybody puts virtual ones in their place.
const nextTurn = globalThis.setImmediate

/** Virtual time of one process. */
export class VirtualTime implements Clock {
  /** Callbacks of setImmediate that are yet to run, kept up to date by who puts it in place of the global one. */
  pendingImmediates = 0
  readonly #timers = new TimerQueue()
  #nowMs = 0

  now(): number {
    return this.#nowMs
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = this.add(milliseconds, callback)
    return () => {
      timer.isCancelled = true
    }
  }

  /** Sets a timer. */
  add(milliseconds: number, run: () => void): QueuedTimer {
    const timer = { dueAtMs: this.#nowMs + Math.max(0, milliseconds), isCancelled: false, run }
    this.#timers.add(timer)
    return timer
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve))
  }

  /**
   * Lets time pass until a promise settles.
   *
   * @throws what the promise rejects with; Error when nothing is left that could settle it
   */
  async run<Value>(promise: Promise<Value>): Promise<Value> {
    let isSettled = false
    const settle = (): void => {
      isSettled = true
    }
    promise.then(settle, settle)
    for (;;) {
      await this.#settle()
      if (isSettled) return promise
      const timer = this.#timers.take()
      if (timer === null) throw new Error('Everything waits and no timer is set.')
      this.#nowMs = Math.max(this.#nowMs, timer.dueAtMs)
      timer.run()
    }
  }

  /** Waits until all that follows from the last timer has been done. Promises settle within one turn of the event loop. */
  async #settle(): Promise<void> {
    do {
      await new Promise((resolve) => nextTurn(resolve))
    } while (this.pendingImmediates > 0 || isReadingFiles())
  }
}

/** hypercore-storage looks for files of older versions when it opens. */
function isReadingFiles(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'))
}
