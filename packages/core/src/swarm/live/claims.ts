/**
 * Whose claim to a place below a node is the better one. Those at home in a stripe go before others, who can pass on before who cannot,
 * and where neighbours come by several transports those of each have a place: they may reach nobody else.
 */
import type { Neighbour } from './neighbour.ts'
import type { OverlayState } from './overlay-state.ts'

/** A place that somebody has. */
export interface Taken {
  readonly stripe: number
  readonly child: Neighbour
}

/** The claims to the places of one node. */
export class Claims {
  readonly #state: Pick<OverlayState, 'role' | 'home' | 'settings' | 'clock'>
  readonly #stripes: readonly ReadonlySet<Neighbour>[]

  /** @param stripes the children in each stripe, as they are at any time */
  constructor(
    state: Pick<OverlayState, 'role' | 'home' | 'settings' | 'clock'>,
    stripes: readonly ReadonlySet<Neighbour>[],
  ) {
    this.#state = state
    this.#stripes = stripes
  }

  /**
   * Who goes first in a stripe: those at home in it pass it on, those at home elsewhere pass on other stripes, leaves nothing, and nor does
   * one of whom nothing is heard. Whoever can pass on no whole copy of the stream comes after all who can: at the top of a tree it would hold everybody up.
   */
  rank(child: Neighbour, stripe: number): number {
    const { clock, settings } = this.#state
    const isSilent = clock.now() - child.heardMs > settings.timers.deadMs
    if (child.role === 'leaf' || isSilent || child.isDiscredited(clock.now())) return 0
    return (child.home === stripe ? 2 : 1) + (child.places < settings.stripes ? 0 : 1.5)
  }

  /** Of those who wait, who gets a place that has become free. */
  first(waiting: readonly Neighbour[], stripe: number): Neighbour | undefined {
    const isLast = (one: Neighbour): number => (this.#fellows(one, stripe) === 0 ? 0 : 1)
    return [...waiting].sort(
      (one, other) => isLast(one) - isLast(other) || this.rank(other, stripe) - this.rank(one, stripe),
    )[0]
  }

  /** Whom a newcomer takes the place of: one that has less of a claim. */
  victim(newcomer: Neighbour, stripe: number): Taken | null {
    const found = this.#taken.filter(
      (taken) => (this.#state.role !== 'source' || taken.stripe === stripe) && this.#yields(taken, newcomer, stripe),
    )
    return found.sort((one, other) => this.#worth(one) - this.#worth(other))[0] ?? null
  }

  /** Who has the least claim to a place: in the stripe with the most children, where it is the source's. */
  least(): Taken | undefined {
    const claim = (taken: Taken): number =>
      this.#state.role === 'source' ? -(this.#stripes[taken.stripe]?.size ?? 0) : this.#worth(taken)
    return this.#taken.sort(
      (one, other) =>
        claim(one) - claim(other) || this.rank(one.child, one.stripe) - this.rank(other.child, other.stripe),
    )[0]
  }

  get #taken(): Taken[] {
    return this.#stripes.flatMap((children, stripe) => [...children].map((child) => ({ stripe, child })))
  }

  /** Whether a place becomes a newcomer's. */
  #yields({ stripe: at, child }: Taken, newcomer: Neighbour, stripe: number): boolean {
    if (child.peer.transport !== newcomer.peer.transport) {
      const isLast = this.#fellows(child, at) === 1
      const isFirst = this.#fellows(newcomer, stripe) === 0
      // A transport's last place is taken by none that has one, and its first one is taken from whom more than that is left.
      if (isLast && !isFirst) return false
      if (isFirst && !isLast) return true
    }
    const claim = this.rank(newcomer, stripe)
    return this.#worth({ stripe: at, child }) < claim && (claim !== 1 || child.role === 'leaf')
  }

  /** How many have a place in a stripe who come by the same transport, itself included. */
  #fellows({ peer: { transport } }: Neighbour, stripe: number): number {
    return [...(this.#stripes[stripe] ?? [])].filter(({ peer }) => peer.transport === transport).length
  }

  /** What a place is worth to the swarm: more in the stripe that this node is meant to pass on. */
  #worth({ stripe, child }: Taken): number {
    return this.rank(child, stripe) + (stripe === this.#state.home ? 0.5 : 0)
  }
}
