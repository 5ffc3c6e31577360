/**
 * How much later than the line alone takes messages arrive one way: what waits in the uplink before them, and what is lost and sent again. Two clocks
 * differ by nobody knows how much, so the quickest message of the last while stands for the line.
 */

/** Clocks are told in 32 bits. */
const clockRange = 2 ** 32
/** So long, and up to twice as long, the quickest message is remembered, ms: clocks drift, and lines change. */
const rememberedMs = 20_000
/** Time after which what was measured has lost most of its weight, ms. */
const forgottenMs = 500
/** More than this is a clock that was set, or that lies, ms. */
const latestMs = 10_000

/** One direction of one line. */
export class Lateness {
  #ms = 0
  #lastMs = 0
  #atMs = 0
  #least = Number.POSITIVE_INFINITY
  #leastBefore = Number.POSITIVE_INFINITY
  #sinceMs = 0

  /** Of messages of the last half second or so, on average, ms. */
  get ms(): number {
    return this.#ms
  }

  /** Of the last message, ms. */
  get lastMs(): number {
    return this.#lastMs
  }

  /** A message came: when it was sent by the clock of the one, and when it came by the clock of the other. */
  add(sentMs: number, cameMs: number, nowMs: number): void {
    const tookMs = ((((cameMs - sentMs + clockRange / 2) % clockRange) + clockRange) % clockRange) - clockRange / 2
    if (nowMs - this.#sinceMs > rememberedMs) {
      this.#leastBefore = this.#least
      this.#least = tookMs
      this.#sinceMs = nowMs
    }
    this.#least = Math.min(this.#least, tookMs)
    const lateMs = Math.min(latestMs, tookMs - Math.min(this.#least, this.#leastBefore))
    this.#lastMs = lateMs
    this.#ms += (lateMs - this.#ms) * (1 - Math.exp((this.#atMs - nowMs) / forgottenMs))
    this.#atMs = nowMs
  }
}
