/** A tracker of one's own, for Node. */
export { type Tracker, type TrackerStats, tracker } from './tracker.ts'
export type { TrackerOptions } from './tracker-options.ts'
