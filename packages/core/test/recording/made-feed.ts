// Feeds made by hand for tests of recordings: a real hypercore in memory, with frames that no encoder had to make.
import type Hypercore from 'hypercore'
import { onTestFinished } from 'vitest'
import { FeedWriter } from '../../src/feed/feed-writer.ts'
import type { HypercoreLog } from '../../src/storage/hypercore-log.ts'
import { WebmCutter } from '../../src/webm/index.ts'
import { openLog } from '../feed/memory-log.ts'
import {
  audioTrack,
  cluster,
  element,
  join,
  simpleBlock,
  stream,
  trackEntry,
  uint,
  videoTrack,
} from '../webm/webm-builder.ts'

export const anchorMs = Date.UTC(2026, 0, 1)

/** A show: `seconds` of ten frames each, a keyframe at each second. */
export interface Show {
  readonly seconds?: number
  readonly atMs?: number
  /** Whether the broadcaster ended it. */
  readonly end?: boolean
  readonly width?: number
  /** A number that a muxer draws by chance. */
  readonly trackUid?: number
}

function webmOf({ seconds = 3, width = 320, trackUid = 1 }: Show): Uint8Array {
  const clusters: Uint8Array[] = []
  for (let frame = 0; frame < seconds * 10; frame++) {
    const timeMs = frame * 100
    const key = timeMs % 1000 === 0
    clusters.push(
      cluster(timeMs, simpleBlock({ key, payload: [frame, 7] }), simpleBlock({ track: 2, payload: [frame] })),
    )
  }
  const video = trackEntry({ number: 1, extra: element(0xe0, join(uint(0xb0, width), uint(0xba, 240))) })
  // TrackUID stands behind an element of one byte's id and a size, 4 bytes wide.
  const tracks = Buffer.from(width === 320 ? videoTrack(1) : video)
  const at = tracks.indexOf(Buffer.from([0x73, 0xc5]))
  tracks[at + 3] = trackUid
  return stream([tracks, audioTrack(2)], ...clusters)
}

/** Appends a show to a log. */
export async function broadcastShow(log: HypercoreLog, show: Show): Promise<void> {
  const { atMs = anchorMs, end = true } = show
  const writer = await FeedWriter.open(log, { title: () => 'Test' })
  const cutter = new WebmCutter({
    blockDurationMs: 100,
    startEpoch: (epoch) => writer.startEpoch({ ...epoch, zeroAtMs: atMs }),
  })
  for (const piece of [...cutter.push(webmOf(show)), ...cutter.end()]) await writer.append(piece)
  if (end) await writer.end()
}

/** A channel that shows were broadcast on. */
export async function madeFeed(...shows: Show[]): Promise<{ core: Hypercore; log: HypercoreLog }> {
  const opened = await openLog()
  onTestFinished(() => opened.close())
  for (const show of shows) await broadcastShow(opened.log, show)
  return opened
}
