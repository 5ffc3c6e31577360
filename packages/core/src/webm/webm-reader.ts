// The incremental reader: chunks of any size in, epochs' headers and frames out. It holds the element that it is in the
// middle of and nothing else; what is of no use downstream is passed over without being held.
import { ByteParts } from './byte-parts.ts'
import { type Element, readUint } from './element-data.ts'
import { emptyHead, maxHeadLength, readElementHead } from './element-head.ts'
import { elementIds, elementName, isDocumentChild, isSegmentChild } from './element-ids.ts'
import { emptyInput, foreignBytesWanted, notWebm } from './foreign-bytes.ts'
import { readFrameHead } from './frame.ts'
import { checkEbmlHeader, readInfo } from './init-segment.ts'
import { readTracks } from './tracks.ts'
import type { WebmTrack } from './types.ts'
import { unknownSize } from './vint.ts'
import { limitExceeded, malformed } from './webm-error.ts'

/** What an epoch begins with. */
export interface EpochHeader {
  /** The whole EBML header element. */
  readonly ebmlHeader: Uint8Array
  /** The whole Tracks element. */
  readonly tracksElement: Uint8Array
  readonly tracks: readonly WebmTrack[]
}

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
const documentLevel = 0
const segmentLevel = 1
const clusterLevel = 2

/** Finds headers and frames in a stream of WebM that comes in chunks. After an error it must not be used again. */
export class WebmReader {
  readonly #listener: WebmReaderListener
  readonly #limits: WebmReaderLimits
  /** Absolute offset of the next chunk's first byte. */
  #base = 0
  /** First bytes of an input that is not WebM, gathered for the message. */
  #foreign: Uint8Array | null = null
  #level = documentLevel
  /** Absolute ends of the open Segment and Cluster; Infinity where nothing bounds them. */
  #segmentEnd = 0
  #clusterEnd = 0
  /** Whether the open Cluster is of unknown size, and so ended by the next element that cannot be in it. */
  #clusterIsOpenEnded = false
  #segmentAt = 0
  #clusterAt = 0

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

  #initBytes = 0
  #ebmlHeader: Uint8Array | null = null
  #tracksElement: Uint8Array | null = null
  #trackNumbers = new Set<number>()
  #tracks: readonly WebmTrack[] = []
  #headerIsOut = false
  /** Timestamp of the open Cluster; null until it was read. */
  #clusterMs: number | null = null

  constructor(listener: WebmReaderListener, limits: WebmReaderLimits) {
    this.#listener = listener
    this.#limits = limits
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
    if (this.#level === clusterLevel && !this.#clusterIsOpenEnded && this.#base < this.#clusterEnd) {
      return this.#clusterAt
    }
    if (this.#level >= segmentLevel && this.#segmentEnd !== Infinity && this.#base < this.#segmentEnd) {
      return this.#segmentAt
    }
    return this.#tracksElement === null ? this.#base : null
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
    this.#enterLevelOf(id, offset)
    const parentEnd = this.#level === clusterLevel ? this.#clusterEnd : this.#segmentEnd
    if (size === unknownSize) {
      if (id !== elementIds.Segment && id !== elementIds.Cluster) {
        throw malformed(offset, `${elementName(id)} has an unknown size`)
      }
    } else if (this.#level !== documentLevel && offset + length + size > parentEnd) {
      const parent = this.#level === clusterLevel ? 'Cluster' : 'Segment'
      throw malformed(
        offset,
        `${elementName(id)} overruns its ${parent} by ${offset + length + size - parentEnd} bytes`,
      )
    }
    this.#elementId = id
    this.#elementAt = offset
    this.#elementHeadLength = length

    if (id === elementIds.Segment && this.#level === documentLevel) this.#beginSegment(offset)
    else if (id === elementIds.Cluster && this.#level === segmentLevel) this.#beginCluster(offset)
    else if (this.#isWanted(id)) {
      this.#checkLimits(offset)
      this.#element.clear()
      this.#missingBytes = size
      return true
    } else this.#skipBytes = size
    return false
  }

  /** Leaves the containers that end here: by their size, or, where that is unknown, by an element that cannot be in them. */
  #enterLevelOf(id: number, offset: number): void {
    if (this.#level === clusterLevel) {
      const isForeign = isSegmentChild(id) || isDocumentChild(id)
      if (offset >= this.#clusterEnd || (isForeign && this.#clusterIsOpenEnded)) this.#level = segmentLevel
      else if (isForeign) throw malformed(offset, `${elementName(id)} stands inside a Cluster`)
    }
    if (this.#level === segmentLevel) {
      const isForeign = isDocumentChild(id)
      if (offset >= this.#segmentEnd || (isForeign && this.#segmentEnd === Infinity)) this.#level = documentLevel
      else if (isForeign) throw malformed(offset, `${elementName(id)} stands inside a Segment of known size`)
    }
    if (this.#level === documentLevel && !isDocumentChild(id) && id !== elementIds.Void && id !== elementIds.CRC32) {
      throw malformed(offset, `${elementName(id)} stands outside of a Segment`)
    }
  }

  #isWanted(id: number): boolean {
    if (this.#level === clusterLevel) {
      return id === elementIds.SimpleBlock || id === elementIds.BlockGroup || id === elementIds.Timestamp
    }
    if (this.#level === segmentLevel) return id === elementIds.Info || id === elementIds.Tracks
    return id === elementIds.EBML
  }

  #checkLimits(offset: number): void {
    const bytes = this.#head.length + this.#head.size
    const name = elementName(this.#elementId)
    if (this.#level !== clusterLevel) {
      // Repeated ones in mid-stream are looked at and let go of; each counts by itself.
      if (this.#elementId === elementIds.EBML || this.#headerIsOut) this.#initBytes = 0
      this.#initBytes += bytes
      if (this.#initBytes <= this.#limits.maxInitBytes) return
      throw limitExceeded(
        offset,
        `The init segment up to ${name}`,
        this.#initBytes,
        'maxInitBytes',
        this.#limits.maxInitBytes,
      )
    }
    if (this.#elementId === elementIds.Timestamp) {
      if (this.#head.size > 8) throw malformed(offset, `Timestamp is an integer of ${this.#head.size} bytes`)
      return
    }
    if (bytes > this.#limits.maxFrameBytes) {
      throw limitExceeded(offset, name, bytes, 'maxFrameBytes', this.#limits.maxFrameBytes)
    }
    if (this.#clusterMs === null) throw malformed(offset, `${name} stands before the Timestamp of its Cluster`)
  }

  #beginSegment(offset: number): void {
    if (this.#ebmlHeader === null || this.#tracksElement !== null || this.#level !== documentLevel) {
      throw malformed(offset, 'a Segment has no EBML header in front of it')
    }
    this.#level = segmentLevel
    this.#segmentAt = offset
    this.#segmentEnd = this.#head.size === unknownSize ? Infinity : offset + this.#head.length + this.#head.size
  }

  #beginCluster(offset: number): void {
    if (this.#ebmlHeader === null || this.#tracksElement === null) {
      throw malformed(offset, 'a Cluster stands before Tracks')
    }
    this.#level = clusterLevel
    this.#clusterAt = offset
    this.#clusterMs = null
    this.#clusterIsOpenEnded = this.#head.size === unknownSize
    this.#clusterEnd = this.#clusterIsOpenEnded ? this.#segmentEnd : offset + this.#head.length + this.#head.size
    if (this.#headerIsOut) return
    this.#headerIsOut = true
    this.#listener.onHeader({
      ebmlHeader: this.#ebmlHeader,
      tracksElement: this.#tracksElement,
      tracks: this.#tracks,
    })
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
    if (!this.#trackNumbers.has(frame.track)) {
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
    if (id === elementIds.EBML) {
      checkEbmlHeader(bytes, element, base)
      this.#ebmlHeader = bytes
      this.#tracksElement = null
      this.#headerIsOut = false
    }
    if (id === elementIds.Info) readInfo(bytes, element, base)
    if (id === elementIds.Tracks) this.#finishTracks(bytes, element, base)
  }

  #finishTracks(bytes: Uint8Array, element: Element, base: number): void {
    if (this.#tracksElement !== null) {
      // A live source may repeat its Tracks; to change them it must begin anew.
      const before = this.#tracksElement
      const isSame = before.length === bytes.length && before.every((byte, index) => byte === bytes[index])
      if (isSame) return
      throw malformed(base, 'Tracks changes in mid-stream without a new EBML header')
    }
    this.#tracks = readTracks(bytes, element, base)
    this.#trackNumbers = new Set(this.#tracks.map((track) => track.number))
    this.#tracksElement = bytes
  }
}
