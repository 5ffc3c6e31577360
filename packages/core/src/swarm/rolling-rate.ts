/** Rates over the last few seconds, for statistics. */

const windowMs = 5000
/** Readings are gathered in slices of this length, which bounds their number. */
const sliceMs = 250

interface Slice {
  readonly at: number
  count: number
  bytes: number
}

/** How often a whole goes into what was made of it; 0 while there is no whole yet. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}

/** Counts items and their bytes over a sliding window of five seconds. */
export class RollingRate {
  readonly #now: () => number
  readonly #since: number
  readonly #slices: Slice[] = []
  #items = 0
  #bytes = 0

  /** @param now clock in milliseconds */
  constructor(now: () => number) {
    this.#now = now
    this.#since = now()
  }

  /** Items since the beginning. */
  get items(): number {
    return this.#items
  }

  /** Bytes since the beginning. */
  get bytes(): number {
    return this.#bytes
  }

  /** Counts one item. */
  add(bytes: number): void {
    const now = this.#now()
    this.#items++
    this.#bytes += bytes
    const last = this.#slices.at(-1)
    if (last !== undefined && now - last.at < sliceMs) {
      last.count++
      last.bytes += bytes
      return
    }
    this.#slices.push({ at: now, count: 1, bytes })
    this.#trim(now)
  }

  /** Items and bits per second over the window, or over the time there was if that is shorter. */
  perSecond(): { readonly items: number; readonly bits: number } {
    const now = this.#now()
    this.#trim(now)
    const seconds = Math.max(1000, Math.min(windowMs, now - this.#since)) / 1000
    let items = 0
    let bytes = 0
    for (const slice of this.#slices) {
      items += slice.count
      bytes += slice.bytes
    }
    return { items: items / seconds, bits: (bytes * 8) / seconds }
  }

  #trim(now: number): void {
    while (this.#slices.length > 0 && now - (this.#slices[0]?.at ?? now) > windowMs) this.#slices.shift()
  }
}
