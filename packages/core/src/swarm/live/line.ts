/** What heartbeats and answers tell about the line to a peer: how late things are on it each way, and what of ours has arrived. */
import { Lateness } from './lateness.ts'

/** Heartbeats that are remembered until they are answered: some seconds of them. */
const maxBeats = 64

/** The line to one peer. */
export class Line {
  /** How late what the peer sends is here. */
  readonly here = new Lateness()
  /** How late what is sent to the peer is there. */
  readonly there = new Lateness()
  /** When the newest of our heartbeats left that the peer has got, ms. */
  #arrivedMs: number
  #givenBytes = 0
  #arrivedBytes = 0
  /** When each of the last heartbeats was sent, and what had been given before, by what it says. */
  readonly #beats = new Map<number, { readonly atMs: number; readonly givenBytes: number }>()
  /** How long the peer takes for an answer, and how much that varies, ms; null before the first one. */
  #answerMs: number | null = null
  #answerVariesMs = 0

  constructor(nowMs: number) {
    this.#arrivedMs = nowMs
  }

  /** Blocks were given. */
  give(bytes: number): void {
    this.#givenBytes += bytes
  }

  /** A heartbeat goes out that says `sentMs`. */
  beat(sentMs: number, nowMs: number): void {
    this.#beats.set(sentMs, { atMs: nowMs, givenBytes: this.#givenBytes })
    const [oldest] = this.#beats.keys()
    if (oldest !== undefined && this.#beats.size > maxBeats) this.#beats.delete(oldest)
  }

  /**
   * The peer has got a heartbeat of ours, and so all that was given before it.
   *
   * @param cameMs when, by its clock
   * @returns how many bytes of blocks more than was known
   */
  echo(sentMs: number, cameMs: number, nowMs: number): number {
    const beat = this.#beats.get(sentMs)
    if (beat === undefined || beat.atMs < this.#arrivedMs) return 0
    this.there.add(sentMs, cameMs, nowMs)
    const bytes = beat.givenBytes - this.#arrivedBytes
    this.#arrivedMs = beat.atMs
    this.#arrivedBytes = beat.givenBytes
    return bytes
  }

  /** For how long nothing of ours has arrived, as far as is known, ms: heartbeats come regularly. */
  waitMs(nowMs: number): number {
    return nowMs - this.#arrivedMs
  }

  /** The peer has answered a request. */
  answer(tookMs: number): void {
    if (this.#answerMs === null) {
      this.#answerMs = tookMs
      this.#answerVariesMs = tookMs / 2
      return
    }
    this.#answerVariesMs += (Math.abs(tookMs - this.#answerMs) - this.#answerVariesMs) / 4
    this.#answerMs += (tookMs - this.#answerMs) / 8
  }

  /** An answer that takes longer is not to be expected any more, ms; 0 before the first one. As TCP waits (RFC 6298). */
  get patienceMs(): number {
    return this.#answerMs === null ? 0 : this.#answerMs + 4 * this.#answerVariesMs
  }
}
