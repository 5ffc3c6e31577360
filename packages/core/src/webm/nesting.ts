// Where in a document a reader stands: outside of a Segment, in one, or in one of its Clusters; and where those end.
import type { ElementHead } from './element-head.ts'
import { elementIds, elementName, isDocumentChild, isSegmentChild } from './element-ids.ts'
import { unknownSize } from './vint.ts'
import { malformed } from './webm-error.ts'

export const documentLevel = 0
export const segmentLevel = 1
export const clusterLevel = 2

/** Levels of the element that is read, and the bounds of what it stands in. Offsets are absolute in the input. */
export class Nesting {
  #level = documentLevel
  #segmentAt = 0
  #clusterAt = 0
  /** Ends of the open Segment and Cluster; Infinity where nothing bounds them. */
  #segmentEnd = 0
  #clusterEnd = 0
  /** Whether the open Cluster is of unknown size, and so ended by the next element that cannot be in it. */
  #clusterIsOpenEnded = false

  /** 0 in the document, 1 in a Segment, 2 in a Cluster. */
  get level(): number {
    return this.#level
  }

  /**
   * Goes to the level of the element whose head was read: containers are left by their size, or, where that is unknown,
   * by an element that cannot be in them.
   *
   * @throws HypervisionError ERR_WEBM_MALFORMED where it may not stand there, or is larger than what it stands in
   */
  enter(head: ElementHead, offset: number): void {
    const { id, size, length } = head
    this.#leaveFor(id, offset)
    const isInCluster = this.#level === clusterLevel
    const parentEnd = isInCluster ? this.#clusterEnd : this.#segmentEnd
    if (size === unknownSize) {
      if (id !== elementIds.Segment && id !== elementIds.Cluster) {
        throw malformed(offset, `${elementName(id)} has an unknown size`)
      }
    } else if (this.#level !== documentLevel && offset + length + size > parentEnd) {
      const overrun = offset + length + size - parentEnd
      const parent = isInCluster ? 'Cluster' : 'Segment'
      throw malformed(offset, `${elementName(id)} overruns its ${parent} by ${overrun} bytes`)
    }
  }

  /** Opens the Segment whose head was read. */
  beginSegment({ size, length }: ElementHead, offset: number): void {
    this.#level = segmentLevel
    this.#segmentAt = offset
    this.#segmentEnd = size === unknownSize ? Infinity : offset + length + size
  }

  /** Opens the Cluster whose head was read. */
  beginCluster({ size, length }: ElementHead, offset: number): void {
    this.#level = clusterLevel
    this.#clusterAt = offset
    this.#clusterIsOpenEnded = size === unknownSize
    this.#clusterEnd = this.#clusterIsOpenEnded ? this.#segmentEnd : offset + length + size
  }

  /** Where the innermost container of known size begins that is not whole where the input ends; null where there is none. */
  unfinishedAt(end: number): number | null {
    if (this.#level === clusterLevel && !this.#clusterIsOpenEnded && end < this.#clusterEnd) return this.#clusterAt
    if (this.#level >= segmentLevel && this.#segmentEnd !== Infinity && end < this.#segmentEnd) return this.#segmentAt
    return null
  }

  #leaveFor(id: number, offset: number): void {
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
}
