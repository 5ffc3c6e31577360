/** What comes in at the live edge: checked, passed on, and stored in order, whatever order it came in. */
import type { Children } from './children.ts'
import type { Joining } from './joining.ts'
import type { LiveBlock } from './live-types.ts'
import type { Neighbour } from './neighbour.ts'
import type { OverlayState } from './overlay-state.ts'
import type { Repair } from './repair.ts'

/** What is told of blocks. */
export interface IntakeEvents {
  /** It is stored. */
  ontaken(block: LiveBlock): void
  /** It is signed with the channel's key, and goes on from another history than the one that is here. */
  onconflict(): void
}

/** The way of a block through a node. */
export class Intake {
  readonly #state: OverlayState
  readonly #children: Children
  readonly #repair: Repair
  readonly #joining: Joining
  readonly #events: IntakeEvents
  #isApplying = false
  #isClosed = false

  constructor(state: OverlayState, children: Children, repair: Repair, joining: Joining, events: IntakeEvents) {
    this.#state = state
    this.#children = children
    this.#repair = repair
    this.#joining = joining
    this.#events = events
  }

  /** A block that this node has appended itself. */
  publish(block: LiveBlock): void {
    this.#state.window.add(block, block.index + 1)
    this.#children.push(block)
  }

  /** A block of a peer. Nothing that was not checked is passed on or kept. */
  take(from: Neighbour, block: LiveBlock): void {
    const { log, window, counts, settings, clock } = this.#state
    const { index } = block
    // It may have been on its way when the same block was given to it: only what has come from it before is a repetition.
    const isFirst = from.receive(index, clock.now())
    if (index < log.length || window.has(index)) {
      counts.duplicates++
      counts.duplicateBytes += block.value.byteLength
      const isExpected = from.wasAsked(index % settings.stripes, clock.now()) || from.wasPulled(index)
      if (!(isFirst && isExpected) && !from.offend(clock.now())) {
        this.#state.banish(from, 'it sends what is here already, again and again')
      }
      return
    }
    if (!log.canCheck) return
    if (!log.check(block)) {
      this.#state.banish(from, `its block ${index} is not signed by the broadcaster`)
      return
    }
    // One that pushes faster than this node stores does no wrong: what does not fit in is asked for later.
    if (isFirst) from.excuse()
    // Before the log has begun, whatever is old may be forgotten.
    if (!window.add(block, this.#joining.isUnderWay ? Number.POSITIVE_INFINITY : log.length)) return
    this.#joining.onblock(block)
    this.#repair.onblock(index, from)
    this.#children.push(block)
    void this.apply()
  }

  /** Stores what goes on from what is here, one block after another. */
  async apply(): Promise<void> {
    if (this.#isApplying || this.#state.role === 'source') return
    this.#isApplying = true
    const { log, window, counts } = this.#state
    try {
      for (;;) {
        const next = this.#joining.next
        const block = this.#isClosed || next === null ? undefined : window.get(next)
        if (block === undefined) return
        const outcome = await log.apply(block)
        if (outcome === 'conflict') this.#events.onconflict()
        if (outcome !== 'stored') return
        counts.takenBlocks++
        this.#events.ontaken(block)
      }
    } finally {
      this.#isApplying = false
    }
  }

  close(): void {
    this.#isClosed = true
  }
}
