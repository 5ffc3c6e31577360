// A node's log in a simulated swarm: without cryptography and without blocks' contents. Replication is a delay, after which it has what the
// source has.
import type { LiveBlock, LiveLog } from '../../src/swarm/live/live-types.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** Blocks from one keyframe to the next. */
const keyframeEvery = 10
/** What replication takes, ms. */
const replicationMs = 200

/** What reached a node when. */
export interface Arrival {
  readonly index: number
  readonly atMs: number
}

/** The log of one node, with the time of each block's arrival. */
export class SimulatedLog implements LiveLog {
  readonly arrivals: Arrival[] = []
  onjoin: () => void = () => {}
  readonly canCheck = true
  length = 0
  readonly #clock: VirtualClock
  readonly #source: SimulatedLog | null

  /** `source` is what replication fetches from; null where this is the source's own. */
  constructor(clock: VirtualClock, source: SimulatedLog | null) {
    this.#clock = clock
    this.#source = source
  }

  get remoteLength(): number {
    return this.length
  }

  check({ signature }: LiveBlock): boolean {
    return signature[0] === 1
  }

  startOf({ index }: LiveBlock): number {
    return index - (index % keyframeEvery)
  }

  async apply({ index, signature }: LiveBlock): Promise<'stored' | 'refused'> {
    if (signature[0] !== 1) throw new Error('a block that was not checked')
    if (this.length === 0) this.length = index
    if (index !== this.length) return 'refused'
    this.#store()
    return 'stored'
  }

  /** Replication: what the source has, a little later. */
  catchUp(): void {
    this.#clock.after(replicationMs, () => {
      while (this.length < this.#sourceLength) this.#store()
    })
  }

  /** Nobody in the overlay has anything to begin with: it joins by replication, and the next block is the first to come. */
  join(): void {
    this.#clock.after(replicationMs, () => {
      if (this.length > 0) return
      this.length = this.#sourceLength
      this.onjoin()
    })
  }

  get #sourceLength(): number {
    return this.#source?.length ?? this.length
  }

  #store(): void {
    this.arrivals.push({ index: this.length, atMs: this.#clock.now() })
    this.length++
  }
}
