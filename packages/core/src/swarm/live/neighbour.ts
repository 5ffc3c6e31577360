/** What a node knows about one peer that takes part in the overlay. */
import { Line } from './line.ts'
import type { LivePeer } from './live-peer.ts'
import { canGive, type Have, type LiveRole, type Position } from './live-types.ts'

/** Messages a peer may send per second, and at once, beside new blocks: several times what the busiest honest one does. */
const messagesPerSecond = 200
const messagesAtOnce = 600
/** Offences that are overlooked at once, and per second: two nodes can disagree for the time of a round trip. */
const pardonedOffences = 20
const pardonedPerSecond = 0.5
/** A line of which nothing is known yet is taken for this long, there and back, ms. */
const unknownRoundTripMs = 100
/** How long after a request, or the end of a subscription, its blocks may still come, ms. */
const askedMs = 10_000
/** Blocks it got or gave, or was asked for, that are remembered; more than a window's. */
const maxKnown = 256
/** Blocks that a peer may ask for at once, and per second: what a lost parent costs, and too little to live on. */
const pulledAtOnce = 32
const pulledPerSecond = 2
/** Requests in a row that somebody may leave unanswered. One that has given nothing yet has one try. */
const mostUnanswered = 3
/** Whoever did not pass on what the source gave it has no claim to a place there for so long, ms. */
const discreditedMs = 30_000
/** What a parent owes at the most and when it becomes one, and what it pays back with each block that it pushes in time: one that brings three of four stays. */
const mostDebt = 4
const firstDebt = 2
const repaid = 1 / 3

const nothingToGive: Have = { first: 0, next: 0, bits: [0, 0] }

/** A peer, as the overlay sees it. */
export class Neighbour {
  readonly peer: LivePeer
  /** By its last advert. */
  role: LiveRole = 'leaf'
  /** Stripe in which it is meant to pass on. */
  readonly home: number
  /** Where it stands in each stripe, by its last advert. */
  positions: readonly (Position | null)[] = []
  /** How many more it would serve in each stripe. */
  free: readonly number[] = []
  /** How many places it has, taken or free. */
  places = 0
  /** What it has, by its last heartbeat. */
  have: Have = nothingToGive
  /** What it was told that this node has. */
  told: Have = nothingToGive
  heardMs: number
  /** When it was last given a sign of life. */
  beatenMs = Number.NEGATIVE_INFINITY
  roundTripMs = unknownRoundTripMs
  readonly line: Line
  /** It said that it is about to go. */
  isLeaving = false
  /** Since when its connection is full; null while it takes what it is given. */
  fullSinceMs: number | null = null
  /** Its last heartbeat: its clock, and ours when it came. */
  lastBeat: { readonly sentMs: number; readonly atMs: number } | null = null
  /** Blocks in a row that it had and did not push, although it is the parent. */
  misses = 0
  /** Requests in a row that it did not answer in time. */
  unanswered = mostUnanswered - 1
  #discreditedUntilMs = Number.NEGATIVE_INFINITY
  readonly #denied: number[]
  readonly #askedMs: number[]
  /** How often it was given up in a row: the next time it is left alone for longer. */
  #failures = 0
  readonly #known = new Set<number>()
  readonly #received = new Set<number>()
  /** When it was asked for each block. */
  readonly #pulled = new Map<number, number>()
  /** Blocks of its stripes that others had to give. */
  #debt = 0
  #pulls = pulledAtOnce
  #pullsAtMs: number
  #tokens = messagesAtOnce
  #tokensAtMs: number
  #pardons = pardonedOffences
  #pardonsAtMs: number

  constructor(peer: LivePeer, stripes: number, nowMs: number) {
    this.peer = peer
    this.home = homeOf(peer.id, stripes)
    this.heardMs = nowMs
    this.line = new Line(nowMs)
    this.#tokensAtMs = nowMs
    this.#pardonsAtMs = nowMs
    this.#pullsAtMs = nowMs
    this.#askedMs = new Array<number>(stripes).fill(Number.NEGATIVE_INFINITY)
    this.#denied = new Array<number>(stripes).fill(0)
  }

  /** Counts a message; false when there were too many. */
  hear(nowMs: number): boolean {
    this.heardMs = nowMs
    const refill = ((nowMs - this.#tokensAtMs) * messagesPerSecond) / 1000
    this.#tokens = Math.min(messagesAtOnce, this.#tokens + refill) - 1
    this.#tokensAtMs = nowMs
    return this.#tokens >= 0
  }

  /** A message brought a new block: a stream may be as fast as it is, a recording that is played without pauses too. */
  excuse(): void {
    this.#tokens++
  }

  /** Counts what an honest peer seldom does; false when it was too often. */
  offend(nowMs: number): boolean {
    const refill = ((nowMs - this.#pardonsAtMs) * pardonedPerSecond) / 1000
    this.#pardons = Math.min(pardonedOffences, this.#pardons + refill) - 1
    this.#pardonsAtMs = nowMs
    return this.#pardons >= 0
  }

  /** Counts a block that it asks for; false when there were too many. */
  mayPull(nowMs: number): boolean {
    this.#pulls = Math.min(pulledAtOnce, this.#pulls + ((nowMs - this.#pullsAtMs) * pulledPerSecond) / 1000)
    this.#pullsAtMs = nowMs
    if (this.#pulls < 1) return false
    this.#pulls--
    return true
  }

  /** Remembers that it has a block, having given or got it. False where that was known. */
  knows(index: number): boolean {
    return remember(this.#known, index)
  }

  /** Remembers that a block came from it. False where it did before. */
  receive(index: number, nowMs: number): boolean {
    this.knows(index)
    const isFirst = remember(this.#received, index)
    const pulledMs = this.#pulled.get(index)
    if (isFirst && pulledMs !== undefined) this.line.answer(nowMs - pulledMs)
    return isFirst
  }

  /** Remembers that it was asked for a block. */
  pull(index: number, nowMs: number): void {
    this.#pulled.set(index, nowMs)
    const [oldest] = this.#pulled.keys()
    if (oldest !== undefined && this.#pulled.size > maxKnown) this.#pulled.delete(oldest)
  }

  /** Whether it was asked for a block. */
  wasPulled(index: number): boolean {
    return this.#pulled.has(index)
  }

  hasBlock(index: number): boolean {
    return this.#known.has(index) || this.tellsOf(index)
  }

  /** Whether it has said that it has a block. */
  tellsOf(index: number): boolean {
    return index < this.have.next || canGive(this.have, index)
  }

  /** Whether it gives what it says to have; one that does not is not believed, and asked last. */
  get isReliable(): boolean {
    return this.unanswered < mostUnanswered
  }

  /** Whether it can be asked for a block. */
  canGive(index: number): boolean {
    return this.#known.has(index) || canGive(this.have, index)
  }

  /** It is asked for a stripe, or is the parent in it. */
  ask(stripe: number, nowMs: number): void {
    this.#askedMs[stripe] = nowMs
  }

  /** Whether it may think that blocks of a stripe are wanted: an answer can be long under way. */
  wasAsked(stripe: number, nowMs: number): boolean {
    return this.sinceAskedMs(stripe, nowMs) < askedMs
  }

  /** How long ago it was asked for a stripe, or was the parent in it, ms. */
  sinceAskedMs(stripe: number, nowMs: number): number {
    return nowMs - (this.#askedMs[stripe] ?? Number.NEGATIVE_INFINITY)
  }

  mayAsk(stripe: number, nowMs: number): boolean {
    return nowMs >= (this.#denied[stripe] ?? 0)
  }

  /** Leaves it alone in a stripe for a while. */
  avoid(stripe: number, untilMs: number): void {
    this.#denied[stripe] = Math.max(this.#denied[stripe] ?? 0, untilMs)
  }

  /** It becomes a parent: it has to show that it gives before more is borne with. */
  promise(): void {
    this.misses = 0
    this.#debt = Math.min(mostDebt - 1, Math.max(this.#debt, firstDebt))
  }

  /** It did not do what it had promised: the longer it is left alone the more often that was. */
  distrust(stripe: number, nowMs: number): void {
    this.misses = 0
    this.avoid(stripe, nowMs + Math.min(60_000, 3000 * 2 ** this.#failures++))
  }

  /** It got a place and made no use of it for others. */
  discredit(nowMs: number): void {
    this.#discreditedUntilMs = nowMs + discreditedMs
  }

  isDiscredited(nowMs: number): boolean {
    return nowMs < this.#discreditedUntilMs
  }

  /** A block that it should have pushed came, or is to come, from another; false when that was too often. */
  owes(): boolean {
    this.#debt = Math.min(mostDebt, this.#debt + 1)
    return this.#debt < mostDebt
  }

  /** It does what it promises; it is forgiven when it has done so for a while. */
  trust(): void {
    this.misses = 0
    this.#debt = Math.max(0, this.#debt - repaid)
    if (this.#debt === 0) this.#failures = 0
  }
}

/** False where it was known. The oldest make room. */
function remember(known: Set<number>, index: number): boolean {
  if (known.has(index)) return false
  known.add(index)
  const [oldest] = known
  if (oldest !== undefined && known.size > maxKnown) known.delete(oldest)
  return true
}

/** The stripe in which a node is meant to pass on; spread evenly, as public keys are. */
export function homeOf(id: string, stripes: number): number {
  return Number.parseInt(id.slice(0, 8), 16) % stripes
}
