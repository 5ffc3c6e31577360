// Reading and writing of small elements that are wholly in memory: Info, Tracks and the like.
import { emptyHead, readElementHead, writeElement } from './element-head.ts'
import { elementIds, elementName } from './element-ids.ts'
import { unknownSize } from './vint.ts'
import { malformed } from './webm-error.ts'

/** One element inside complete bytes. */
export interface Element {
  readonly id: number
  /** Where its id begins, in `bytes` of the call. */
  readonly start: number
  /** Where its data begins. */
  readonly dataStart: number
  /** Where its data ends; for an element of unknown size, where its parent does. */
  readonly dataEnd: number
  readonly isUnknownSize: boolean
}

/**
 * Walks over the elements between `start` and `end`, not into them.
 *
 * @param base absolute offset of `bytes[0]`, for errors
 * @throws HypervisionError ERR_WEBM_MALFORMED for an element that is not whole
 */
export function* readElements(bytes: Uint8Array, start: number, end: number, base = 0): Generator<Element, void> {
  const head = emptyHead()
  let at = start
  while (at < end) {
    const answer = readElementHead(bytes, at, end, head)
    if (answer === 'malformed') throw malformed(base + at, head.problem)
    if (answer === 'need-more') throw malformed(base + at, 'an element head overruns its parent')
    const dataStart = at + head.length
    const isUnknownSize = head.size === unknownSize
    if (isUnknownSize && head.id !== elementIds.Segment && head.id !== elementIds.Cluster) {
      throw malformed(base + at, `${elementName(head.id)} has an unknown size`)
    }
    const dataEnd = isUnknownSize ? end : dataStart + head.size
    if (dataEnd > end)
      throw malformed(base + at, `${elementName(head.id)} overruns its parent by ${dataEnd - end} bytes`)
    yield { id: head.id, start: at, dataStart, dataEnd, isUnknownSize }
    at = dataEnd
  }
}

/**
 * Reads an unsigned integer of 0 to 8 bytes.
 *
 * @throws HypervisionError ERR_WEBM_MALFORMED when it is longer or above 2^53 - 1
 */
export function readUint(bytes: Uint8Array, element: Element, base = 0): number {
  const length = element.dataEnd - element.dataStart
  let value = 0
  for (let at = element.dataStart; at < element.dataEnd && length <= 8; at++) value = value * 256 + (bytes[at] ?? 0)
  if (length > 8) throw malformed(base + element.start, `${elementName(element.id)} is an integer of ${length} bytes`)
  if (value > Number.MAX_SAFE_INTEGER) {
    throw malformed(base + element.start, `${elementName(element.id)} is above 2^53 - 1`)
  }
  return value
}

/**
 * Reads a float of 0, 4 or 8 bytes.
 *
 * @throws HypervisionError ERR_WEBM_MALFORMED when it has another length
 */
export function readFloat(bytes: Uint8Array, element: Element, base = 0): number {
  const length = element.dataEnd - element.dataStart
  const view = new DataView(bytes.buffer, bytes.byteOffset + element.dataStart, length)
  if (length === 0) return 0
  if (length === 4) return view.getFloat32(0)
  if (length === 8) return view.getFloat64(0)
  throw malformed(base + element.start, `${elementName(element.id)} is a float of ${length} bytes`)
}

/** Reads text in UTF-8, up to a terminating zero byte where there is one. */
export function readText(bytes: Uint8Array, element: Element): string {
  const data = bytes.subarray(element.dataStart, element.dataEnd)
  const end = data.indexOf(0)
  return new TextDecoder().decode(end < 0 ? data : data.subarray(0, end))
}

/** Nanoseconds from 1970 to 2001, where the dates of EBML begin. */
const ebmlDateStartNs = BigInt(Date.UTC(2001, 0, 1)) * 1_000_000n

/**
 * Reads a date: signed nanoseconds since 2001-01-01T00:00:00 UTC.
 *
 * @throws HypervisionError ERR_WEBM_MALFORMED when it has another length than 8 bytes
 */
export function readDate(bytes: Uint8Array, element: Element, base = 0): Date {
  const length = element.dataEnd - element.dataStart
  if (length !== 8) throw malformed(base + element.start, `${elementName(element.id)} is a date of ${length} bytes`)
  const nanoseconds = new DataView(bytes.buffer, bytes.byteOffset + element.dataStart, 8).getBigInt64(0)
  return new Date(Number((nanoseconds + ebmlDateStartNs) / 1_000_000n))
}

/** Bytes of an unsigned integer, as short as can be and at least one. */
function uintLength(value: number): number {
  let length = 1
  for (let limit = 256; value >= limit; limit *= 256) length++
  return length
}

/** Makes an element that holds an unsigned integer (0 to 2^53 - 1). */
export function writeUintElement(id: number, value: number): Uint8Array {
  const data = new Uint8Array(uintLength(value))
  let rest = value
  for (let at = data.length - 1; at >= 0; at--) {
    data[at] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return writeElement(id, data)
}

/** Makes an element that holds a float of 8 bytes. */
export function writeFloatElement(id: number, value: number): Uint8Array {
  const data = new Uint8Array(8)
  new DataView(data.buffer).setFloat64(0, value)
  return writeElement(id, data)
}

/** Makes an element that holds text in UTF-8. */
export function writeTextElement(id: number, text: string): Uint8Array {
  return writeElement(id, new TextEncoder().encode(text))
}

/** Makes an element that holds a date. */
export function writeDateElement(id: number, date: Date): Uint8Array {
  const data = new Uint8Array(8)
  new DataView(data.buffer).setBigInt64(0, BigInt(date.getTime()) * 1_000_000n - ebmlDateStartNs)
  return writeElement(id, data)
}
