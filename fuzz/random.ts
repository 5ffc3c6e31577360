// Random choices that a seed repeats: mulberry32, which is small, fast, and even enough to pick bytes with.

/** A source of whole numbers. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  /** 0 to `count` - 1; 0 where `count` is 0. */
  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * count)
  }

  /** True once in so many times. */
  oneIn(times: number): boolean {
    return this.below(times) === 0
  }

  /** One of them; undefined where there is none. */
  of<Item>(items: ArrayLike<Item>): Item | undefined {
    return items[this.below(items.length)]
  }
}
