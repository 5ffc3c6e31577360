// The incremental reader: chunks of any size in, epochs' headers and frames out. It holds the element that it is in the
// middle of and nothing else; what is of no use downstream is passed over without being held.
import { ByteParts } from './byte-parts.ts'
import { type Element, readUint } from './element-data.ts'
import { emptyHead, maxHeadLength, readElementHead } from './element-head.ts'
import { elementIds, elementName } from './element-ids.ts'
import { type EpochHeader, EpochHeaderReader } from './epoch-header.ts'
import { emptyInput, foreignBytesWanted, notWebm } from './foreign-bytes.ts'
import { readFrameHead } from './frame.ts'
import { clusterLevel, documentLevel, Nesting, segmentLevel } from './nesting.ts'
import { limitExceeded, malformed } from './webm-error.ts'

/** One SimpleBlock or BlockGroup of the input. */
export interface WebmFrame {
  /** Absolute offset of the element in the input. */
  readonly offset: number
  /** TrackNumber; one of the epoch's tracks. */
  readonly track: number
  /** Cluster timestamp and relative timestamp together, milliseconds. */
  readonly timestampMs: number
  readonly key: boolean
  /** The whole element. Valid until the callback returns: what is kept is taken over with {@link ByteParts.appendAll}. */
  readonly element: ByteParts
  /** Where in the element the 16-bit relative timestamp stands. */
  readonly timestampAt: number
}

/** Hears what a {@link WebmReader} finds, in stream order. */
export interface WebmReaderListener {
  /** The header of an epoch is complete: its first Cluster begins. */
  onHeader(header: EpochHeader): void
  onFrame(frame: WebmFrame): void
}

/** Bounds of what the reader holds, bytes. */
export interface WebmReaderLimits {
  /** EBML header, Info and Tracks of one epoch together. */
  readonly maxInitBytes: number
  /** One SimpleBlock or BlockGroup. */
  readonly maxFrameBytes: number
}

const ebmlMagic = [0x1a, 0x45, 0xdf, 0xa3]

/** Finds headers and frames in a stream of WebM that comes in chunks. After an error it must not be used again. */
export class WebmReader {
  readonly #listener: WebmReaderListener
  readonly #limits: WebmReaderLimits
  /** Absolute offset of the next chunk's first byte. */
  #base = 0
  /** First bytes of an input that is not WebM, gathered for the message. */
  #foreign: Uint8Array | null = null
  readonly #nesting = new Nesting()
  readonly #head = emptyHead()
  /** An element head that a chunk ended in. */
  readonly #held = new Uint8Array(maxHeadLength)
  #heldLength = 0
  /** The element in hand: passed over, or gathered in `#element`. */
  #elementId = 0
  #elementAt = 0
  #elementHeadLength = 0
  #skipBytes = 0
  #missingBytes = 0
  readonly #element = new ByteParts()

  readonly #header: EpochHeaderReader
  /** Timestamp of the open Cluster; null until it was read. */
  #clusterMs: number | null = null

  constructor(listener: WebmReaderListener, limits: WebmReaderLimits) {
    this.#listener = listener
    this.#limits = limits
    this.#header = new EpochHeaderReader(limits.maxInitBytes)
  }

  /**
   * Reads on. The chunk must not change afterwards: frames are views of it.
   *
   * @throws HypervisionError ERR_WEBM_…, with the absolute offset in `detail.offset`
   */
  push(chunk: Uint8Array): void {
    const end = chunk.length
    if (this.#base < ebmlMagic.length || this.#foreign !== null) this.#checkMagic(chunk)
    // Bytes of something foreign are gathered until there are enough of them for the message.
    let at = this.#foreign === null ? 0 : end
    while (at < end) {
      if (this.#skipBytes > 0) {
        const count = Math.min(this.#skipBytes, end - at)
        this.#skipBytes -= count
        at += count
      } else if (this.#missingBytes > 0) {
        const count = Math.min(this.#missingBytes, end - at)
        this.#element.append(chunk, at, at + count)
        this.#missingBytes -= count
        at += count
        if (this.#missingBytes === 0) this.#finishElement()
      } else {
        at = this.#readHead(chunk, at)
      }
    }
    this.#base += end
  }

  /**
   * Says that the input is over.
   *
   * @returns null where it ended between elements; otherwise the offset of the innermost element that is not whole
   * @throws HypervisionError ERR_WEBM_NOT_WEBM when the input was empty or too short to be WebM
   */
  end(): number | null {
    if (this.#base === 0) throw emptyInput()
    if (this.#foreign !== null) throw notWebm(this.#foreign)
    if (this.#heldLength > 0) return this.#base - this.#heldLength
    if (this.#skipBytes > 0 || this.#missingBytes > 0) return this.#elementAt
    return this.#nesting.unfinishedAt(this.#base) ?? (this.#header.hasTracks ? null : this.#base)
  }

  /** Compares the first four bytes of the input, however they are cut, and gathers what the message needs. */
  #checkMagic(chunk: Uint8Array): void {
    if (this.#foreign === null) {
      const count = Math.min(chunk.length, ebmlMagic.length - this.#base)
      let same = 0
      while (same < count && chunk[same] === ebmlMagic[this.#base + same]) same++
      if (same === count) return
      this.#foreign = Uint8Array.from(ebmlMagic.slice(0, this.#base))
    }
    const missing = foreignBytesWanted - this.#foreign.length
    this.#foreign = Uint8Array.from([...this.#foreign, ...chunk.subarray(0, missing)])
    if (this.#foreign.length === foreignBytesWanted) throw notWebm(this.#foreign)
  }

  /** Reads an element head at `at`, or holds what there is of it; answers where to read on. */
  #readHead(chunk: Uint8Array, at: number): number {
    const head = this.#head
    if (this.#heldLength === 0) {
      const answer = readElementHead(chunk, at, chunk.length, head)
      if (answer === 'malformed') throw malformed(this.#base + at, head.problem)
      if (answer === 'need-more') {
        this.#held.set(chunk.subarray(at))
        this.#heldLength = chunk.length - at
        return chunk.length
      }
      const isGathered = this.#beginElement(this.#base + at)
      // The head of a gathered element is gathered with its data, as one part.
      if (isGathered) this.#missingBytes += head.length
      return isGathered ? at : at + head.length
    }
    let next = at
    while (next < chunk.length) {
      this.#held[this.#heldLength++] = chunk[next++] ?? 0
      const answer = readElementHead(this.#held, 0, this.#heldLength, head)
      const offset = this.#base + next - this.#heldLength
      if (answer === 'malformed') throw malformed(offset, head.problem)
      if (answer === 'need-more') continue
      const isGathered = this.#beginElement(offset)
      if (isGathered) this.#element.append(this.#held.slice(0, head.length), 0, head.length)
      this.#heldLength = 0
      if (isGathered && this.#missingBytes === 0) this.#finishElement()
      break
    }
    return next
  }

  /** Decides what to do with the element whose head was read; answers whether it is gathered. */
  #beginElement(offset: number): boolean {
    const { id, size, length } = this.#head
    this.#nesting.enter(this.#head, offset)
    this.#elementId = id
    this.#elementAt = offset
    this.#elementHeadLength = length

    const { level } = this.#nesting
    if (id === elementIds.Segment && level === documentLevel) {
      this.#header.beginSegment(offset)
      this.#nesting.beginSegment(this.#head, offset)
    } else if (id === elementIds.Cluster && level === segmentLevel) this.#beginCluster(offset)
    else if (this.#isWanted(id)) {
      this.#checkLimits(offset)
      this.#element.clear()
      this.#missingBytes = size
      return true
    } else this.#skipBytes = size
    return false
  }

  #isWanted(id: number): boolean {
    const { level } = this.#nesting
    if (level === clusterLevel) {
      return id === elementIds.SimpleBlock || id === elementIds.BlockGroup || id === elementIds.Timestamp
    }
    if (level === segmentLevel) return id === elementIds.Info || id === elementIds.Tracks
    return id === elementIds.EBML
  }

  #checkLimits(offset: number): void {
    const bytes = this.#head.length + this.#head.size
    if (this.#nesting.level !== clusterLevel) {
      this.#header.admit(this.#elementId, bytes, offset)
      return
    }
    if (this.#elementId === elementIds.Timestamp) {
      if (this.#head.size > 8) throw malformed(offset, `Timestamp is an integer of ${this.#head.size} bytes`)
      return
    }
    const name = elementName(this.#elementId)
    if (bytes > this.#limits.maxFrameBytes) {
      throw limitExceeded(offset, name, bytes, 'maxFrameBytes', this.#limits.maxFrameBytes)
    }
    if (this.#clusterMs === null) throw malformed(offset, `${name} stands before the Timestamp of its Cluster`)
  }

  #beginCluster(offset: number): void {
    const header = this.#header.beginCluster(offset)
    this.#nesting.beginCluster(this.#head, offset)
    this.#clusterMs = null
    if (header !== null) this.#listener.onHeader(header)
  }

  #finishElement(): void {
    const id = this.#elementId
    if (id === elementIds.SimpleBlock || id === elementIds.BlockGroup) this.#finishFrame()
    else this.#finishHeaderElement(id)
    this.#element.clear()
  }

  #finishFrame(): void {
    const offset = this.#elementAt
    const frame = readFrameHead(this.#element, this.#elementId, this.#elementHeadLength, offset)
    if (!this.#header.hasTrack(frame.track)) {
      throw malformed(offset, `${elementName(this.#elementId)} names track ${frame.track}, which Tracks does not have`)
    }
    this.#listener.onFrame({
      offset,
      track: frame.track,
      timestampMs: (this.#clusterMs ?? 0) + frame.relativeMs,
      key: frame.key,
      element: this.#element,
      timestampAt: frame.timestampAt,
    })
  }

  #finishHeaderElement(id: number): void {
    const bytes = this.#element.join()
    const base = this.#elementAt
    const element: Element = {
      id,
      start: 0,
      dataStart: this.#elementHeadLength,
      dataEnd: bytes.length,
      isUnknownSize: false,
    }
    if (id === elementIds.Timestamp) this.#clusterMs = readUint(bytes, element, base)
    else this.#header.read(bytes, element, base)
  }
}
