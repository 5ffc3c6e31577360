/** When a log had which length: what is left to tell time by where blocks are encrypted and do not say it. */

/** Samples over the time that is looked back on. */
const samples = 256

/** Remembers lengths over the last so many seconds. */
export class ArrivalTimes {
  readonly #spanMs: number
  readonly #seen: { readonly at: number; readonly length: number }[] = []

  constructor(seconds: number) {
    this.#spanMs = seconds * 1000
  }

  /** @param at ms; never less than before */
  note(length: number, at: number): void {
    const last = this.#seen.at(-1)
    if (last === undefined || at - last.at >= this.#spanMs / samples) this.#seen.push({ at, length })
    // The newest one that is old enough is the answer to come.
    while ((this.#seen[1]?.at ?? Number.POSITIVE_INFINITY) <= at - this.#spanMs) this.#seen.shift()
  }

  /** The first block that came in that time, as far as is known: 0 before that time is over. */
  firstSince(at: number): number {
    const first = this.#seen[0]
    return first !== undefined && first.at <= at - this.#spanMs ? first.length : 0
  }
}
