/** What a viewer or relay does in the live overlay, on the live line. */
import type { ViewerStats } from '@hypervision/core'
import { formatCount } from './format.ts'
import type { LineField } from './live-line.ts'

/** The figures that are shown. */
export interface OverlayFigures {
  readonly relayedCopies: number
  readonly live: Pick<ViewerStats['live'], 'depth' | 'repairs'>
}

/**
 * Copies passed on, hops from the broadcaster, and repairs once there are any.
 *
 * @param rank that of the first of the three; the others follow
 */
export function overlayFields({ relayedCopies, live }: OverlayFigures, rank: number): LineField[] {
  const fields = [{ text: `passed on ${relayedCopies.toFixed(1)}×`, rank }]
  if (live.depth !== null) fields.push({ text: formatCount(live.depth, 'hop'), rank: rank + 1 })
  if (live.repairs > 0) fields.push({ text: formatCount(live.repairs, 'repair'), rank: rank + 2 })
  return fields
}
