// The block that is being filled: frames go in as views, and leave as one Cluster of known size.
import { ByteParts } from './byte-parts.ts'
import { writeUintElement } from './element-data.ts'
import { elementLength, writeElementHead } from './element-head.ts'
import { elementIds } from './element-ids.ts'
import type { ClusterPiece } from './types.ts'
import type { WebmFrame } from './webm-reader.ts'

/** Largest relative timestamp of a Block: a signed integer of 16 bits. */
const maxRelativeMs = 32_767

/** Frames of one future Cluster, with the timestamps of the source. Holds one frame at least. */
export class OpenBlock {
  /** Absolute offset of the first frame in the input, for errors. */
  readonly offset: number
  readonly #videoTrack: number | null
  readonly #parts = new ByteParts()
  // Per frame: where its element begins and where its relative timestamp stands, from the first byte of the body.
  readonly #starts: number[] = []
  readonly #timestampAts: number[] = []
  readonly #timestampsMs: number[] = []
  readonly #tracks: number[] = []
  #minMs: number
  #maxMs: number
  #isInOrder = true
  #hasVideo = false
  #isKey: boolean

  /**
   * @param videoTrack the track whose keyframes lead blocks; null in an audio-only stream, where every block is key
   */
  constructor(videoTrack: number | null, first: WebmFrame) {
    this.offset = first.offset
    this.#videoTrack = videoTrack
    this.#isKey = videoTrack === null
    this.#minMs = first.timestampMs
    this.#maxMs = first.timestampMs
    this.add(first)
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

  /** Whether a Cluster can hold this timestamp beside those it has. */
  canHold(timestampMs: number): boolean {
    return Math.max(this.#maxMs, timestampMs) - Math.min(this.#minMs, timestampMs) <= maxRelativeMs
  }

  /** Takes a frame over. */
  add(frame: WebmFrame): void {
    const { timestampMs, track } = frame
    if (timestampMs < (this.#timestampsMs.at(-1) ?? timestampMs)) this.#isInOrder = false
    const start = this.#parts.length
    this.#starts.push(start)
    this.#timestampAts.push(start + frame.timestampAt)
    this.#timestampsMs.push(timestampMs)
    this.#tracks.push(track)
    this.#parts.appendAll(frame.element)
    if (timestampMs < this.#minMs) this.#minMs = timestampMs
    if (timestampMs > this.#maxMs) this.#maxMs = timestampMs
    if (track === this.#videoTrack && !this.#hasVideo) {
      this.#hasVideo = true
      this.#isKey = frame.key
    }
  }

  /**
   * Writes the Cluster.
   *
   * @param offsetMs what lies between the source's timestamps and the output's
   */
  close(offsetMs: number): ClusterPiece {
    const timestampMs = this.#minMs + offsetMs
    const timestamp = writeUintElement(elementIds.Timestamp, timestampMs)
    const dataLength = timestamp.length + this.#parts.length
    const bytes = new Uint8Array(elementLength(elementIds.Cluster, dataLength))
    const timestampStart = writeElementHead(bytes, 0, elementIds.Cluster, dataLength)
    bytes.set(timestamp, timestampStart)
    const bodyStart = timestampStart + timestamp.length
    this.#parts.copyTo(bytes, bodyStart)
    this.#timestampAts.forEach((timestampAt, index) => {
      const relativeMs = (this.#timestampsMs[index] ?? 0) - this.#minMs
      bytes[bodyStart + timestampAt] = relativeMs >> 8
      bytes[bodyStart + timestampAt + 1] = relativeMs & 0xff
    })
    if (!this.#isInOrder) this.#interleave(bytes.subarray(bodyStart))
    return {
      kind: 'cluster',
      bytes,
      key: this.#isKey,
      timestampMs,
      spanMs: this.#maxMs - this.#minMs,
      frames: this.#starts.length,
    }
  }

  /**
   * Puts the frames of several tracks in order of time, keeping each track's own order: Chromium refuses a Cluster in
   * which time goes back. Sources do that where one track lags, from one Cluster to the next.
   */
  #interleave(body: Uint8Array): void {
    const source = body.slice()
    const newestOfTrack = new Map<number, number>()
    const frames = this.#starts.map((start, index) => {
      const track = this.#tracks[index] ?? 0
      const own = this.#timestampsMs[index] ?? 0
      const sortMs = Math.max(own, newestOfTrack.get(track) ?? own)
      newestOfTrack.set(track, sortMs)
      return { start, end: this.#starts[index + 1] ?? source.length, sortMs }
    })
    // Array.prototype.sort is stable, so frames of one time stay in the order in which they came.
    frames.sort((a, b) => a.sortMs - b.sortMs)
    let at = 0
    for (const { start, end } of frames) {
      body.set(source.subarray(start, end), at)
      at += end - start
    }
  }
}
