/**
 * What a node gives to those who ask, beside what it pushes: all of them together get one copy of the stream. The source has a smaller
 * measure for newcomers, who come in crowds and can have the same from others a moment later.
 */
import type { Children } from './children.ts'
import type { Neighbour } from './neighbour.ts'
import type { OverlayState } from './overlay-state.ts'

/** Blocks that are given at once. */
const mostGifts = 64
/** What the source has for newcomers when its places are taken: blocks at once, and for each new block. Together with two copies it makes some three. */
const mostWelcomes = 10
const welcomesPerBlock = 0.4
/** For each copy that it does not push it has so many more at once: who comes alone gets all from one keyframe to the next. */
const welcomesPerCopy = 6
/** A stream that has brought nothing new for so long leaves its uplink to those who ask, ms. */
const quietMs = 1000

/** The measure of one node. */
export class Gifts {
  readonly #state: OverlayState
  readonly #children: Children
  #left = mostGifts
  #welcomes = Number.POSITIVE_INFINITY
  #head = 0
  /** When something new was seen last. */
  #newMs = 0
  #isQuiet = false

  constructor(state: OverlayState, children: Children) {
    this.#state = state
    this.#children = children
  }

  /** Whether there is one left for a peer. */
  allows(to: Neighbour): boolean {
    this.#refill()
    // Those below it wait already.
    if (this.#children.isStrained) return false
    return this.#isQuiet || (this.#left >= 1 && (!this.#isWelcome(to) || this.#welcomes >= 1))
  }

  /** One was given. */
  spend(to: Neighbour): void {
    if (this.#isQuiet) return
    this.#left--
    if (this.#isWelcome(to)) this.#welcomes--
  }

  #isWelcome(to: Neighbour): boolean {
    return this.#state.role === 'source' && to.have.next === 0
  }

  #refill(): void {
    const { window, settings, clock } = this.#state
    const blocks = window.head - this.#head
    this.#head = window.head
    if (blocks > 0) this.#newMs = clock.now()
    this.#isQuiet = clock.now() - this.#newMs >= quietMs
    this.#left = Math.min(mostGifts, this.#left + blocks)
    const idleCopies = Math.max(0, this.#children.places - this.#children.used) / settings.stripes
    this.#welcomes = Math.min(
      mostWelcomes + idleCopies * welcomesPerCopy,
      this.#welcomes + blocks * (welcomesPerBlock + idleCopies),
    )
  }
}
