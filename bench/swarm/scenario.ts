/** What is done to a swarm in one case of the bench. */
import type { World, WorldOptions } from './world.ts'

/** A case. */
export interface Scenario extends WorldOptions {
  readonly name: string
  /** Viewers that are there before anything is measured. */
  readonly viewers: number
  /** They come within so many ms. @default 5000 */
  readonly joinOverMs?: number
  /** What the swarm has to settle after they have come, ms. @default 5000 */
  readonly settleMs?: number
  /** How long is measured, ms. */
  readonly measureMs: number
  /** How many nodes beside the viewers mean ill, of each kind in turn. @default 0 */
  readonly saboteurs?: number
  /** What happens while it is measured. */
  during?(world: World): Promise<void>
}
