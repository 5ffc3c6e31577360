/**
 * Tells a stream that keeps coming more slowly than it is made from one that was interrupted and catches up: whoever reads it waits again and again
 * for blocks that others have had for a while.
 */
import { HypervisionError } from '../contracts/index.ts'

/** A read that takes so long has waited for the network, ms. */
const leastWaitMs = 50
/** Further behind what others have, it is slow, ms of the stream; nearer than the second one it keeps up. */
const behindMs = 3000
const keepsUpMs = 1500
/** It has to go on for so long before it is told, ms: those it comes from can be changed by then. */
const patienceMs = 10_000
/** A reader that has not waited for so long is slow itself, ms. */
const noWaitMs = 3000

/** Watches how blocks come to one reader at the live edge. */
export class SlowSupply {
  readonly #link: string
  /** Since when it has been slow; null while it has not. */
  #sinceMs: number | null = null
  #waitedAtMs = Number.NEGATIVE_INFINITY
  #isTold = false

  constructor(link: string) {
    this.#link = link
  }

  /** The reader is elsewhere: what was seen before says nothing. */
  restart(): void {
    this.#sinceMs = null
    this.#isTold = false
  }

  /**
   * A block was read, or is still waited for.
   *
   * @param waitMs how long that has taken
   * @param lagMs how far it is behind the newest that peers have, ms of the stream
   * @param nowMs a clock that only rises
   * @returns what to tell, once until it has kept up again
   */
  onread(waitMs: number, lagMs: number, nowMs: number): HypervisionError | null {
    if (lagMs < keepsUpMs) {
      this.restart()
      return null
    }
    if (waitMs >= leastWaitMs) this.#waitedAtMs = nowMs
    if (nowMs - this.#waitedAtMs > noWaitMs) this.#sinceMs = null
    else if (lagMs > behindMs) this.#sinceMs ??= nowMs
    if (this.#isTold || this.#sinceMs === null || nowMs - this.#sinceMs < patienceMs) return null
    this.#isTold = true
    return tooSlow(this.#link, lagMs)
  }
}

function tooSlow(link: string, lagMs: number): HypervisionError {
  const seconds = Math.round(lagMs / 1000)
  return new HypervisionError(
    'ERR_TRANSPORT_TOO_SLOW',
    `The connection carries less than the stream takes: this viewer is ${seconds} s behind. ` +
      'Use a faster connection, or ask the broadcaster for a lower bitrate.',
    { detail: { link, lagMs } },
  )
}
