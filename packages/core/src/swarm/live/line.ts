/** What heartbeats and answers tell about the line to a peer: how late things are on it each way, and what of ours has arrived. */
import { Lateness } from './lateness.ts'

/** An answer of a peer that has given none yet may take so long, ms. */
const unknownAnswerMs = 400
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
  /** How long it had been there when the peer last said so, ms. */
  #heldMs = 0
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

  /** Bytes of blocks: given, and known to have arrived. */
  get givenBytes(): number {
    return this.#givenBytes
  }

  get arrivedBytes(): number {
    return this.#arrivedBytes
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
   * @param heldMs how long ago that was when it said so
   * @returns how many bytes of blocks more than was known
   */
  echo(sentMs: number, cameMs: number, heldMs: number, nowMs: number): number {
    const beat = this.#beats.get(sentMs)
    if (beat === undefined || beat.atMs < this.#arrivedMs) return 0
    this.#heldMs = heldMs
    this.there.add(sentMs, cameMs, nowMs)
    const bytes = beat.givenBytes - this.#arrivedBytes
    this.#arrivedMs = beat.atMs
    this.#arrivedBytes = beat.givenBytes
    return bytes
  }

  /**
   * How long what is given waits before it is there, ms, by the last word of the peer: how late the newest heartbeat was that it had got, and how
   * long nothing had come after it. How long its word takes is not in it: that is what waits in its own uplink.
   */
  get waitMs(): number {
    return this.there.lastMs + this.#heldMs
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

  /** An answer that takes longer is not to be expected any more, ms. As TCP waits (RFC 6298). */
  get patienceMs(): number {
    return this.#answerMs === null ? unknownAnswerMs : this.#answerMs + 4 * this.#answerVariesMs
  }
}
