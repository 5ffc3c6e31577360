/** Time as the overlay sees it: passed in, so that a test or an emulation can steer it. */

/** A monotonic clock with timers. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  now(): number
  /** Runs something once, after so many milliseconds; returns how to call it off. */
  after(ms: number, run: () => void): () => void
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
