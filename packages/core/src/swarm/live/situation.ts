/** How a node fares in the overlay, as it is told: whether anybody takes part, whether its first block comes so, and whether it finds no place. */
import type { Joining } from './joining.ts'
import { isAlive, type OverlayState } from './overlay-state.ts'
import type { Parents } from './parents.ts'

/** More neighbours are asked for so often at the most, ms. */
const lonelyMs = 1000

/** What a node is told of its part in the overlay. */
export interface SituationEvents {
  /** Whether blocks come by the overlay has changed. */
  onactive(isActive: boolean): void
  /** Whether the first block is to come by the overlay has changed: replication keeps still meanwhile. */
  onawaited(isAwaited: boolean): void
  /** None of the neighbours has a place for this node in some stripe: it should get to know more. */
  onlonely(): void
}

/** Tells what has changed. */
export class Situation {
  readonly #state: OverlayState
  readonly #parents: Parents
  readonly #joining: Joining
  readonly #events: SituationEvents
  #isActive = false
  #isAwaited = false
  #lonelyAtMs = 0

  constructor(state: OverlayState, parents: Parents, joining: Joining, events: SituationEvents) {
    this.#state = state
    this.#parents = parents
    this.#joining = joining
    this.#events = events
  }

  /** Somebody has come or gone, or may have fallen silent. */
  check(): void {
    // Before it: whoever reads is to know both.
    this.checkAwaited()
    const isActive = [...this.#state.neighbours].some((neighbour) => isAlive(this.#state, neighbour))
    if (isActive === this.#isActive) return
    this.#isActive = isActive
    this.#events.onactive(isActive)
  }

  /** The log has begun, or a neighbour told what it has. */
  checkAwaited(): void {
    const { isAwaited } = this.#joining
    if (isAwaited === this.#isAwaited) return
    this.#isAwaited = isAwaited
    this.#events.onawaited(isAwaited)
  }

  tick(): void {
    this.check()
    const now = this.#state.clock.now()
    if (!this.#isActive || now < this.#lonelyAtMs || !this.#parents.isLonely) return
    this.#lonelyAtMs = now + lonelyMs
    this.#events.onlonely()
  }
}
