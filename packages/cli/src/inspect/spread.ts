/** Least, mean and most of many numbers, without keeping them. */

/** Figures of a {@link Spread}. */
export interface SpreadFigures {
  readonly least: number
  readonly mean: number
  readonly most: number
}

/** Collects numbers. */
export class Spread {
  #count = 0
  #sum = 0
  #least = Number.POSITIVE_INFINITY
  #most = Number.NEGATIVE_INFINITY

  add(number: number): void {
    this.#count++
    this.#sum += number
    this.#least = Math.min(this.#least, number)
    this.#most = Math.max(this.#most, number)
  }

  /** Null before the first number. */
  figures(): SpreadFigures | null {
    if (this.#count === 0) return null
    return { least: this.#least, mean: Math.round((this.#sum / this.#count) * 10) / 10, most: this.#most }
  }
}
