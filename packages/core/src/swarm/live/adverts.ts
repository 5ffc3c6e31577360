/** What neighbours tell each other of their places in the trees: where each stands, and how many more it would serve. */
import type { Children } from './children.ts'
import type { Departure } from './departure.ts'
import type { Advert } from './live-types.ts'
import type { Neighbour } from './neighbour.ts'
import type { OverlayState } from './overlay-state.ts'
import type { Parents } from './parents.ts'

/** Adverts are sent so long after a change, ms: changes come in bunches. */
const advertMs = 20

/** Gives and takes the adverts of one node. */
export class Adverts {
  readonly #state: OverlayState
  readonly #parents: Parents
  readonly #children: Children
  readonly #departure: Departure
  #stop: (() => void) | null = null
  #isClosed = false

  constructor(state: OverlayState, parents: Parents, children: Children, departure: Departure) {
    this.#state = state
    this.#parents = parents
    this.#children = children
    this.#departure = departure
  }

  /** What this node tells of itself. */
  get own(): Advert {
    const { settings, role } = this.#state
    return {
      role: role === 'source' || this.#children.isOpen ? role : 'leaf',
      stripes: Array.from({ length: settings.stripes }, (_, stripe) => ({
        position: this.#parents.position(stripe),
        free: this.#departure.isUnderWay ? 0 : this.#children.free(stripe),
      })),
    }
  }

  /** What this node tells of itself has changed: soon all neighbours know. */
  onchange(): void {
    if (this.#stop !== null || this.#isClosed) return
    this.#stop = this.#state.clock.after(advertMs, () => {
      this.#stop = null
      const advert = this.own
      for (const { peer } of this.#state.neighbours) peer.advert(advert)
    })
  }

  /** Notes what a neighbour tells of itself. False where it cannot be of this overlay. */
  take(neighbour: Neighbour, { role, stripes }: Advert): boolean {
    const { id } = neighbour.peer
    const isTrue = stripes.every(({ position }) => position === null || position.path.at(-1) === id)
    if (stripes.length !== this.#state.settings.stripes || !isTrue) return false
    neighbour.role = role
    neighbour.positions = stripes.map(({ position }) => position)
    neighbour.free = stripes.map(({ free }) => free)
    return true
  }

  close(): void {
    this.#isClosed = true
    this.#stop?.()
  }
}
