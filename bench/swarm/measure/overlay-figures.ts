/** Figures that the live overlay itself gives; null for nodes without one. */
import type { Watcher } from '../nodes/watcher.ts'
import type { Figures } from './figures.ts'

/** Sums up what the viewers' overlays say. */
export function overlayFigures(watchers: readonly Watcher[]): Figures {
  const nodes = watchers
    .map(({ viewer }) => viewer?.stats().live)
    .filter((live) => live !== undefined && live.neighbours > 0)
  if (nodes.length === 0) return { repairs: null, depthMean: null, depthMax: null }
  const depths = nodes.flatMap((live) => live?.depth ?? [])
  return {
    repairs: nodes.reduce((sum, live) => sum + (live?.repairs ?? 0), 0),
    depthMean: depths.reduce((sum, depth) => sum + depth, 0) / depths.length,
    depthMax: Math.max(...depths),
  }
}
