/** Bounds how often a peer may do something: a bucket that is emptied by what it does and fills up again with time. */

/** Options of a {@link TokenBucket}. */
export interface TokenBucketOptions {
  readonly perSecond: number
  /** What may be spent at once after a pause. */
  readonly burst: number
  /** Milliseconds of a clock that never goes back. */
  now(): number
}

/** A bucket of tokens, full at first. */
export class TokenBucket {
  readonly #options: TokenBucketOptions
  #left: number
  #at: number

  constructor(options: TokenBucketOptions) {
    this.#options = options
    this.#left = options.burst
    this.#at = options.now()
  }

  /** Takes a token out; false where there is none. */
  spend(): boolean {
    const { now, perSecond, burst } = this.#options
    const at = now()
    this.#left = Math.min(burst, this.#left + ((at - this.#at) / 1000) * perSecond)
    this.#at = at
    if (this.#left < 1) return false
    this.#left--
    return true
  }
}
