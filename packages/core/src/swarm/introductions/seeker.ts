/**
 * Looks for more neighbours while there are fewer than wanted: asks peers whom they are connected with, and calls those by way of
 * them. It is what keeps a swarm in one piece when trackers are gone and nodes leave.
 */
import b4a from 'b4a'
import type { TransportIntroductions } from '../../contracts/index.ts'
import type { Clock } from '../clock.ts'
import type { IntroductionChannel } from './introduction-channel.ts'
import type { Neighbour } from './messages.ts'

/** Neighbours to have where nobody says otherwise: with as many, half of a swarm can leave and the rest stays in one piece. */
const defaultWanted = 4
/** Waits between rounds of asking, milliseconds, each up to `jitter` of it longer or shorter; the last one is repeated. */
const roundWaitsMs = [1000, 2000, 4000, 8000, 15_000]
const jitter = 0.5
/** Longest wait before the first round after a change, milliseconds: those who lost the same peer do not ask at once. */
const soonMs = 300
/** Peers that are asked in a round. */
const maxAsked = 4
/** Calls at once. */
const maxCalls = 4
/** Calls of a round. */
const maxCallsPerRound = 8
/** A peer that has agreed is taken for a neighbour to come for so long, milliseconds. */
const expectedMs = 5000
/** A peer that has not agreed is not called again before that, milliseconds. */
const declinedMs = 10_000
/** Peers that are remembered for it; the oldest are forgotten. */
const maxRemembered = 256

/** Somebody who is connected, and tells whom they are connected with. */
export type Introducer = Pick<IntroductionChannel, 'neighbours' | 'isHost' | 'seek' | 'call'>

/** What a {@link Seeker} needs of its node. */
export interface SeekerHost<By extends Introducer> {
  readonly clock: Clock
  /** From 0 up to, and without, 1. */
  random(): number
  /** Connected peers, guests and hosts of this node not counted. */
  readonly peers: number
  /** Whether one more could be connected on any transport. */
  readonly hasRoom: boolean
  /** Those who may be asked. */
  channels(): readonly By[]
  introductionsOf(transport: string): TransportIntroductions | undefined
  /** Whether to call this peer: neither this node nor one that is connected, nor one that is to be left alone. */
  mayCall(neighbour: Neighbour): boolean
  /** A full peer that this node is a guest of is of no more use. */
  leave(channel: By): void
}

interface Candidate<By> {
  readonly id: string
  readonly neighbour: Neighbour
  readonly by: By
}

/** The search of one node. */
export class Seeker<By extends Introducer> {
  readonly #host: SeekerHost<By>
  readonly #calls = new Map<string, By>()
  readonly #called = new Map<string, { readonly hasAgreed: boolean; readonly until: number }>()
  #wanted = defaultWanted
  #round = 0
  #callsLeft = maxCallsPerRound
  #stop: (() => void) | null = null
  #isClosed = false

  constructor(host: SeekerHost<By>) {
    this.#host = host
  }

  get wanted(): number {
    return this.#wanted
  }

  /** Changes how many neighbours are wanted. */
  want(count: number): void {
    const isMore = count > this.#wanted
    this.#wanted = count
    if (isMore) this.seek()
  }

  /** Looks again soon: something has changed. */
  seek(): void {
    if (this.#isClosed) return
    this.#round = 0
    this.#schedule(this.#host.random() * soonMs)
  }

  /** Looks at once: there is no time to lose. */
  seekNow(): void {
    if (this.#isClosed) return
    this.#round = 0
    this.#schedule(0)
  }

  /** A peer is connected: it is no longer to be expected. */
  met(id: string): void {
    this.#called.delete(id)
  }

  /** Peers were told of, or a call has come to its end. */
  proceed(): void {
    if (this.#isClosed) return
    const candidates = this.#missing() > 0 ? this.#candidates() : []
    for (const candidate of candidates) {
      if (this.#missing() <= 0 || this.#calls.size >= maxCalls || this.#callsLeft <= 0) break
      this.#callsLeft--
      void this.#call(candidate)
    }
    for (const channel of this.#host.channels())
      if (channel.isHost && this.#isDoneWith(channel)) this.#host.leave(channel)
  }

  close(): void {
    this.#isClosed = true
    this.#stop?.()
  }

  #schedule(ms: number): void {
    this.#stop?.()
    this.#stop = this.#host.clock.after(ms, () => {
      this.#stop = null
      this.#next()
    })
  }

  #next(): void {
    this.#callsLeft = maxCallsPerRound
    if (this.#isSeeking) {
      for (const channel of this.#shuffled(this.#host.channels()).slice(0, maxAsked)) channel.seek()
      const waitMs = roundWaitsMs[Math.min(this.#round++, roundWaitsMs.length - 1)] ?? 0
      this.#schedule(waitMs * (1 - jitter + this.#host.random() * 2 * jitter))
    }
    this.proceed()
  }

  get #isSeeking(): boolean {
    return this.#host.peers < this.#wanted && this.#host.hasRoom
  }

  /** How many more to call. */
  #missing(): number {
    const now = this.#host.clock.now()
    let expected = this.#calls.size
    for (const { hasAgreed, until } of this.#called.values()) if (hasAgreed && until > now) expected++
    return this.#wanted - this.#host.peers - expected
  }

  #candidates(): readonly Candidate<By>[] {
    // Full ones make this node their guest: only worth it where there is nobody else.
    const takesFull = this.#host.peers === 0
    const now = this.#host.clock.now()
    const found = new Map<string, Candidate<By>>()
    for (const by of this.#shuffled(this.#host.channels())) {
      for (const neighbour of by.neighbours ?? []) {
        const id = b4a.toString(neighbour.key, 'hex')
        const isKnown = this.#calls.has(id) || (this.#called.get(id)?.until ?? 0) > now
        if (isKnown || (neighbour.isFull && !takesFull) || !this.#host.mayCall(neighbour)) continue
        found.set(id, { id, neighbour, by })
      }
    }
    const candidates = this.#shuffled([...found.values()])
    return [
      ...candidates.filter(({ neighbour }) => !neighbour.isFull),
      ...candidates.filter(({ neighbour }) => neighbour.isFull),
    ]
  }

  async #call({ id, neighbour, by }: Candidate<By>): Promise<void> {
    this.#calls.set(id, by)
    const introductions = this.#host.introductionsOf(neighbour.transport)
    const connecting = introductions?.connect(neighbour.key, (offer) => by.call(neighbour, offer))
    const hasAgreed = (await connecting?.catch(() => false)) ?? false
    this.#calls.delete(id)
    this.#remember(id, hasAgreed)
    this.proceed()
  }

  #remember(id: string, hasAgreed: boolean): void {
    const until = this.#host.clock.now() + (hasAgreed ? expectedMs : declinedMs)
    this.#called.delete(id)
    this.#called.set(id, { hasAgreed, until })
    const [oldest] = this.#called.keys()
    if (this.#called.size > maxRemembered && oldest !== undefined) this.#called.delete(oldest)
  }

  /** Whether a full peer that took this node as a guest has done what it can. */
  #isDoneWith(channel: By): boolean {
    if ([...this.#calls.values()].includes(channel)) return false
    if (!this.#isSeeking) return true
    return channel.neighbours !== null && !this.#candidates().some(({ by }) => by === channel)
  }

  #shuffled<Item>(items: readonly Item[]): Item[] {
    const shuffled: Item[] = []
    for (const item of items) {
      const at = Math.floor(this.#host.random() * (shuffled.length + 1))
      const moved = shuffled[at]
      shuffled[at] = item
      if (moved !== undefined) shuffled.push(moved)
    }
    return shuffled
  }
}
