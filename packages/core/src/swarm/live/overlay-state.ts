/** What the parts of a node's overlay share: who it is, who is there, what it has. */
import type { Clock } from '../clock.ts'
import type { UploadBudget } from '../upload-budget.ts'
import type { BlockWindow } from './block-window.ts'
import type { LiveSettings } from './live-options.ts'
import type { LiveLog, LiveRole, NodeId } from './live-types.ts'
import type { Neighbour } from './neighbour.ts'

/** Shared by parents, children and repair. */
export interface OverlayState {
  readonly id: NodeId
  readonly role: LiveRole
  readonly home: number
  readonly settings: LiveSettings
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  readonly log: LiveLog
  readonly window: BlockWindow
  readonly neighbours: ReadonlySet<Neighbour>
  readonly counts: LiveCounts
  readonly budget: UploadBudget
  /** Whether a neighbour is above or below this node in any stripe. */
  isClose(neighbour: Neighbour): boolean
  /** A neighbour lacks blocks that are not pushed any more. */
  offer(to: Neighbour, indices: readonly number[]): void
  /** What the node tells about itself has changed. */
  changed(): void
  /** The upload limit did not allow a block that somebody should have got. */
  heldBack(): void
  /** A peer broke the rules. */
  banish(neighbour: Neighbour, reason: string): void
}

/** What is counted for statistics. */
export interface LiveCounts {
  /** Bytes of blocks pushed to others. */
  pushedBytes: number
  /** Blocks pushed to others. */
  pushedBlocks: number
  /** Blocks that came by the overlay and were taken in. */
  takenBlocks: number
  /** Blocks asked for because they did not come by themselves. */
  repairs: number
  /** Blocks that came although they were here. */
  duplicates: number
  /** Bytes of those. */
  duplicateBytes: number
  /** How often a stripe lost its parent before there was another: it failed, left or needed the place. */
  parentsLost: number
  /** Peers that were banished. */
  banished: number
  /** Blocks that somebody should have got and the upload limit did not allow. */
  heldBack: number
}

/** Whether a neighbour has given a sign of life in time. */
export function isAlive(state: OverlayState, neighbour: Neighbour): boolean {
  const { deadMs, idleDeadMs } = state.settings.timers
  return state.clock.now() - neighbour.heardMs <= (state.isClose(neighbour) ? deadMs : idleDeadMs)
}

/** Whether a neighbour has missed a sign of life: it may be dead, or its line be slow. */
export function isSuspect(state: OverlayState, neighbour: Neighbour): boolean {
  const { heartbeatMs, idleHeartbeatMs } = state.settings.timers
  const beatMs = state.isClose(neighbour) ? heartbeatMs : idleHeartbeatMs
  return state.clock.now() - neighbour.heardMs > 2 * beatMs
}
