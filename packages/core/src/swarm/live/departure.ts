/** How a node goes: those below it are told, and have their time to find other parents, before it leaves its own. */
import type { Children } from './children.ts'
import type { OverlayState } from './overlay-state.ts'
import type { Parents } from './parents.ts'

/** The end of one node's part in the overlay. */
export class Departure {
  readonly #state: OverlayState
  readonly #parents: Parents
  readonly #children: Children
  #isUnderWay = false
  #isClosed = false
  #done: Promise<void> | null = null
  /** Ends the wait for those below. */
  #onempty: () => void = () => {}

  constructor(state: OverlayState, parents: Parents, children: Children) {
    this.#state = state
    this.#parents = parents
    this.#children = children
  }

  /** Whether the node is leaving: nobody new comes below it. */
  get isUnderWay(): boolean {
    return this.#isUnderWay
  }

  /** Resolves when nobody needs this node any more, or they had their time. */
  leave(): Promise<void> {
    this.#done ??= this.#leave()
    return this.#done
  }

  /** Somebody below has gone. */
  onchildgone(): void {
    if (this.#children.isEmpty) this.#onempty()
  }

  close(): void {
    this.#isClosed = true
    this.#onempty()
  }

  async #leave(): Promise<void> {
    if (this.#isClosed) return
    this.#isUnderWay = true
    const { neighbours, clock, settings } = this.#state
    for (const { peer } of neighbours) peer.leave()
    if (!this.#children.isEmpty) {
      await new Promise<void>((resolve) => {
        const stop = clock.after(settings.timers.leaveMs, resolve)
        this.#onempty = () => {
          stop()
          resolve()
        }
      })
    }
    this.#parents.leaveAll()
  }
}
