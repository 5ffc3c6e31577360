// Which branches inputs have reached, and how often at once: an input that does something new is worth changing further.

/** What was reached so far. */
export class Coverage {
  readonly #hits: Uint32Array
  /** Of each place, the magnitudes that were seen as bits. */
  readonly #seen: Uint8Array
  #reached = 0

  /** @param hits counters, which the code under test raises */
  constructor(hits: Uint32Array) {
    this.#hits = hits
    this.#seen = new Uint8Array(hits.length)
  }

  /** Places that were reached. */
  get reached(): number {
    return this.#reached
  }

  /** Before an input. */
  begin(): void {
    this.#hits.fill(0)
  }

  /**
   * After an input: takes in what it did.
   *
   * @returns places that were reached for the first time; null where nothing is new, not even how often a place was reached
   */
  end(): readonly number[] | null {
    const first: number[] = []
    let isNew = false
    for (let place = 0; place < this.#hits.length; place++) {
      const count = this.#hits[place] ?? 0
      if (count === 0) continue
      const seen = this.#seen[place] ?? 0
      const magnitude = 1 << Math.min(7, 31 - Math.clz32(count))
      if ((seen & magnitude) !== 0) continue
      isNew = true
      if (seen === 0) first.push(place)
      this.#seen[place] = seen | magnitude
    }
    this.#reached += first.length
    return isNew ? first : null
  }

  /** Whether the newest input reached all of these places. */
  hasReached(places: readonly number[]): boolean {
    return places.every((place) => this.#hits[place] !== 0)
  }
}
