/** Writes one file: a live WebM while it grows, and one with a duration and Cues at its end. */
import type { ClusterBlock, FeedBlock, InitBlock } from '../feed/feed-block.ts'
import { type SeekableHead, seekableParts, writeCues, writeSeekableHead } from '../webm/seekable-file.ts'
import { CueList } from './cue-list.ts'
import { type ClusterFacts, factsOf, placeBlock } from './place-block.ts'
import { isSameTracks } from './same-tracks.ts'
import type { RecordingFile, RecordingTarget } from './types.ts'

/** Longest break between two epochs of one file, ms; a longer one is shortened to it. */
const longestBreakMs = 100

/** How far an epoch that goes on in a file is moved towards what is before it, ms. */
export function shorteningOf(endMs: number, firstMs: number): number {
  return Math.max(0, firstMs - endMs - longestBreakMs)
}

/** TrackNumber of the track that Cues name: the first one with pictures, or the first one. */
export function cueTrackOf({ tracks }: Pick<InitBlock, 'tracks'>): number {
  return (tracks.find((track) => track.kind === 'video') ?? tracks[0])?.number ?? 1
}

/** What a file says of itself, by its init block and its first Cluster. */
export function headOf(init: InitBlock, firstMs: number): SeekableHead {
  const { title, anchor } = init
  return { ...seekableParts(init.bytes), title, dateUtc: new Date(anchor.getTime() + firstMs) }
}

/** A file that is being written. */
export class FileWriter {
  readonly #head: SeekableHead
  readonly #target: RecordingTarget
  readonly #cueTrack: number
  readonly #cues = new CueList()
  /** The feed's time less the file's. */
  #shiftMs: number
  /** Where the last Cluster ends, in the feed's time. */
  #endMs: number
  #isEpochNew = false
  #position = 0

  private constructor(head: SeekableHead, target: RecordingTarget, init: InitBlock, firstMs: number) {
    this.#head = head
    this.#target = target
    this.#cueTrack = cueTrackOf(init)
    this.#shiftMs = firstMs
    this.#endMs = firstMs
  }

  /**
   * Begins a file.
   *
   * @param first the Cluster that it begins with
   */
  static async open(
    init: InitBlock,
    first: ClusterBlock,
    number: number,
    makeTarget: (file: RecordingFile) => RecordingTarget | Promise<RecordingTarget>,
  ): Promise<FileWriter> {
    const head = headOf(init, first.timestampMs)
    const { mimeType, tracks, title } = init
    const target = await makeTarget({ number, mimeType, tracks, title, time: head.dateUtc })
    const writer = new FileWriter(head, target, init, first.timestampMs)
    try {
      await writer.#write(writeSeekableHead(head, null))
      return writer
    } catch (error) {
      await writer.abandon()
      throw error
    }
  }

  /** Bytes written. */
  get byteLength(): number {
    return this.#position
  }

  get seconds(): number {
    return (this.#endMs - this.#shiftMs) / 1000
  }

  /** Whether the Clusters of an epoch can go on in this file. */
  takes(init: InitBlock): boolean {
    return isSameTracks(this.#head.tracks, seekableParts(init.bytes).tracks)
  }

  /** Appends a block; of an init block those that {@link takes} holds for. */
  async add(block: FeedBlock): Promise<void> {
    if (block.kind === 'init') this.#isEpochNew = true
    if (block.kind === 'cluster') this.#place(block, factsOf(block, this.#cueTrack))
    await this.#write(placeBlock(block, this.#shiftMs))
  }

  /** Puts Cues behind the last block, then the head right. */
  async finish(): Promise<void> {
    const cuesAt = this.#position
    await this.#write(writeCues(this.#head, this.#cueTrack, this.#cues))
    const durationMs = Math.max(1, this.#endMs - this.#shiftMs)
    await this.#target.write(writeSeekableHead(this.#head, { durationMs, cuesAt, byteLength: this.#position }), 0)
    await this.#target.close(true)
  }

  /** Leaves the file as it is. What goes wrong with that is told by what went wrong before. */
  async abandon(): Promise<void> {
    try {
      await this.#target.close(false)
    } catch {}
  }

  #place(block: ClusterBlock, { keyMs, clusterAt, endMs }: ClusterFacts): void {
    if (this.#isEpochNew) this.#shiftMs += shorteningOf(this.#endMs, block.timestampMs)
    this.#isEpochNew = false
    this.#endMs = endMs
    if (keyMs === null) return
    this.#cues.add({ timestampMs: Math.max(0, keyMs - this.#shiftMs), clusterAt: this.#position + clusterAt })
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await this.#target.write(bytes, this.#position)
    this.#position += bytes.byteLength
  }
}
