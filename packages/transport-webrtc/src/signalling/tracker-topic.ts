/** One topic at one tracker: when it is announced again, and with how many offers. */
import type { TopicOptions } from '@hypervision/core/contracts'
import type { SignallingHost, SignallingOffer } from './signalling.ts'

/** Offers of the first announcement, when nobody knows yet how many are there. */
const firstOffers = 3
/** Most offers of one announcement: each is a connection that gathers candidates. */
const maxOffers = 5
/** Waits between announcements while somebody is missing, milliseconds; the last one is repeated. */
const waitsMs = [1000, 2000, 4000, 8000]
/** Wait while nobody is, and for somebody who has a few already. */
const slowMs = 30_000
const fewConnections = 4
/** The tracker forgets whom it does not hear of; its own interval is kept where it is shorter. */
const shortestIntervalMs = 10_000
const jitter = 0.25
/** To be ready does not wait for a tracker that does not answer. */
const readyMs = 5000
/** Connections that are lost together are looked for together. */
const seekMs = 200

/** Options of a {@link TrackerTopic}. */
export interface TrackerTopicOptions {
  /** 32 bytes. */
  readonly topic: Uint8Array
  readonly asked: TopicOptions
  readonly host: SignallingHost
  /** Whether the tracker is there. */
  isConnected(): boolean
  /** Sends an announcement; false where that is not possible now. */
  announce(offers: readonly SignallingOffer[], event: 'started' | undefined): boolean
}

/** A topic that is announced until it is stopped. */
export class TrackerTopic {
  readonly topic: Uint8Array
  readonly asked: TopicOptions
  /** Resolves when the first announcement was answered or failed. */
  readonly ready: Promise<void>
  readonly #options: TrackerTopicOptions
  #resolveReady: () => void = () => {}
  readonly #readyTimer: ReturnType<typeof setTimeout>
  #timer: ReturnType<typeof setTimeout> | undefined
  #round = 0
  /** Others on the topic as the tracker said last; null before it has said so. */
  #others: number | null = null
  #sentOffers = 0
  #mayFollowUp = true
  #intervalMs = Number.POSITIVE_INFINITY
  /** Offers that are made while the WebSocket opens. */
  #early: Promise<readonly SignallingOffer[]> | null = null
  #isAnnouncing = false
  #isStopped = false

  constructor(options: TrackerTopicOptions) {
    this.#options = options
    this.topic = Uint8Array.from(options.topic)
    this.asked = { ...options.asked }
    this.ready = new Promise((resolve) => {
      this.#resolveReady = resolve
    })
    this.#readyTimer = setTimeout(() => this.#resolveReady(), readyMs)
  }

  /** Others on the topic, as the tracker has counted; null while it has not. */
  get others(): number | null {
    return this.#others
  }

  get isStopped(): boolean {
    return this.#isStopped
  }

  /** Announces it anew: it is new, or the tracker is. */
  restart(): void {
    if (this.#isStopped) return
    this.#round = 0
    this.#mayFollowUp = true
    this.#others = null
    if (this.#options.isConnected()) void this.#announce()
    else this.#early ??= this.#offer(this.#count())
  }

  /** Looks for others soon. */
  seek(): void {
    if (this.#isStopped || !this.asked.lookup) return
    this.#round = 0
    this.#mayFollowUp = true
    this.#schedule(seekMs)
  }

  /** The tracker has answered. */
  onannounced(peers: number | null, intervalSeconds: number | null): void {
    this.#setReady()
    if (peers !== null) this.#others = Math.max(0, peers - 1)
    if (intervalSeconds !== null) this.#intervalMs = Math.max(shortestIntervalMs, intervalSeconds * 1000)
    // There are some whom the announcement had no offer for, as nobody was known to be there.
    const isFollowedUp = this.#mayFollowUp && this.#sentOffers < Math.min(firstOffers, this.#count())
    this.#mayFollowUp = false
    this.#schedule(isFollowedUp ? 0 : this.#waitMs())
  }

  /** Somebody has called: a node that took itself for alone is not. */
  onoffer(): void {
    if (this.#others !== 0) return
    this.#others = 1
    this.#round = 0
    this.#schedule(this.#waitMs())
  }

  /** The tracker is gone. */
  onlost(): void {
    clearTimeout(this.#timer)
    this.#others = null
    this.#early = null
    this.#setReady()
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
    this.#setReady()
  }

  #setReady(): void {
    clearTimeout(this.#readyTimer)
    this.#resolveReady()
  }

  /** Offers of use now. */
  #count(): number {
    if (!this.asked.lookup) return 0
    const others = this.#others ?? firstOffers
    return Math.min(others, maxOffers, this.#options.host.wanted)
  }

  #offer(count: number): Promise<readonly SignallingOffer[]> {
    return count === 0 ? Promise.resolve([]) : this.#options.host.offer(this.topic, count)
  }

  async #announce(): Promise<void> {
    if (this.#isAnnouncing) return
    this.#isAnnouncing = true
    clearTimeout(this.#timer)
    const event = this.#others === null ? 'started' : undefined
    const offers = await (this.#early ?? this.#offer(this.#count()))
    this.#early = null
    this.#isAnnouncing = false
    if (this.#isStopped) return
    this.#sentOffers = offers.length
    // An answer schedules the next one; where none comes, the socket is opened anew, and that restarts it.
    this.#options.announce(offers, event)
  }

  #waitMs(): number {
    const isAlone = this.#others === 0
    const isSought = this.#count() > 0 && !isAlone
    const waitMs = isSought ? (waitsMs[Math.min(this.#round++, waitsMs.length - 1)] ?? slowMs) : slowMs
    const calmMs =
      isSought && this.#options.host.connected >= fewConnections && this.#round > waitsMs.length ? slowMs : waitMs
    return Math.min(calmMs, this.#intervalMs) * (1 - jitter + Math.random() * 2 * jitter)
  }

  #schedule(waitMs: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      if (this.#options.isConnected()) void this.#announce()
    }, waitMs)
  }
}
