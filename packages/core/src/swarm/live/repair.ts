/**
 * What does not come by itself is asked for: from a neighbour that has it, from the source only as a last resort, and by replication
 * where nobody in reach has it any more. A parent that has what it does not push is replaced.
 */

import { maxWindowBlocks } from './block-window.ts'
import type { Joining } from './joining.ts'
import { maxPulled } from './live-messages.ts'
import { headOf } from './live-types.ts'
import type { Neighbour } from './neighbour.ts'
import { isAlive, isSuspect, type OverlayState } from './overlay-state.ts'
import type { Parents } from './parents.ts'

/** Blocks in a row that a parent may owe. */
const mostMisses = 2
/** A parent is not blamed for what was on its way when it became the parent, ms. */
const settleMs = 300
/** Whose messages come later than this has enough to carry already, ms. */
const busyMs = 60
/** Nobody's answer is waited for longer than this, ms. */
const longestRetryMs = 600

interface Missing {
  readonly sinceMs: number
  /** When another is asked; null before anybody was. */
  nextMs: number | null
  /** In the order in which they were. */
  readonly asked: Set<Neighbour>
}

/** The blocks between what is here and the newest that anybody has. */
export class Repair {
  readonly #state: OverlayState
  readonly #parents: Parents
  readonly #joining: Joining
  readonly #missing = new Map<number, Missing>()
  #progress = { length: -1, atMs: 0 }

  constructor(state: OverlayState, parents: Parents, joining: Joining) {
    this.#state = state
    this.#parents = parents
    this.#joining = joining
  }

  /** A block is here. */
  onblock(index: number, from: Neighbour): void {
    this.#missing.delete(index)
    from.unanswered = 0
    if (this.#parents.parent(index % this.#state.settings.stripes) === from) from.trust()
  }

  tick(): void {
    const { log, clock } = this.#state
    // What cannot be checked yet would be dropped, and is given once.
    if (!log.canCheck) return
    const now = clock.now()
    const head = this.#head()
    if (this.#progress.length !== log.length || Math.max(head, log.remoteLength) <= log.length) {
      this.#progress = { length: log.length, atMs: now }
    }
    const first = this.#joining.first(head)
    for (const index of this.#missing.keys()) if (index < first || index >= head) this.#missing.delete(index)
    const wanted = new Map<Neighbour, number[]>()
    for (let index = first; index < head; index++) {
      const from = this.#state.window.has(index) ? null : this.#whom(index, now)
      if (from === null) continue
      const indices = wanted.get(from) ?? []
      if (indices.length < maxPulled) indices.push(index)
      from.pull(index, now)
      wanted.set(from, indices)
    }
    for (const [from, indices] of wanted) {
      if (!this.#joining.isUnderWay) this.#state.counts.repairs += indices.length
      from.peer.pull(indices)
    }
    if (log.length > 0 && now - this.#progress.atMs > this.#patienceMs(log.length)) {
      this.#progress = { length: log.length, atMs: now }
      log.catchUp()
    }
  }

  /** How long to wait for the next block, ms: less where no neighbour has it any more. */
  #patienceMs(index: number): number {
    const { catchUpMs, sourcePullMs } = this.#state.settings.timers
    return [...this.#state.neighbours].some((one) => one.canGive(index)) ? catchUpMs : sourcePullMs
  }

  /** One past the newest block that anybody is known to have, as far as a window reaches. */
  #head(): number {
    const { log, window, neighbours } = this.#state
    // Where nobody answers any more all are believed: nobody could make up for it otherwise, as nothing would be asked for.
    const reliable = [...neighbours].filter((one) => one.isReliable)
    const claims = (reliable.length > 0 ? reliable : [...neighbours])
      .map(({ have }) => headOf(have))
      .filter((head) => head > 0)
      .sort((one, other) => other - one)
    // What a single one claims is believed only where there is no other: a liar would have everybody look for what nobody has. Whoever has nothing yet
    // cannot tell by what it misses who lies, and believes what more than a third claim.
    const others = this.#joining.isUnderWay ? Math.max(1, Math.floor(claims.length / 3)) : 1
    const head = Math.max(window.head, claims[others] ?? claims[0] ?? 0)
    return this.#joining.isUnderWay ? head : Math.min(head, log.length + maxWindowBlocks)
  }

  /** Whom to ask for a block now; null while it may still come by itself. */
  #whom(index: number, now: number): Neighbour | null {
    const { pullMs, retryMs, sourcePullMs } = this.#state.settings.timers
    const missing = this.#missing.get(index) ?? { sinceMs: now, nextMs: null, asked: new Set() }
    this.#missing.set(index, missing)
    const waitedMs = now - missing.sinceMs
    const parent = this.#parents.parent(index % this.#state.settings.stripes)
    const isPast = this.#joining.isPast(index)
    // There is nobody to wait for.
    const isUrgent = parent === null || isSuspect(this.#state, parent)
    const patienceMs = isPast ? 0 : isUrgent ? pullMs / 4 : pullMs
    if (waitedMs < patienceMs || (missing.nextMs !== null && now < missing.nextMs)) return null
    const able = [...this.#state.neighbours].filter((one) => one.canGive(index) && isAlive(this.#state, one))
    const others = able.filter((one) => one.role !== 'source')
    const fresh = others.filter((one) => !missing.asked.has(one))
    const sure = fresh.filter((one) => one.isReliable && !isSuspect(this.#state, one))
    // Where the source alone has it, those ask it who pass the stripe on, and who cannot begin without.
    const isFirst = others.length === 0 && (isPast || this.#state.home === index % this.#state.settings.stripes)
    const mayAskSource = isFirst || waitedMs >= sourcePullMs
    const pool = quickest(sure.length > 0 ? sure : fresh.length > 0 || !mayAskSource ? fresh : able)
    const from = pool[Math.floor(this.#state.random() * pool.length)]
    if (from === undefined) return null
    const last = [...missing.asked].at(-1)
    if (last === undefined) {
      this.#blame(index, now)
      this.#charge(index, now)
    } else if (!isPast) {
      last.unanswered++
    }
    missing.nextMs = now + Math.min(longestRetryMs, Math.max(retryMs, from.line.patienceMs))
    missing.asked.add(from)
    return from
  }

  /**
   * Another is asked for what the parent did not push. Whether it has it is not asked: one that says to have nothing would never be
   * blamed, nor would one that pushes some, or everything late.
   */
  #charge(index: number, now: number): void {
    const stripe = index % this.#state.settings.stripes
    const parent = this.#settled(stripe, now)
    if (parent !== null && !parent.owes()) this.#parents.fail(stripe)
  }

  /** The parent of a stripe, where it has been that long enough to answer for what does not come. */
  #settled(stripe: number, now: number): Neighbour | null {
    const sinceMs = this.#parents.changedMs(stripe) + settleMs + this.#state.settings.timers.pullMs
    return now < sinceMs ? null : this.#parents.parent(stripe)
  }

  /** The parent that has a block and did not push it is one miss nearer to being replaced. */
  #blame(index: number, now: number): void {
    const stripe = index % this.#state.settings.stripes
    const parent = this.#settled(stripe, now)
    if (parent === null || !parent.canGive(index)) return
    if (++parent.misses >= mostMisses) this.#parents.fail(stripe)
  }
}

/** Those whose uplinks have room; where none has, the one that has most. */
function quickest(neighbours: readonly Neighbour[]): readonly Neighbour[] {
  const quick = neighbours.filter(({ line }) => line.here.ms < busyMs)
  return quick.length > 0
    ? quick
    : [...neighbours].sort((one, other) => one.line.here.ms - other.line.here.ms).slice(0, 1)
}
