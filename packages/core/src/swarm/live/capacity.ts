/**
 * How many places a node has to give. It begins with one copy of the stream and finds out what its uplink carries, as TCP does: half as
 * many more each time that everything given has arrived in time, half at the first strain, and from then on one more, seldom. Beyond what is usual only where
 * somebody was refused; never more than its settings say, or its upload budget pays for at the bitrate of the stream.
 */
import { RollingRate } from '../rolling-rate.ts'
import type { OverlayState } from './overlay-state.ts'

/** Copies that a node has places for without being asked: all together need one each, the half more lets trees form without a search for the last place. */
const usualCopies = 1.5
/** Share of the places that have to have carried a block before there are more. */
const proven = 0.75
/** So long it is measured what an uplink carries that is given too much, ms. */
const measureMs = 500
/** Share of it that places are given for: what would use an uplink up waits in it longer and longer. */
const usable = 0.8
/** Where it carries less than this share of the stream a block takes so long to leave that it is of no use to those below. */
const leastCopies = 0.8
/** After it was lowered it is tried again to raise it, ms; twice as long after each time that this was too much. */
const raiseMs = 3000
const longestRaiseMs = 60_000

/** Places of one node, in stripes. */
export class Capacity {
  readonly #state: Pick<OverlayState, 'clock' | 'role' | 'settings' | 'budget'>
  readonly #most: number
  readonly #usual: number
  readonly #stream: RollingRate
  #places: number
  #changedMs = Number.NEGATIVE_INFINITY
  #raisedMs = Number.NEGATIVE_INFINITY
  /** 0 before the first strain: nothing was too much yet. */
  #patienceMs: number
  #blockBytes = 0
  /** What has arrived with those below since the places changed. */
  #arrivedBytes = 0
  /** Since when the uplink carries too little, and what has arrived since. */
  #strain: { readonly sinceMs: number; bytes: number } | null = null

  constructor(state: Pick<OverlayState, 'clock' | 'role' | 'settings' | 'budget'>) {
    this.#state = state
    const { stripes, sourceCopies, maxUploads } = state.settings
    this.#most = Math.round(stripes * (state.role === 'source' ? sourceCopies : maxUploads))
    this.#patienceMs = state.role === 'source' ? raiseMs : 0
    this.#usual = state.role === 'source' ? this.#most : Math.round(stripes * usualCopies)
    this.#places = state.role === 'source' ? this.#most : Math.min(this.#most, stripes)
    this.#stream = new RollingRate(() => state.clock.now())
  }

  get places(): number {
    return this.#places
  }

  /** A block of the stream is here. */
  countStream(bytes: number): void {
    this.#stream.add(bytes)
    this.#blockBytes = bytes
  }

  /** Blocks have arrived with those to whom they were given. */
  countArrived(bytes: number): void {
    this.#arrivedBytes += bytes
    if (this.#strain !== null) this.#strain.bytes += bytes
  }

  /** The uplink does not carry what it is given: what it does carry shows now. */
  strain(): void {
    const now = this.#state.clock.now()
    this.#strain ??= { sinceMs: now, bytes: 0 }
    if (this.#patienceMs === 0) {
      // It took on more all the time: half of it has to do until it is known what the uplink carries.
      this.#patienceMs = raiseMs
      this.#change(Math.ceil(this.#places / 2))
    }
    const { sinceMs, bytes } = this.#strain
    if (now - sinceMs < measureMs) return
    this.#strain = null
    const places = this.#fitting((bytes * 8 * 1000) / (now - sinceMs))
    // What is above that is what was given to those who asked.
    if (places >= this.#places) return
    // One more did not do: it is tried again later each time.
    this.#patienceMs = now - this.#raisedMs < raiseMs ? Math.min(longestRaiseMs, 2 * this.#patienceMs) : raiseMs
    this.#change(places)
  }

  /**
   * The uplink carries all that it is given, and where that is easy it may carry more.
   *
   * @param used places that are taken
   * @param isWanted whether somebody was refused one lately
   */
  relax(isEasy: boolean, used: number, isWanted: boolean): void {
    this.#strain = null
    if (!isEasy || used < this.#places || (this.#places >= this.#usual && !isWanted)) return
    const now = this.#state.clock.now()
    if (now - this.#changedMs < this.#patienceMs) return
    // Where nothing is given nothing can arrive.
    if (used > 0 && this.#arrivedBytes <= proven * used * this.#blockBytes) return
    const more = this.#patienceMs === 0 ? Math.ceil(this.#places / 2) : 1
    const places = Math.min(this.#affordable(), this.#places + more)
    if (places <= this.#places) return
    this.#change(places)
    this.#raisedMs = now
  }

  /** Whether the budget does not pay for the stream itself. */
  get isUnpaid(): boolean {
    return this.#state.role === 'source' && this.#places === 0
  }

  /** Keeps to what the budget pays for. */
  fit(): void {
    this.#places = Math.min(this.#places, this.#affordable())
  }

  #change(places: number): void {
    this.#places = places
    this.#changedMs = this.#state.clock.now()
    this.#arrivedBytes = 0
  }

  /** Places for which an uplink is enough that carries so many bits per second. */
  #fitting(bitsPerSecond: number): number {
    const { role, settings } = this.#state
    const copies = bitsPerSecond / Math.max(1, this.#stream.perSecond().bits)
    // With less than one copy of the source's there is no stream.
    if (role === 'source') return Math.max(settings.stripes, Math.floor(settings.stripes * copies * usable))
    return copies < leastCopies ? 0 : Math.max(1, Math.floor(settings.stripes * copies * usable))
  }

  #affordable(): number {
    const { budget, role, settings } = this.#state
    const { bits } = this.#stream.perSecond()
    const paid = Math.floor(settings.stripes * budget.streams(bits))
    if (role !== 'source') return Math.min(this.#most, paid)
    // With less than one copy of the source's there is no stream: what is pushed of it would take from those who ask for one block after another.
    return budget.carries(bits) ? Math.min(this.#most, Math.max(settings.stripes, paid)) : 0
  }
}
