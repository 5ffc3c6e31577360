/**
 * How fast to play near the live edge. The buffer ahead goes up and down with every block, so what counts is how low it
 * fell within the last second: that is the margin. A margin above the target is delay that nobody needs, one below it a
 * stall to come. The target rises with every stall and comes down slowly when there is none.
 */

/** How to keep to the live edge; all in seconds. */
export interface LiveEdgeOptions {
  /** Margin to begin with, and the least one. @default 0.1 */
  readonly leastMarginSeconds?: number
  /** The target rises no higher. @default 4 */
  readonly mostMarginSeconds?: number
  /** A margin so far above the target is jumped over instead of being played faster. @default 2 */
  readonly jumpSeconds?: number
}

/** What to do now. */
export interface LiveEdgeAdvice {
  /** Playback rate, 0.9 to 1.1. */
  readonly rate: number
  /** Seconds to jump ahead, 0 for none. */
  readonly jumpSeconds: number
}

const windowMs = 1000
/** The buffer of a shorter time may have been seen at its fullest only. */
const leastWindowMs = 200
/** Nobody hears a rate within these bounds. */
const mostRateChange = 0.1
/** Smaller changes would take minutes. */
const leastRateChange = 0.02
/** Delay that nobody needs is played away within so many seconds, what is needed is gained more slowly. */
const chaseSeconds = 2
const gainSeconds = 5
/** Once it changes the rate it goes on until the margin is nearly right: switching to and fro is heard. */
const startChasingSeconds = 0.05
const startGainingSeconds = 0.1
const stopSeconds = 0.02
/** Without a stall for so long the target comes down by a tenth. */
const calmMs = 15_000

/** Keeps a player near the live edge. */
export class LiveEdge {
  readonly #least: number
  readonly #most: number
  readonly #jump: number
  #target: number
  #calmSince = 0
  #direction: -1 | 0 | 1 = 0
  #samples: { readonly at: number; readonly ahead: number }[] = []

  constructor(options: LiveEdgeOptions = {}) {
    this.#least = options.leastMarginSeconds ?? 0.1
    this.#most = options.mostMarginSeconds ?? 4
    this.#jump = options.jumpSeconds ?? 2
    this.#target = this.#least
  }

  /** The margin that it keeps to, seconds. */
  get targetSeconds(): number {
    return this.#target
  }

  /** Playback ran dry. */
  onstall(nowMs: number): void {
    this.#target = Math.min(this.#most, this.#target * 1.5 + 0.05)
    this.#calmSince = nowMs
    this.restart()
  }

  /** Playback goes on from another place: what was seen before says nothing. */
  restart(): void {
    this.#samples = []
    this.#direction = 0
  }

  /**
   * Takes a reading.
   *
   * @param aheadSeconds what can be played from here on without a hole
   * @param nowMs a clock that only rises
   */
  advise(aheadSeconds: number, nowMs: number): LiveEdgeAdvice {
    this.#calm(nowMs)
    this.#samples = this.#samples.filter(({ at }) => nowMs - at < windowMs)
    this.#samples.push({ at: nowMs, ahead: aheadSeconds })
    const excess = Math.min(...this.#samples.map(({ ahead }) => ahead)) - this.#target
    if (nowMs - (this.#samples[0]?.at ?? nowMs) < leastWindowMs) return { rate: 1, jumpSeconds: 0 }
    if (excess > this.#jump) {
      this.restart()
      return { rate: 1, jumpSeconds: excess }
    }
    if (excess > startChasingSeconds) this.#direction = 1
    else if (excess < -startGainingSeconds) this.#direction = -1
    else if (excess * this.#direction < stopSeconds) this.#direction = 0
    const wanted = excess > 0 ? excess / chaseSeconds : -excess / gainSeconds
    const change = Math.min(mostRateChange, Math.max(leastRateChange, wanted))
    // In steps: every new rate costs the sound a cut.
    return { rate: 1 + this.#direction * Math.round(change * 50) * leastRateChange, jumpSeconds: 0 }
  }

  #calm(nowMs: number): void {
    if (nowMs - this.#calmSince < calmMs) return
    this.#calmSince = nowMs
    this.#target = Math.max(this.#least, this.#target * 0.9)
  }
}
