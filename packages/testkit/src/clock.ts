/** Time for what the kit has of its own, passed in so that a test can steer it. */

/** What the memory transport and the fake capture need of time. */
export interface KitClock {
  /** Milliseconds that only rise. */
  now(): number
  /** Calls back once, after so many milliseconds, never at once; 0 is as soon as possible. Returns what takes it back. */
  after(milliseconds: number, callback: () => void): () => void
}

/** The real time of the machine. */
export const realClock: KitClock = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    // A timer of 0 ms waits a whole one, which would slow a network without delay down to a thousand hops a second.
    if (milliseconds <= 0 && typeof setImmediate === 'function') {
      const immediate = setImmediate(callback)
      return () => clearImmediate(immediate)
    }
    const timer = setTimeout(callback, milliseconds)
    return () => clearTimeout(timer)
  },
}
