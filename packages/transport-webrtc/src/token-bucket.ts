/** Bounds how often somebody may do something: a bucket that is emptied by what they do and fills up again with time. */

/** Options of a {@link TokenBucket}. */
export interface TokenBucketOptions {
  readonly perSecond: number
  /** What may be spent at once after a pause. */
  readonly burst: number
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

/** A bucket of tokens, full at first. */
export class TokenBucket {
  readonly #perSecond: number
  readonly #burst: number
  readonly #now: () => number
  #left: number
  #at: number

  constructor({ perSecond, burst, now = () => performance.now() }: TokenBucketOptions) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#now = now
    this.#left = burst
    this.#at = now()
  }

  /** Takes tokens out; false, and nothing is taken, where there are too few. */
  spend(tokens = 1): boolean {
    const now = this.#now()
    this.#left = Math.min(this.#burst, this.#left + ((now - this.#at) / 1000) * this.#perSecond)
    this.#at = now
    if (this.#left < tokens) return false
    this.#left -= tokens
    return true
  }
}
