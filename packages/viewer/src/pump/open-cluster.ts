/**
 * Writes Clusters of known size as pieces of one that stays open: a Cluster of unknown size, to which frames are added as they
 * come. Only the two bytes of each frame's relative timestamp change, as it counts from the open Cluster's timestamp now.
 */
import { type ClusterContents, type ClusterFrame, elementIds, unknownSize, writeVint } from '@hypervision/core/webm'

/** Relative timestamps are signed integers of 16 bits (RFC 9559, section 10.1). */
const leastRelativeMs = -0x8000
const mostRelativeMs = 0x7fff

/** A Cluster of unknown size (RFC 8794, section 6.2), and then another one. */
export class OpenCluster {
  /** Of the one that is open. */
  #timestampMs: number | null = null

  /**
   * Writes the next Cluster.
   *
   * @param key whether it begins with a keyframe: a new one is opened there. Otherwise the open one goes on, unless a frame is out
   * of its reach, which is 32 s long.
   * @returns bytes that follow what was written before
   */
  write({ timestampMs, frames }: ClusterContents, key: boolean): Uint8Array {
    const base = this.#timestampMs
    const goesOn = !key && base !== null && frames.every((frame) => canReach(base, frame))
    const openMs = goesOn ? base : timestampMs
    this.#timestampMs = openMs
    const head = goesOn ? new Uint8Array(0) : writeHead(openMs)
    const bytes = new Uint8Array(frames.reduce((sum, { element }) => sum + element.length, head.length))
    bytes.set(head)
    const view = new DataView(bytes.buffer)
    let at = head.length
    for (const frame of frames) {
      bytes.set(frame.element, at)
      view.setInt16(at + frame.timestampAt, frame.timestampMs - openMs)
      at += frame.element.length
    }
    return bytes
  }

  /** The next Cluster is the first of another stream, or of another place in this one. */
  close(): void {
    this.#timestampMs = null
  }
}

function canReach(openMs: number, { timestampMs }: ClusterFrame): boolean {
  return timestampMs - openMs >= leastRelativeMs && timestampMs - openMs <= mostRelativeMs
}

/** Head and Timestamp of a Cluster of unknown size. */
function writeHead(timestampMs: number): Uint8Array {
  const size = writeVint(unknownSize, 8)
  const bytes = new Uint8Array(4 + size.length + 2 + 8)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, elementIds.Cluster)
  bytes.set(size, 4)
  view.setUint8(12, elementIds.Timestamp)
  bytes.set(writeVint(8), 13)
  view.setBigUint64(14, BigInt(timestampMs))
  return bytes
}
