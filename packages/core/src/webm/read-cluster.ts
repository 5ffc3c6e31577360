// Reads a Cluster that is wholly in memory, frame by frame: for inspection, and for whoever must know what a block holds.
import { ByteParts } from './byte-parts.ts'
import { readElements, readUint } from './element-data.ts'
import { elementIds, elementName } from './element-ids.ts'
import { maxFrames, readFrameHead } from './frame.ts'
import { malformed } from './webm-error.ts'

/** How several frames share one Block. */
export type Lacing = 'none' | 'xiph' | 'fixed-size' | 'ebml'

/** A SimpleBlock or BlockGroup of a Cluster. */
export interface ClusterFrame {
  readonly kind: 'simple' | 'group'
  /** TrackNumber. */
  readonly track: number
  /** Cluster timestamp and relative timestamp together, milliseconds. */
  readonly timestampMs: number
  readonly key: boolean
  readonly lacing: Lacing
  /** The Block's data behind track number, timestamp and flags; where frames are laced, with the lacing's head. A view. */
  readonly payload: Uint8Array
  /** The whole SimpleBlock or BlockGroup. A view. */
  readonly element: Uint8Array
  /** Where in `element` the signed 16-bit relative timestamp stands. */
  readonly timestampAt: number
}

/** What a Cluster holds. */
export interface ClusterContents {
  /** Where the Cluster begins, behind the Void elements that stand before it. */
  readonly byteOffset: number
  /** Bytes of the Cluster element alone. */
  readonly byteLength: number
  /** Cluster timestamp, milliseconds. */
  readonly timestampMs: number
  readonly frames: readonly ClusterFrame[]
}

const lacings: readonly Lacing[] = ['none', 'xiph', 'fixed-size', 'ebml']

/**
 * Reads the Cluster of known size at `offset`; Void elements before it are passed over.
 *
 * @throws HypervisionError ERR_WEBM_MALFORMED when no whole Cluster stands there; offsets count from `bytes[0]`
 */
export function readCluster(bytes: Uint8Array, offset = 0): ClusterContents {
  for (const element of readElements(bytes, offset, bytes.length)) {
    if (element.id === elementIds.Void) continue
    if (element.id !== elementIds.Cluster || element.isUnknownSize) {
      throw malformed(element.start, `${elementName(element.id)} stands where a Cluster of known size should`)
    }
    return readFrames(bytes, element.start, element.dataStart, element.dataEnd)
  }
  throw malformed(bytes.length, 'the bytes end before a Cluster')
}

function readFrames(bytes: Uint8Array, start: number, dataStart: number, dataEnd: number): ClusterContents {
  let timestampMs: number | null = null
  const frames: ClusterFrame[] = []
  const parts = new ByteParts()
  for (const element of readElements(bytes, dataStart, dataEnd)) {
    if (element.id === elementIds.Timestamp) {
      if (timestampMs !== null) throw malformed(element.start, 'a Cluster has two Timestamps')
      timestampMs = readUint(bytes, element)
    }
    if (element.id !== elementIds.SimpleBlock && element.id !== elementIds.BlockGroup) continue
    if (timestampMs === null) {
      throw malformed(element.start, `${elementName(element.id)} stands before the Timestamp of its Cluster`)
    }
    if (frames.length === maxFrames) throw malformed(element.start, `a Cluster has more than ${maxFrames} frames`)
    parts.clear()
    parts.append(bytes, element.start, element.dataEnd)
    const frame = readFrameHead(parts, element.id, element.dataStart - element.start, element.start)
    frames.push({
      kind: element.id === elementIds.SimpleBlock ? 'simple' : 'group',
      track: frame.track,
      timestampMs: timestampMs + frame.relativeMs,
      key: frame.key,
      lacing: lacings[(frame.flags & 0x06) >> 1] ?? 'none',
      payload: bytes.subarray(element.start + frame.timestampAt + 3, element.start + frame.blockEnd),
      element: bytes.subarray(element.start, element.dataEnd),
      timestampAt: frame.timestampAt,
    })
  }
  if (timestampMs === null) throw malformed(start, 'a Cluster has no Timestamp')
  return { byteOffset: start, byteLength: dataEnd - start, timestampMs, frames }
}
