// The block that is being filled: frames go in as views, and leave as one Cluster of known size.
import b4a from 'b4a'
import { ByteParts } from './byte-parts.ts'
import { readElements, writeUintElement } from './element-data.ts'
import { elementLength, writeElementHead } from './element-head.ts'
import { elementIds } from './element-ids.ts'
import { maxFrames, readFrameHead } from './frame.ts'
import type { ClusterPiece } from './types.ts'
import type { WebmFrame } from './webm-reader.ts'

/** Largest relative timestamp of a Block: a signed integer of 16 bits. */
const maxRelativeMs = 32_767

/** Frames of one future Cluster, with the timestamps of the source. Holds one frame at least. */
export class OpenBlock {
  readonly #videoTrack: number | null
  readonly #parts = new ByteParts()
  // Per frame: where its relative timestamp stands, from the first frame's first byte, and what it is in the source.
  readonly #timestampAts: number[] = []
  readonly #timestampsMs: number[] = []
  #newestMs: number
  #minMs: number
  #maxMs: number
  #isInOrder = true
  #hasVideo = false
  #isKey: boolean

  /**
   * @param videoTrack the track whose keyframes lead blocks; null in an audio-only stream, where every block is key
   * @param first the first frame, with its time as in {@link OpenBlock.add}
   */
  constructor(videoTrack: number | null, first: WebmFrame, timestampMs: number) {
    this.#videoTrack = videoTrack
    this.#isKey = videoTrack === null
    this.#newestMs = timestampMs
    this.#minMs = timestampMs
    this.#maxMs = timestampMs
    this.add(first, timestampMs)
  }

  /** Smallest timestamp of the frames, milliseconds. */
  get minMs(): number {
    return this.#minMs
  }

  /** Largest timestamp of the frames, milliseconds. */
  get maxMs(): number {
    return this.#maxMs
  }

  /** Whether a frame of the video track is in it. */
  get hasVideo(): boolean {
    return this.#hasVideo
  }

  /** Bytes of the frames. */
  get byteLength(): number {
    return this.#parts.length
  }

  /** Whether a Cluster can hold a frame of this timestamp beside those it has. */
  canHold(timestampMs: number): boolean {
    if (this.#timestampAts.length === maxFrames) return false
    return Math.max(this.#maxMs, timestampMs) - Math.min(this.#minMs, timestampMs) <= maxRelativeMs
  }

  /**
   * Takes a frame over.
   *
   * @param timestampMs its time, which the cutter may have moved
   */
  add(frame: WebmFrame, timestampMs: number): void {
    this.#timestampAts.push(this.#parts.length + frame.timestampAt)
    this.#timestampsMs.push(timestampMs)
    this.#parts.appendAll(frame.element)
    if (timestampMs < this.#newestMs) this.#isInOrder = false
    this.#newestMs = timestampMs
    if (timestampMs < this.#minMs) this.#minMs = timestampMs
    if (timestampMs > this.#maxMs) this.#maxMs = timestampMs
    if (!this.#hasVideo && frame.track === this.#videoTrack) {
      this.#hasVideo = true
      this.#isKey = frame.key
    }
  }

  /**
   * Writes the Cluster.
   *
   * @param offsetMs what lies between the source's timestamps and the output's
   * @param headroomBytes what is left free before it
   */
  close(offsetMs: number, headroomBytes: number): ClusterPiece {
    const timestampMs = this.#minMs + offsetMs
    const timestamp = writeUintElement(elementIds.Timestamp, timestampMs)
    const dataLength = timestamp.length + this.#parts.length
    // Every byte of it is written below.
    const byteLength = elementLength(elementIds.Cluster, dataLength)
    const room = b4a.allocUnsafe(headroomBytes + byteLength)
    const bytes = new Uint8Array(room.buffer, room.byteOffset + headroomBytes, byteLength)
    const timestampStart = writeElementHead(bytes, 0, elementIds.Cluster, dataLength)
    bytes.set(timestamp, timestampStart)
    const bodyStart = timestampStart + timestamp.length
    this.#parts.copyTo(bytes, bodyStart)
    const frames = this.#timestampAts.length
    for (let index = 0; index < frames; index++) {
      const at = bodyStart + (this.#timestampAts[index] ?? 0)
      const relativeMs = (this.#timestampsMs[index] ?? 0) - this.#minMs
      bytes[at] = relativeMs >> 8
      bytes[at + 1] = relativeMs & 0xff
    }
    if (!this.#isInOrder) interleave(bytes.subarray(bodyStart))
    const spanMs = this.#maxMs - this.#minMs
    return { kind: 'cluster', bytes, headroomBytes, key: this.#isKey, timestampMs, spanMs, frames }
  }
}

/**
 * Puts the frames of several tracks in order of time, keeping each track's own order: Chromium refuses a Cluster in which
 * time goes back. Sources do that where one track lags, from one Cluster to the next.
 *
 * @param body SimpleBlocks and BlockGroups, put in order in place
 */
function interleave(body: Uint8Array): void {
  const source = body.slice()
  const newestOfTrack = new Map<number, number>()
  const element = new ByteParts()
  const frames = Array.from(readElements(source, 0, source.length), ({ id, start, dataStart, dataEnd }) => {
    element.clear()
    element.append(source, start, dataEnd)
    const { track, relativeMs } = readFrameHead(element, id, dataStart - start, start)
    const sortMs = Math.max(relativeMs, newestOfTrack.get(track) ?? relativeMs)
    newestOfTrack.set(track, sortMs)
    return { bytes: source.subarray(start, dataEnd), sortMs }
  })
  // Array.prototype.sort is stable, so frames of one time stay in the order in which they came.
  frames.sort((a, b) => a.sortMs - b.sortMs)
  let at = 0
  for (const { bytes } of frames) {
    body.set(bytes, at)
    at += bytes.length
  }
}
