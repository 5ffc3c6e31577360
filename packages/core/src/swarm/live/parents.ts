/**
 * From whom a node gets each stripe. It stands in one tree per stripe, below a parent that it has chosen by what neighbours tell
 * of their own places: the whole path from the source, so that no loop can form, and the time that a block takes to
 * get there. A parent that fails is replaced at once; a better one is changed to when it has accepted.
 */
import { hopMs, maxDepth } from './live-options.ts'
import type { Position } from './live-types.ts'
import type { Neighbour } from './neighbour.ts'
import { isAlive, isSuspect, type OverlayState } from './overlay-state.ts'

/** What a place outside of the home stripe is thought to cost: those at home there need it more, as they pass on. */
const strangerMs = 300
/** What a neighbour without a free place is thought to cost, where it may give up another for this node, and where not. */
const fullAtHomeMs = 60
const fullMs = 800
/** What one is thought to cost that is left alone for having refused or failed. */
const avoidedMs = 5000
/** A change has to gain so much. */
const worthwhileMs = 35
/** An answer to a subscription comes within this, or never, ms. */
const answerMs = 500
/** Chance per tick to look for a better parent; right after a change it is looked for at each one. */
const lookOut = 0.06
const restlessMs = 2000
/** It takes so long to ask some neighbours in turn, ms. */
const aroundMs = 1000
/** Cost changes below this are not told on. */
const noticeableMs = 10

interface Asked {
  readonly neighbour: Neighbour
  readonly atMs: number
}

interface Place {
  parent: Neighbour | null
  asked: Asked | null
  /** When the parent was lost or changed. */
  changedMs: number
  position: Position | null
}

/** The places of a node in the trees. */
export class Parents {
  readonly #state: OverlayState
  readonly #places: Place[]

  constructor(state: OverlayState) {
    this.#state = state
    const position = state.role === 'source' ? { path: [state.id], costMs: 0 } : null
    this.#places = Array.from({ length: state.settings.stripes }, () => ({
      parent: null,
      asked: null,
      changedMs: state.clock.now(),
      position,
    }))
  }

  /** Where this node stands in a stripe; null where it has no parent. */
  position(stripe: number): Position | null {
    return this.#places[stripe]?.position ?? null
  }

  parent(stripe: number): Neighbour | null {
    return this.#places[stripe]?.parent ?? null
  }

  /** Whether somebody is above this node in any stripe, or has been asked to be. */
  includes(neighbour: Neighbour): boolean {
    return this.#places.some(({ parent, asked }) => parent === neighbour || asked?.neighbour === neighbour)
  }

  /** Whether some stripe has been without a parent for longer than it takes to ask around. */
  get isLonely(): boolean {
    const { role, clock } = this.#state
    const since = clock.now() - aroundMs
    return role !== 'source' && this.#places.some(({ parent, changedMs }) => parent === null && changedMs < since)
  }

  /** Since when the parent is the parent. */
  changedMs(stripe: number): number {
    return this.#places[stripe]?.changedMs ?? 0
  }

  /** A neighbour told where it stands. */
  onadvert(from: Neighbour): void {
    this.#each((stripe, place) => {
      if (place.parent !== from) return
      if (this.#mayFollow(from, stripe)) this.#follow(stripe, place)
      else this.#leave(stripe, place, true)
    })
  }

  onaccept(from: Neighbour, stripe: number): void {
    const place = this.#places[stripe]
    if (place === undefined || place.parent === from) return
    const isAsked = place.asked?.neighbour === from
    // So is a place that has become free since it was refused, where it is needed.
    const isNeeded =
      place.parent === null || isSuspect(this.#state, place.parent) || this.#isBetter(from, stripe, place)
    const isWelcome = isAsked || (isNeeded && from.wasAsked(stripe, this.#state.clock.now()))
    if (!isWelcome || !this.#mayFollow(from, stripe)) {
      from.peer.unsubscribe(stripe)
      return
    }
    if (!isAsked) place.asked?.neighbour.peer.unsubscribe(stripe)
    place.asked = null
    place.parent?.peer.unsubscribe(stripe)
    place.parent = from
    place.changedMs = this.#state.clock.now()
    from.promise()
    this.#follow(stripe, place)
  }

  ondeny(from: Neighbour, stripe: number, retryMs: number): void {
    const place = this.#places[stripe]
    const { clock, random } = this.#state
    from.avoid(stripe, clock.now() + Math.min(retryMs, 10_000) * (0.75 + random() / 2))
    if (place?.asked?.neighbour !== from) return
    place.asked = null
    if (place.parent === null) this.#choose(stripe, place)
  }

  /** The parent needs the place for somebody else, or goes. */
  ondropped(from: Neighbour, stripe: number): void {
    const place = this.#places[stripe]
    from.avoid(stripe, this.#state.clock.now() + 1000)
    if (place?.parent === from) this.#leave(stripe, place, false)
  }

  /** A neighbour is about to leave: it still pushes until another one has accepted. */
  onleave(from: Neighbour): void {
    this.#each((stripe, place) => {
      if (place.asked?.neighbour === from) place.asked = null
      if (place.parent === from) this.#choose(stripe, place)
    })
  }

  /** A neighbour is gone. */
  onclose(from: Neighbour): void {
    this.#each((stripe, place) => {
      if (place.asked?.neighbour === from) place.asked = null
      if (place.parent === from) this.#leave(stripe, place, false)
    })
  }

  /** The parent of a stripe does not give what it has. */
  fail(stripe: number): void {
    const place = this.#places[stripe]
    if (place === undefined || place.parent === null) return
    place.parent.distrust(stripe, this.#state.clock.now())
    this.#leave(stripe, place, true)
  }

  /** Looks for a parent in each stripe that has none. */
  fill(): void {
    if (this.#state.role === 'source') return
    this.#each((stripe, place) => {
      if (place.parent === null || place.parent.isLeaving) this.#choose(stripe, place)
    })
  }

  /** Gives up what did not answer, replaces who is silent, looks for better. */
  tick(): void {
    const { clock, random, role } = this.#state
    if (role === 'source') return
    const now = clock.now()
    this.#each((stripe, place) => {
      if (place.asked !== null && now - place.asked.atMs > answerMs) {
        place.asked.neighbour.avoid(stripe, now + 2000)
        place.asked = null
      }
      if (place.parent !== null && !isAlive(this.#state, place.parent)) {
        place.parent.avoid(stripe, now + answerMs)
        this.#leave(stripe, place, true)
      }
      place.parent?.ask(stripe, now)
      if (place.parent === null || place.parent.isLeaving) this.#choose(stripe, place)
      else if (now - place.changedMs < restlessMs ? random() < 0.3 : random() < lookOut) this.#improve(stripe, place)
    })
  }

  /** Tells every parent that nothing more is needed. */
  leaveAll(): void {
    this.#each((stripe, place) => {
      place.parent?.peer.unsubscribe(stripe)
      place.parent = null
      place.asked = null
    })
  }

  #each(visit: (stripe: number, place: Place) => void): void {
    for (const [stripe, place] of this.#places.entries()) visit(stripe, place)
  }

  #mayFollow(neighbour: Neighbour, stripe: number): boolean {
    const position = neighbour.positions[stripe]
    return position != null && position.path.length < maxDepth && !position.path.includes(this.#state.id)
  }

  /** Takes over the parent's place, one further down. */
  #follow(stripe: number, place: Place): void {
    const above = place.parent?.positions[stripe]
    if (place.parent == null || above == null) return
    const path = [...above.path, this.#state.id]
    const costMs = Math.round(above.costMs + place.parent.roundTripMs / 2 + hopMs)
    const before = place.position
    const isSame =
      before !== null && before.path.length === path.length && before.path.every((id, at) => id === path[at])
    if (isSame && Math.abs(before.costMs - costMs) < noticeableMs) return
    place.position = { path, costMs }
    this.#state.changed()
  }

  /** Is without a parent. Those below stay: they are told only where no other parent is in sight. */
  #leave(stripe: number, place: Place, isTold: boolean): void {
    if (isTold) place.parent?.peer.unsubscribe(stripe)
    place.parent = null
    place.changedMs = this.#state.clock.now()
    this.#state.counts.parentsLost++
    if (this.#choose(stripe, place)) return
    place.position = null
    this.#state.changed()
  }

  /** Asks the best neighbour; false where there is none. */
  #choose(stripe: number, place: Place): boolean {
    if (place.asked !== null) return true
    const best = this.#best(stripe, place, Number.POSITIVE_INFINITY)
    if (best === null) return false
    this.#ask(stripe, place, best)
    return true
  }

  #isBetter(neighbour: Neighbour, stripe: number, { parent }: Place): boolean {
    return parent !== null && this.#cost(neighbour, stripe, true) < this.#cost(parent, stripe, true) - worthwhileMs
  }

  #improve(stripe: number, place: Place): void {
    if (place.asked !== null || place.parent === null) return
    const best = this.#best(stripe, place, this.#cost(place.parent, stripe, true) - worthwhileMs)
    if (best !== null) this.#ask(stripe, place, best)
  }

  #ask(stripe: number, place: Place, neighbour: Neighbour): void {
    const { clock, window, log } = this.#state
    place.asked = { neighbour, atMs: clock.now() }
    neighbour.ask(stripe, clock.now())
    neighbour.peer.subscribe({ stripe, have: window.have(log.length) })
  }

  #best(stripe: number, place: Place, below: number): Neighbour | null {
    const now = this.#state.clock.now()
    // Where nobody else takes this node in, one that failed it is better than none.
    const isDesperate = place.parent === null && now - place.changedMs > aroundMs
    let best: Neighbour | null = null
    let least = below
    for (const neighbour of this.#state.neighbours) {
      if (neighbour === place.parent || neighbour.role === 'leaf' || neighbour.isLeaving) continue
      if (!this.#mayFollow(neighbour, stripe) || !isAlive(this.#state, neighbour)) continue
      const isAvoided = !neighbour.mayAsk(stripe, now)
      // Even then it is not asked again as fast as it can refuse.
      if (isAvoided && (!isDesperate || neighbour.sinceAskedMs(stripe, now) < answerMs)) continue
      const cost = this.#cost(neighbour, stripe, false) + (isAvoided ? avoidedMs : 0)
      if (cost < least) {
        best = neighbour
        least = cost
      }
    }
    return best
  }

  /** How good a parent is thought to be, ms. */
  #cost(neighbour: Neighbour, stripe: number, isParent: boolean): number {
    const above = neighbour.positions[stripe]?.costMs ?? Number.POSITIVE_INFINITY
    const isHome = this.#state.home === stripe
    // The source's places are for those who pass on in the stripe; so are those of nodes that are at home elsewhere, for nobody.
    const isStranger = neighbour.role === 'source' ? !isHome : neighbour.home !== stripe
    const isFull = !isParent && (neighbour.free[stripe] ?? 0) <= 0
    return (
      above +
      neighbour.roundTripMs / 2 +
      hopMs +
      (isStranger ? strangerMs : 0) +
      (isFull ? (isHome ? fullAtHomeMs : fullMs) : 0)
    )
  }
}
