/** What neighbours tell each other of their places in the trees: where each stands, and how many more it would serve. */
import type { Children } from './children.ts'
import type { Departure } from './departure.ts'
import type { Advert } from './live-types.ts'
import type { Neighbour } from './neighbour.ts'
import type { OverlayState } from './overlay-state.ts'
import type { Parents } from './parents.ts'

/** Adverts are sent so long after a change, ms: changes come in bunches. */
const advertMs = 20
/** Who is not below this node is told so often at the most, ms: where much changes, adverts would fill the uplinks. */
const idleAdvertMs = 300

/** Gives and takes the adverts of one node. */
export class Adverts {
  readonly #state: Pick<OverlayState, 'role' | 'settings' | 'clock' | 'neighbours'>
  readonly #parents: Pick<Parents, 'position'>
  readonly #children: Pick<Children, 'places' | 'free' | 'includes'>
  readonly #departure: Pick<Departure, 'isUnderWay'>
  #stop: (() => void) | null = null
  readonly #due = new Set<Neighbour>()
  /** When each was told last. */
  readonly #toldMs = new WeakMap<Neighbour, number>()
  #isClosed = false

  constructor(
    state: Pick<OverlayState, 'role' | 'settings' | 'clock' | 'neighbours'>,
    parents: Pick<Parents, 'position'>,
    children: Pick<Children, 'places' | 'free' | 'includes'>,
    departure: Pick<Departure, 'isUnderWay'>,
  ) {
    this.#state = state
    this.#parents = parents
    this.#children = children
    this.#departure = departure
  }

  /** What this node tells of itself. */
  get own(): Advert {
    const { settings, role } = this.#state
    const { places } = this.#children
    return {
      role: role === 'source' || places > 0 ? role : 'leaf',
      stripes: Array.from({ length: settings.stripes }, (_, stripe) => ({
        position: this.#parents.position(stripe),
        free: this.#departure.isUnderWay ? 0 : this.#children.free(stripe),
      })),
      places,
    }
  }

  /** What this node tells of itself has changed: those below it know soon, as no loop may form, the others within their time. */
  onchange(): void {
    for (const neighbour of this.#state.neighbours) this.#due.add(neighbour)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#stop !== null || this.#isClosed) return
    this.#stop = this.#state.clock.after(advertMs, () => {
      this.#stop = null
      this.#tell()
      if (this.#due.size > 0) this.#schedule()
    })
  }

  #tell(): void {
    const now = this.#state.clock.now()
    const advert = this.own
    for (const neighbour of this.#due) {
      const isHere = this.#state.neighbours.has(neighbour)
      const isBelow = this.#children.includes(neighbour)
      if (isHere && !isBelow && now - (this.#toldMs.get(neighbour) ?? Number.NEGATIVE_INFINITY) < idleAdvertMs) continue
      this.#due.delete(neighbour)
      if (!isHere) continue
      this.#toldMs.set(neighbour, now)
      neighbour.peer.advert(advert)
    }
  }

  /** Notes what a neighbour tells of itself. False where it cannot be of this overlay. */
  take(neighbour: Neighbour, { role, stripes, places }: Advert): boolean {
    const { id } = neighbour.peer
    const isTrue = stripes.every(({ position }) => position === null || position.path.at(-1) === id)
    if (stripes.length !== this.#state.settings.stripes || !isTrue) return false
    neighbour.role = role
    neighbour.places = places
    neighbour.positions = stripes.map(({ position }) => position)
    neighbour.free = stripes.map(({ free }) => free)
    return true
  }

  close(): void {
    this.#isClosed = true
    this.#stop?.()
  }
}
