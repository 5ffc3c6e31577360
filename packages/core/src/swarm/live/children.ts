/**
 * To whom a node passes each stripe on. Its places are counted in stripes: `maxUploads` copies are so many times the number of stripes.
 * Who has the better claim goes first, and is served first; who does not take what it is given loses its place.
 */
import { Capacity } from './capacity.ts'
import { Claims } from './claims.ts'
import type { Subscribe } from './live-messages.ts'
import { canGive, type Have, type LiveBlock } from './live-types.ts'
import type { Neighbour } from './neighbour.ts'
import { Outcry } from './outcry.ts'
import { isSuspect, type OverlayState } from './overlay-state.ts'
import type { Parents } from './parents.ts'

/** A connection that is full for so long carries less than the stream, ms. */
const tooSlowMs = 1000
/** What is given is so much later there than the line takes where the uplink could carry more, ms. */
const easyMs = 40
/** So much waits all the time where an uplink is full; less is what leaves it at once, ms. */
const standingMs = 80
/** What has been given and not arrived for so long waits in the uplink, and more would too, ms; those who are told less often what is here are heard of later. */
const waitingMs = 400
const idleWaitingMs = 900
/** Whoever was refused is asked not to come back before, ms. */
const retryMs = 900
/** Those that are remembered as refused, in each stripe. */
const maxWaiting = 16
/** So long somebody who was refused is thought to want the place still, ms. */
const wantedMs = 1000
/** Newest blocks of a stripe that a new child is given. */
const catchUpBlocks = 24

/** Those below this node, per stripe. */
export class Children {
  readonly #state: OverlayState
  readonly #parents: Parents
  readonly #stripes: Set<Neighbour>[]
  /** Those who were refused in each stripe, to be taken when a place becomes free; the last one came last. */
  readonly #waiting: Set<Neighbour>[]
  readonly #claims: Claims
  readonly #capacity: Capacity
  /** Whom the source gives to is seen by what it is asked for. */
  readonly #outcry: Outcry | null
  /** When somebody was refused last. */
  #refusedMs = Number.NEGATIVE_INFINITY
  /** Whether anything is passed on at all. */
  #isOpen: boolean

  constructor(state: OverlayState, parents: Parents, isOpen: boolean) {
    this.#state = state
    this.#parents = parents
    const { stripes } = state.settings
    this.#stripes = Array.from({ length: stripes }, () => new Set())
    this.#waiting = Array.from({ length: stripes }, () => new Set())
    this.#claims = new Claims(state, this.#stripes)
    this.#capacity = new Capacity(state)
    this.#outcry = state.role === 'source' ? new Outcry(state, this.#stripes) : null
    this.#isOpen = isOpen && state.role !== 'leaf'
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  set isOpen(isOpen: boolean) {
    if (isOpen === this.#isOpen) return
    this.#isOpen = isOpen
    if (!isOpen) this.#each((stripe, child) => this.#drop(stripe, child))
    this.#state.changed()
  }

  /** Places in use, of all stripes. */
  get used(): number {
    return this.#stripes.reduce((sum, children) => sum + children.size, 0)
  }

  /** Places that there are: fewer than were set while the uplink carries less. */
  get places(): number {
    return this.#isOpen ? this.#capacity.places : 0
  }

  /** How many more would be served in a stripe. */
  free(stripe: number): number {
    const all = this.places - this.used
    if (this.#state.role !== 'source') return Math.max(0, all)
    // The source gives every stripe the same number of copies.
    const perStripe = Math.ceil(this.#capacity.places / this.#stripes.length)
    return Math.max(0, Math.min(all, perStripe - (this.#stripes[stripe]?.size ?? 0)))
  }

  onsubscribe(from: Neighbour, { stripe, have }: Subscribe): void {
    const children = this.#stripes[stripe]
    const position = this.#parents.position(stripe)
    if (children === undefined) return
    // Where nothing comes from, and to those above, nothing can be given.
    const canServe = position !== null && !position.path.includes(from.peer.id)
    if (!children.has(from) && !(canServe && this.#makeRoom(from, stripe))) {
      from.peer.deny({ stripe, retryMs })
      if (canServe) this.#wait(from, stripe)
      return
    }
    this.#take(from, stripe, have)
  }

  /** Gives a place, and what has been missed. */
  #take(from: Neighbour, stripe: number, have: Have): void {
    this.#stripes[stripe]?.add(from)
    this.#waiting[stripe]?.delete(from)
    from.peer.accept(stripe)
    this.#state.changed()
    // A node that has not joined yet has no use for older blocks.
    if (have.next === 0 && this.#state.log.length > 0) return
    const { window, settings } = this.#state
    const oldest = Math.max(have.next, window.head - catchUpBlocks)
    const missed = [...window.ofStripe(stripe, settings.stripes, oldest)].filter(({ index }) => !canGive(have, index))
    this.#state.offer(
      from,
      missed.map(({ index }) => index),
    )
  }

  onunsubscribe(from: Neighbour, stripe: number): void {
    this.#waiting[stripe]?.delete(from)
    this.#lose(from, stripe)
  }

  /** Somebody asks for blocks, which may tell that they are not passed on. */
  onpull(from: Neighbour, indices: readonly number[]): void {
    for (const index of indices) this.#outcry?.onpull(from, index)
  }

  onclose(from: Neighbour): void {
    this.#outcry?.onclose(from)
    for (const waiting of this.#waiting) waiting.delete(from)
    for (const stripe of this.#stripes.keys()) this.#lose(from, stripe)
  }

  /** Passes a block on to those below who have not got it. */
  push(block: LiveBlock): void {
    this.#capacity.countStream(block.value.byteLength)
    if (this.#capacity.isUnpaid) this.#state.heldBack()
    const stripe = block.index % this.#stripes.length
    const children = [...(this.#stripes[stripe] ?? [])]
    children.sort((one, other) => this.#claims.rank(other, stripe) - this.#claims.rank(one, stripe))
    for (const child of children) if (!child.hasBlock(block.index)) this.#give(child, block)
  }

  /** Whether something can be given to those who ask: nothing is borrowed for it. */
  get mayGive(): boolean {
    if (!this.#isOpen || this.#state.budget.waitMs === 0) return this.#isOpen
    this.#state.heldBack()
    return false
  }

  /** Gives a block to whoever asked for it. */
  give(to: Neighbour, block: LiveBlock): boolean {
    return this.#isOpen && this.#give(to, block)
  }

  /** Takes places from the dead and from those who are too slow, and finds out what the uplink carries. */
  tick(): void {
    const now = this.#state.clock.now()
    const { places } = this.#capacity
    const { idleDeadMs } = this.#state.settings.timers
    this.#capacity.fit()
    const full = new Set<Neighbour>()
    this.#each((stripe, child) => {
      if (now - child.heardMs > idleDeadMs) {
        // It may live all the same, and is told: it would wait for what is pushed to it no more.
        this.#drop(stripe, child)
        this.#fill(stripe)
      } else if (child.fullSinceMs !== null && now - child.fullSinceMs > tooSlowMs) {
        full.add(child)
      }
    })
    // One that does not keep up is slow itself. Several at once are the uplink.
    const isFull = full.size > 1 || (full.size === 1 && this.#served.size === 1)
    if (isFull || this.#isStanding) this.#capacity.strain()
    else this.#capacity.relax(full.size === 0 && this.#lateMs < easyMs, this.used, now - this.#refusedMs < wantedMs)
    if (places !== this.#capacity.places) this.#state.changed()
    this.#shed()
    if (places < this.#capacity.places) this.#fillAll()
    for (const child of full) {
      child.fullSinceMs = now
      for (const [stripe, children] of this.#stripes.entries()) if (children.has(child)) this.#drop(stripe, child)
    }
  }

  /** Blocks have arrived with somebody. */
  onarrival(bytes: number): void {
    this.#capacity.countArrived(bytes)
  }

  /** How late what is sent arrives, with those below and with all neighbours, ms: whoever has nobody below may give too much to those who ask. */
  get uplinkMs(): number {
    return Math.max(
      this.#lateMs,
      middle(this.#state.neighbours, ({ line }) => line.there.ms),
    )
  }

  /** Whether somebody is below this node in any stripe. */
  includes(neighbour: Neighbour): boolean {
    return this.#stripes.some((children) => children.has(neighbour))
  }

  /** Whether there is anybody below. */
  get isEmpty(): boolean {
    return this.used === 0
  }

  #give(to: Neighbour, block: LiveBlock): boolean {
    // What a full connection would hold is old before it arrives: the peer asks for it elsewhere.
    const now = this.#state.clock.now()
    if (to.fullSinceMs !== null && now - to.fullSinceMs > tooSlowMs / 2) return false
    if (to.line.waitMs > (this.#state.isClose(to) ? waitingMs : idleWaitingMs)) return false
    const { counts, budget } = this.#state
    if (!budget.canPush) {
      this.#state.heldBack()
      return false
    }
    if (!to.knows(block.index)) return false
    budget.spend(block.value.byteLength)
    counts.pushedBlocks++
    counts.pushedBytes += block.value.byteLength
    to.line.give(block.value.byteLength)
    if (!to.peer.block(block)) to.fullSinceMs ??= this.#state.clock.now()
    return true
  }

  get #served(): Set<Neighbour> {
    return new Set(this.#stripes.flatMap((children) => [...children]))
  }

  /** How long what is given waits in the uplink, on average, ms. */
  get #lateMs(): number {
    return middle(this.#served, ({ line }) => line.there.ms)
  }

  /** Whether something waits in the uplink just now. Only where that is so each time it is looked at does what arrives tell what the uplink carries. */
  get #isStanding(): boolean {
    return this.#state.role !== 'source' && middle(this.#served, ({ line }) => line.there.lastMs) > standingMs
  }

  /** Remembers one that was refused. */
  #wait(from: Neighbour, stripe: number): void {
    this.#refusedMs = this.#state.clock.now()
    const waiting = this.#waiting[stripe]
    waiting?.delete(from)
    waiting?.add(from)
    const [oldest] = waiting ?? []
    if (oldest !== undefined && (waiting?.size ?? 0) > maxWaiting) waiting?.delete(oldest)
  }

  /** One is gone: those below it would have to find out by themselves, so whoever waits takes the place at once. */
  #lose(child: Neighbour, stripe: number): void {
    if (!this.#stripes[stripe]?.delete(child)) return
    this.#state.changed()
    this.#fill(stripe)
  }

  /** Gives new places to those who wait, at first in the stripe that this node is meant to pass on. */
  #fillAll(): void {
    for (const at of this.#stripes.keys()) this.#fill((this.#state.home + at) % this.#stripes.length)
  }

  /** Gives a free place to who has waited for one. */
  #fill(stripe: number): void {
    if (this.free(stripe) <= 0) return
    const waiting = [...(this.#waiting[stripe] ?? [])].filter((one) => !isSuspect(this.#state, one))
    const next = this.#claims.first(waiting, stripe)
    if (next !== undefined) this.#take(next, stripe, next.have)
  }

  /** Whether there is a place for a newcomer, if need be that of another. */
  #makeRoom(newcomer: Neighbour, stripe: number): boolean {
    if (this.free(stripe) > 0) return true
    const victim = this.#isOpen ? this.#claims.victim(newcomer, stripe) : null
    if (victim !== null) this.#drop(victim.stripe, victim.child)
    return victim !== null
  }

  #drop(stripe: number, child: Neighbour): void {
    if (!this.#stripes[stripe]?.delete(child)) return
    child.peer.drop(stripe)
    this.#state.changed()
  }

  /** Where there are no longer as many places as are taken, those with the least claim lose theirs. */
  #shed(): void {
    while (this.used > this.#capacity.places) {
      const least = this.#claims.least()
      if (least === undefined) return
      this.#drop(least.stripe, least.child)
    }
  }

  #each(visit: (stripe: number, child: Neighbour) => void): void {
    for (const [stripe, children] of this.#stripes.entries()) for (const child of [...children]) visit(stripe, child)
  }
}

/** Of some, what is read of the one in the middle, as each line has losses of its own; 0 of nobody. */
function middle(neighbours: Iterable<Neighbour>, read: (one: Neighbour) => number): number {
  const values = [...neighbours].map(read).sort((one, other) => one - other)
  return values[(values.length - 1) >> 1] ?? 0
}
