// The Void element: what a player passes over, and so the place where the feed keeps its own words.
import { emptyHead, readElementHead, writeElement } from './element-head.ts'
import { elementIds } from './element-ids.ts'
import { unknownSize, writeVintInto } from './vint.ts'
import { malformed } from './webm-error.ts'

/** A Void element that was read. */
export interface VoidElement {
  /** Its data, a view of the bytes that were read. */
  readonly payload: Uint8Array
  /** Bytes of the whole element. */
  readonly byteLength: number
}

/** Makes a Void element around `payload`. */
export function writeVoid(payload: Uint8Array): Uint8Array {
  return writeElement(elementIds.Void, payload)
}

/**
 * Makes a Void element that takes exactly so many bytes, in the place of something else.
 *
 * @param byteLength at least 2
 */
export function writeFiller(byteLength: number): Uint8Array {
  const bytes = new Uint8Array(byteLength)
  bytes.set(fillerHead(byteLength))
  return bytes
}

/** The head of such an element; zeros follow it. */
export function fillerHead(byteLength: number): Uint8Array {
  const sizeLength = byteLength - 2 < 127 ? 1 : 8
  const head = new Uint8Array(1 + sizeLength)
  head[0] = elementIds.Void
  writeVintInto(head, 1, byteLength - 1 - sizeLength, sizeLength)
  return head
}

/**
 * Reads the Void element at `offset`.
 *
 * @returns null where another element, or nothing, stands there
 * @throws HypervisionError ERR_WEBM_MALFORMED when the element is not whole
 */
export function readVoid(bytes: Uint8Array, offset = 0): VoidElement | null {
  if (bytes[offset] !== elementIds.Void) return null
  const head = emptyHead()
  const answer = readElementHead(bytes, offset, bytes.length, head)
  if (answer === 'malformed') throw malformed(offset, head.problem)
  if (answer === 'need-more') throw malformed(offset, 'the bytes end inside the head of a Void')
  if (head.size === unknownSize) throw malformed(offset, 'a Void has an unknown size')
  const byteLength = head.length + head.size
  if (offset + byteLength > bytes.length) throw malformed(offset, 'the bytes end inside a Void')
  return { payload: bytes.subarray(offset + head.length, offset + byteLength), byteLength }
}
