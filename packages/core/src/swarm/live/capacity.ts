/**
 * How many places a node has to give: as many as its settings say, fewer while its uplink carries less, and no more than its upload
 * budget pays for at the bitrate of the stream.
 */
import { RollingRate } from '../rolling-rate.ts'
import type { OverlayState } from './overlay-state.ts'

/** It is lowered at the most once in this time: what one place less has changed shows after it, ms. */
const lowerMs = 1000
/** After it was lowered it is tried again to raise it, ms. */
const raiseMs = 15_000

/** Places of one node, in stripes. */
export class Capacity {
  readonly #state: Pick<OverlayState, 'clock' | 'role' | 'settings' | 'budget'>
  readonly #most: number
  readonly #stream: RollingRate
  #places: number
  #loweredMs = Number.NEGATIVE_INFINITY

  constructor(state: Pick<OverlayState, 'clock' | 'role' | 'settings' | 'budget'>) {
    this.#state = state
    const { stripes, sourceCopies, maxUploads } = state.settings
    this.#most = Math.round(stripes * (state.role === 'source' ? sourceCopies : maxUploads))
    this.#places = this.#most
    this.#stream = new RollingRate(() => state.clock.now())
  }

  get places(): number {
    return this.#places
  }

  /** Counts a block of the stream. */
  count(bytes: number): void {
    this.#stream.add(bytes)
  }

  /** The uplink does not carry what it was given. */
  lower(): void {
    const now = this.#state.clock.now()
    if (this.#places <= 1 || now - this.#loweredMs < lowerMs) return
    this.#places--
    this.#loweredMs = now
  }

  /** The uplink carries all that it is given: after a while it may carry more. */
  raise(): void {
    const now = this.#state.clock.now()
    if (this.#places >= this.#affordable() || now - this.#loweredMs < raiseMs) return
    this.#places++
    this.#loweredMs = now
  }

  /** Keeps to what the budget pays for. */
  fit(): void {
    this.#places = Math.min(this.#places, this.#affordable())
  }

  #affordable(): number {
    const { budget, role, settings } = this.#state
    const paid = Math.floor(settings.stripes * budget.streams(this.#stream.perSecond().bits))
    // With less than one copy of the source's there is no stream.
    return Math.min(this.#most, role === 'source' ? Math.max(settings.stripes, paid) : paid)
  }
}
