// What an epoch begins with, gathered element by element until its first Cluster.
import type { Element } from './element-data.ts'
import { elementIds, elementName } from './element-ids.ts'
import { checkEbmlHeader, readInfo } from './init-segment.ts'
import { readTracks } from './tracks.ts'
import type { WebmTrack } from './types.ts'
import { limitExceeded, malformed } from './webm-error.ts'

/** What an epoch begins with. */
export interface EpochHeader {
  /** The whole EBML header element. */
  readonly ebmlHeader: Uint8Array
  /** The whole Tracks element. */
  readonly tracksElement: Uint8Array
  readonly tracks: readonly WebmTrack[]
}

/** Gathers the header of one epoch after the other. */
export class EpochHeaderReader {
  /** EBML header, Info and Tracks of one epoch together. */
  readonly #maxBytes: number
  #bytes = 0
  #ebmlHeader: Uint8Array | null = null
  #tracksElement: Uint8Array | null = null
  #tracks: readonly WebmTrack[] = []
  #trackNumbers = new Set<number>()
  #isGivenOut = false

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Whether Tracks of the epoch were read. */
  get hasTracks(): boolean {
    return this.#tracksElement !== null
  }

  /** Whether Tracks has a track of this number. */
  hasTrack(number: number): boolean {
    return this.#trackNumbers.has(number)
  }

  /**
   * Counts an element that is about to be gathered.
   *
   * @throws HypervisionError ERR_WEBM_LIMIT
   */
  admit(id: number, bytes: number, offset: number): void {
    // Repeated ones in mid-stream are looked at and let go of; each counts by itself.
    if (id === elementIds.EBML || this.#isGivenOut) this.#bytes = 0
    this.#bytes += bytes
    if (this.#bytes <= this.#maxBytes) return
    const what = `The init segment up to ${elementName(id)}`
    throw limitExceeded(offset, what, this.#bytes, 'maxInitBytes', this.#maxBytes)
  }

  /** Takes a whole EBML header, Info or Tracks that stands at `base`. */
  read(bytes: Uint8Array, element: Element, base: number): void {
    if (element.id === elementIds.EBML) {
      checkEbmlHeader(bytes, element, base)
      this.#ebmlHeader = bytes
      this.#tracksElement = null
      this.#isGivenOut = false
    }
    if (element.id === elementIds.Info) readInfo(bytes, element, base)
    if (element.id === elementIds.Tracks) this.#readTracks(bytes, element, base)
  }

  /** Looks whether a Segment may begin here. */
  beginSegment(offset: number): void {
    if (this.#ebmlHeader === null || this.#tracksElement !== null) {
      throw malformed(offset, 'a Segment has no EBML header in front of it')
    }
  }

  /** Looks whether a Cluster may begin here; answers the header where it is the first of the epoch. */
  beginCluster(offset: number): EpochHeader | null {
    if (this.#ebmlHeader === null || this.#tracksElement === null) {
      throw malformed(offset, 'a Cluster stands before Tracks')
    }
    if (this.#isGivenOut) return null
    this.#isGivenOut = true
    return { ebmlHeader: this.#ebmlHeader, tracksElement: this.#tracksElement, tracks: this.#tracks }
  }

  #readTracks(bytes: Uint8Array, element: Element, base: number): void {
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
