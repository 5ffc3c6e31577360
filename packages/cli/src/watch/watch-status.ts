/** What a viewer is doing, in the forms in which it is told: to the page, to programs, on the live line. */
import type { Viewer, ViewerState, ViewerStats } from '@hypervision/core'
import { formatBitrate, formatCount, formatMilliseconds } from '../terminal/format.ts'
import type { LineField } from '../terminal/live-line.ts'
import { type OverlayFigures, overlayFields } from '../terminal/overlay-fields.ts'

/** Status as plain data, for `/stats.json` and the page. */
export interface WatchStatus extends Omit<ViewerStats, 'peers'> {
  readonly link: string
  readonly title: string | null
  readonly mimeType: string | null
  /** What the show is about. */
  readonly description: string | null
  /** When it is meant to begin, as ISO 8601. */
  readonly startsAt: string | null
  /** Connections that are open now. */
  readonly peers: number
  /** Players that `--http` serves. */
  readonly httpClients: number
}

/** States in words. */
const stateWords: Readonly<Record<ViewerState, string>> = {
  searching: 'waiting for the broadcaster',
  waiting: 'waiting for the broadcast to begin',
  playing: 'live',
  stalled: 'interrupted: the next block is late',
  ended: 'the broadcast has ended',
  closed: 'closed',
}

/** The status of a viewer now. */
export function watchStatus(
  viewer: Viewer,
  stream: { readonly title: string | null; readonly mimeType: string | null; readonly httpClients: number },
): WatchStatus {
  const { peers, ...stats } = viewer.stats()
  const description = viewer.metadata?.description ?? null
  const startsAt = viewer.metadata?.startsAt?.toISOString() ?? null
  return { ...stats, link: viewer.link, ...stream, description, startsAt, peers: peers.length }
}

/** What the live line shows. */
export type ShownStatus = OverlayFigures &
  Pick<WatchStatus, 'state' | 'latencyMs' | 'bitsPerSecond' | 'blocksPerSecond' | 'peers' | 'stalls'>

/** The live line. */
export function statusFields(status: ShownStatus): LineField[] {
  const { state, latencyMs } = status
  const fields: LineField[] = [
    { text: state === 'playing' && latencyMs === null ? 'playing' : stateWords[state], rank: 0 },
  ]
  const isPlaying = state === 'playing' || state === 'stalled'
  // Clocks that do not agree make it less than nothing, which tells nobody anything.
  if (isPlaying && latencyMs !== null && latencyMs >= 0) fields.push({ text: formatMilliseconds(latencyMs), rank: 1 })
  if (isPlaying) fields.push({ text: formatBitrate(status.bitsPerSecond), rank: 2 })
  fields.push({ text: formatCount(status.peers, 'peer'), rank: 3 })
  if (isPlaying)
    fields.push(...overlayFields(status, 4), { text: `${status.blocksPerSecond.toFixed(1)} blocks/s`, rank: 8 })
  if (status.stalls > 0) fields.push({ text: formatCount(status.stalls, 'stall'), rank: 7 })
  return fields
}
