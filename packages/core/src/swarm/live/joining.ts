/**
 * How a node that has nothing yet gets to the live edge: by blocks that prove themselves, of whichever neighbour has them. Replication would ask
 * the one peer that surely has everything, the source, and so would all who come together. The newest block tells where its picture begins; what lies
 * between is asked for as repairs are, and the log begins there, or at a newer keyframe that was pushed meanwhile. Where nobody in the
 * overlay has anything live to give, or it takes too long, replication does it.
 */
import { maxPulled } from './live-messages.ts'
import { canGive, type Have, headOf, type LiveBlock } from './live-types.ts'
import type { Neighbour } from './neighbour.ts'
import { isAlive, type OverlayState } from './overlay-state.ts'

/** The beginning of one node's log. */
export class Joining {
  readonly #state: OverlayState
  /** Blocks with which a picture begins, as far as is known. */
  readonly #starts = new Set<number>()
  /** Since when somebody could give the first block. */
  #sinceMs: number | null = null
  /** One past the newest block that there was when it began: those before are pushed by nobody any more. */
  #head = 0
  /** What the parent of each stripe had told when it became one while the log was empty: it pushes what is newer. */
  readonly #told: Have[] = []
  /** It has taken long: what is here is better than nothing. */
  #isLate = false

  constructor(state: OverlayState) {
    this.#state = state
  }

  /** Whether the node has nothing yet. */
  get isUnderWay(): boolean {
    const { role, log } = this.#state
    return role !== 'source' && log.length === 0
  }

  /** Whether the first block is to come by the overlay. */
  get isAwaited(): boolean {
    if (!this.isUnderWay || this.#isLate) return false
    return this.#alive.some((one) => one.lastBeat === null || givesLive(one))
  }

  /** The block with which the log goes on, or begins; null where that is not here yet. */
  get next(): number | null {
    const { log } = this.#state
    if (!this.isUnderWay) return log.length
    const here = [...this.#starts].filter((start) => this.#isHere(start))
    return here.length === 0 ? null : Math.max(...here)
  }

  /** The first block that is wanted, of those below `head`. */
  first(head: number): number {
    const { log } = this.#state
    if (!this.isUnderWay) return log.length
    // Less than it was where those are no longer believed who claimed more.
    if (head > 0) this.#head = this.#head === 0 ? head : Math.min(this.#head, head)
    const start = Math.max(-1, ...this.#starts)
    return start >= 0 && start >= head - maxPulled ? start : Math.max(0, head - 1)
  }

  /** Whether a block has to be asked for, as it does not come by itself. */
  isPast(index: number): boolean {
    const told = this.#told[index % this.#state.settings.stripes]
    return (this.isUnderWay && index < this.#head) || (told !== undefined && canGive(told, index))
  }

  /** A neighbour pushes a stripe from now on. */
  onaccept({ have }: Neighbour, stripe: number): void {
    if (this.isUnderWay) this.#told[stripe] = have
  }

  /** A block that was checked. */
  onblock(block: LiveBlock): void {
    if (!this.isUnderWay) return
    const start = this.#state.log.startOf(block)
    // Where its keyframe is farther back than one request goes, the log begins in mid-picture, and replication brings the rest at once.
    const isInReach = start >= 0 && start <= block.index && start > block.index - maxPulled
    this.#starts.add(isInReach ? start : block.index)
  }

  /** Waits no longer than others would for a repair. */
  tick(): void {
    if (!this.isUnderWay || this.#isLate) return
    const { clock, settings, window } = this.#state
    const now = clock.now()
    if (this.#sinceMs === null && this.#alive.some(givesLive)) this.#sinceMs = now
    if (this.#sinceMs === null || now - this.#sinceMs < settings.timers.catchUpMs) return
    this.#isLate = true
    if (window.has(window.head - 1)) this.#starts.add(window.head - 1)
  }

  /** Whether a picture can begin, with all that does not come by itself. */
  #isHere(start: number): boolean {
    const { window } = this.#state
    const end = this.#isLate ? start + 1 : Math.max(start + 1, this.#head)
    for (let index = start; index < end; index++) if (!window.has(index)) return false
    return true
  }

  get #alive(): Neighbour[] {
    return [...this.#state.neighbours].filter((one) => isAlive(this.#state, one))
  }
}

/** Whether a neighbour can give the newest block that it knows of. */
function givesLive({ have }: Neighbour): boolean {
  return have.first < have.next || headOf(have) > have.next
}
