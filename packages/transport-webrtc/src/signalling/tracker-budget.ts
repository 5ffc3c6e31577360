/** What a tracker may ask of a peer: to check one offer takes a millisecond or two, and anybody may send them. */

const perSecond = 20
const burst = 100

/** A bucket of messages that fills up again. */
export class TrackerBudget {
  readonly #now: () => number
  #left = burst
  #at: number

  /** @param now milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#at = now()
  }

  /** Whether one more is taken. */
  spend(): boolean {
    const now = this.#now()
    this.#left = Math.min(burst, this.#left + ((now - this.#at) / 1000) * perSecond)
    this.#at = now
    if (this.#left < 1) return false
    this.#left--
    return true
  }
}
