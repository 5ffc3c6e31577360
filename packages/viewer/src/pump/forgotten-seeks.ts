/**
 * A seek ends as soon as what it needs is there. Firefox forgets some: those that could go on and do not are to be made anew after so long, ms, the
 * next time after twice as long, as a busy machine forgets nothing and is slow.
 */
const forgottenMs = 3000

/** Watches the seeks of one media element. */
export class ForgottenSeeks {
  /** Since when it has been seeking to what is there; null while it has not. */
  #sinceMs: number | null = null
  #inARow = 0

  /** How many in a row were forgotten. */
  get inARow(): number {
    return this.#inARow
  }

  /** Whether a seek has been forgotten now. @param canEnd whether what it needs is there */
  look(isSeeking: boolean, canEnd: boolean, nowMs: number): boolean {
    if (!isSeeking) this.#inARow = 0
    if (!isSeeking || !canEnd) this.#sinceMs = null
    else this.#sinceMs ??= nowMs
    if (this.#sinceMs === null || nowMs - this.#sinceMs < forgottenMs * 2 ** this.#inARow) return false
    this.#sinceMs = null
    this.#inARow++
    return true
  }
}
