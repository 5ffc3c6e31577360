/** Peers that broke the rules, and how long they stay away. */
import b4a from 'b4a'

/** How long a peer is kept out, ms: long enough to be of no use to it, short enough to forgive a bug. */
const banishedMs = 60_000
/** Peers that are remembered; keys cost nothing, so more of them would only cost memory. */
const maxBanished = 1000

/** Public keys that are not let in for now. */
export class Banishment {
  readonly #now: () => number
  readonly #until = new Map<string, number>()

  /** @param now clock in milliseconds */
  constructor(now: () => number) {
    this.#now = now
  }

  add(publicKey: Uint8Array): void {
    const [oldest] = this.#until.keys()
    if (oldest !== undefined && this.#until.size >= maxBanished) this.#until.delete(oldest)
    this.#until.set(b4a.toString(publicKey, 'hex'), this.#now() + banishedMs)
  }

  has(publicKey: Uint8Array): boolean {
    const key = b4a.toString(publicKey, 'hex')
    const until = this.#until.get(key)
    if (until === undefined) return false
    if (this.#now() < until) return true
    this.#until.delete(key)
    return false
  }
}
