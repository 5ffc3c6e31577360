/**
 * Puts a block of the feed into a file. It keeps its length whatever it becomes, so the places of all that follows are
 * known without reading it.
 */
import { HypervisionError } from '../contracts/index.ts'
import type { ClusterBlock, FeedBlock } from '../feed/feed-block.ts'
import { readElements } from '../webm/element-data.ts'
import { elementIds, readCluster } from '../webm/index.ts'
import { writeFiller } from '../webm/void-element.ts'

/** What a file has to know of a Cluster block, in the feed's time. */
export interface ClusterFacts {
  /** Offset of the Cluster in the block. */
  readonly clusterAt: number
  /** Timestamp of the first keyframe of the track that Cues name; null where the block does not begin with one. */
  readonly keyMs: number | null
  /** Where the last frame ends; it is taken to be as long as the one before it. */
  readonly endMs: number
}

/**
 * Makes the bytes that stand in the file for a block: a Cluster moved in time, or a Void in the place of an init segment. Frames stay
 * as they are.
 *
 * @param shiftMs the feed's time less the file's
 */
export function placeBlock(block: FeedBlock, shiftMs: number): Uint8Array {
  if (block.kind === 'init') return writeFiller(block.bytes.byteLength)
  if (block.kind === 'end') return block.bytes
  const bytes = block.bytes.slice()
  const { start, end } = timestampOf(block)
  // A Cluster that begins before the file's first one is put at its beginning, as a feed does it.
  let rest = Math.max(0, block.timestampMs - shiftMs)
  for (let at = end - 1; at >= start; at--) {
    bytes[at] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return bytes
}

/** @param track TrackNumber of the track that Cues name */
export function factsOf(block: ClusterBlock, track: number): ClusterFacts {
  const { byteOffset, frames } = readCluster(block.bytes)
  const first = block.index.key ? frames.find((frame) => frame.track === track) : undefined
  let endMs = block.timestampMs
  const newest = new Map<number, number>()
  for (const { track: number, timestampMs } of frames) {
    const before = newest.get(number)
    endMs = Math.max(endMs, timestampMs + (before === undefined ? 0 : Math.max(0, timestampMs - before)))
    newest.set(number, timestampMs)
  }
  return { clusterAt: byteOffset, keyMs: first?.timestampMs ?? null, endMs }
}

/** Where the data of a Cluster's Timestamp stands. */
function timestampOf(block: ClusterBlock): { start: number; end: number } {
  const { bytes } = block
  for (const element of readElements(bytes, 0, bytes.length)) {
    if (element.id !== elementIds.Cluster) continue
    for (const child of readElements(bytes, element.dataStart, element.dataEnd)) {
      if (child.id === elementIds.Timestamp) return { start: child.dataStart, end: child.dataEnd }
    }
  }
  throw new HypervisionError('ERR_FEED_FORMAT', `Block ${block.number} has no Timestamp.`, {
    detail: { blockNumber: block.number },
  })
}
