/** What is done to a swarm in one case of the bench. */
import type { Random } from './random.ts'
import type { World } from './world.ts'

/** What is special about a viewer. */
export interface ViewerSpec {
  /** Its uplink in bitrates of the stream. @default 5 */
  readonly uplink?: number
  /** Whether it gives nothing to others. @default false */
  readonly isLeaf?: boolean
}

/** A case. */
export interface Scenario {
  readonly name: string
  /** Viewers that are there before anything is measured. */
  readonly viewers: number
  /** They come within so many ms. @default 5000 */
  readonly joinOverMs?: number
  /** What the swarm has to settle after they have come, ms. @default 5000 */
  readonly settleMs?: number
  /** How long is measured, ms. */
  readonly measureMs: number
  /** Connections of the broadcaster at the most. @default as the node has it */
  readonly sourcePeers?: number
  /** Connections of a viewer at the most. @default as the node has it */
  readonly viewerPeers?: number
  /** Share of lost packets. @default 0 */
  readonly loss?: number
  /** How many nodes beside the viewers mean ill, of each kind in turn. @default 0 */
  readonly saboteurs?: number
  viewer?(number: number, random: Random): ViewerSpec
  /** What happens while it is measured. */
  during?(world: World): Promise<void>
}
