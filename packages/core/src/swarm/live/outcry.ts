/**
 * Whether those to whom the source gives a stripe pass it on. They stand at the top of its tree: where none of them does nobody below has it, and
 * everybody asks the source for one block after another. Then the eldest of them is discredited, so that one at home in the stripe who asks for its
 * place gets it. By the word of a single one nobody loses anything.
 */
import type { Neighbour } from './neighbour.ts'
import type { OverlayState } from './overlay-state.ts'

/** Newest blocks of a stripe that are looked at; who asks for so many of them gets nothing of it from above. */
const newestBlocks = 6
const mostAsked = 3
/** So many have to ask, and half as many as are at home in the stripe and do not get it from the source. */
const leastAsking = 2

/** Who asks the source for what its children should have passed on. */
export class Outcry {
  readonly #state: Pick<OverlayState, 'clock' | 'window' | 'neighbours'>
  readonly #stripes: readonly ReadonlySet<Neighbour>[]
  /** Of the newest blocks of each stripe, which ones who asked for. */
  readonly #asked: readonly Map<Neighbour, Set<number>>[]

  /** @param stripes the children in each stripe, as they are at any time, the eldest first */
  constructor(
    state: Pick<OverlayState, 'clock' | 'window' | 'neighbours'>,
    stripes: readonly ReadonlySet<Neighbour>[],
  ) {
    this.#state = state
    this.#stripes = stripes
    this.#asked = stripes.map(() => new Map())
  }

  /** Somebody asks for a block. */
  onpull(from: Neighbour, index: number): void {
    const { clock, window, neighbours } = this.#state
    const stripe = index % this.#stripes.length
    const [children, asked] = [this.#stripes[stripe], this.#asked[stripe]]
    if (children === undefined || asked === undefined) return
    // Who has nothing yet asks for what was given before it came.
    if (from.have.next === 0 || !window.has(index)) return
    asked.set(from, (asked.get(from) ?? new Set()).add(index))
    const oldest = window.head - newestBlocks * this.#stripes.length
    for (const indices of asked.values()) for (const one of indices) if (one < oldest) indices.delete(one)
    const asking = [...asked].filter(([one, indices]) => !children.has(one) && indices.size >= mostAsked).length
    const passedOver = [...neighbours].filter(
      (one) => one.home === stripe && one.role !== 'leaf' && !children.has(one),
    ).length
    if (asking < Math.max(leastAsking, passedOver / 2)) return
    // One that had lost its claim before and has its place still may have it for good, as the only one of its transport.
    const eldest = [...children].find((one) => !one.isDiscredited(clock.now()))
    eldest?.discredit(clock.now())
    asked.clear()
  }

  onclose(neighbour: Neighbour): void {
    for (const asked of this.#asked) asked.delete(neighbour)
  }
}
