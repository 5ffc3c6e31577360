/** Time as the emulation takes it, so that a test can steer it. */
export interface Clock {
  /** Milliseconds that only rise. */
  now(): number
  /** Calls back once, after so many milliseconds. Returns what takes it back. */
  after(milliseconds: number, callback: () => void): () => void
}
