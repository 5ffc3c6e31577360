// The head of an element, its id and its size, read without an allocation: this runs once per element of the stream.
import { unknownSize, vintLength, writeVintInto } from './vint.ts'

/** Longest head: an id of 4 bytes and a size of 8. */
export const maxHeadLength = 12

/** Where {@link readElementHead} leaves what it read. */
export interface ElementHead {
  id: number
  /** Bytes of the data behind the head, or {@link unknownSize}. */
  size: number
  /** Bytes of id and size together, 2 to 12. */
  length: number
  /** What is wrong, where the answer was `malformed`. */
  problem: string
}

/** Makes an empty head to read into. */
export function emptyHead(): ElementHead {
  return { id: 0, size: 0, length: 0, problem: '' }
}

/**
 * Reads id and size of the element at `offset` into `head`, looking at no byte from `end` on.
 *
 * @returns `value` when `head` is filled in
 */
export function readElementHead(
  bytes: Uint8Array,
  offset: number,
  end: number,
  head: ElementHead,
): 'value' | 'need-more' | 'malformed' {
  if (offset >= end) return 'need-more'
  const first = bytes[offset] ?? 0
  if (first < 0x10) {
    head.problem = `byte 0x${first.toString(16).padStart(2, '0')} cannot begin an element id`
    return 'malformed'
  }
  const sizeAt = offset + Math.clz32(first) - 23
  if (sizeAt >= end) return 'need-more'
  let id = first
  for (let at = offset + 1; at < sizeAt; at++) id = (id << 8) | (bytes[at] ?? 0)

  const sizeFirst = bytes[sizeAt] ?? 0
  if (sizeFirst === 0) {
    head.problem = 'an element size is longer than 8 bytes'
    return 'malformed'
  }
  const sizeLength = Math.clz32(sizeFirst) - 23
  const dataAt = sizeAt + sizeLength
  if (dataAt > end) return 'need-more'
  const mask = 0xff >> sizeLength
  let size = sizeFirst & mask
  let isAllOnes = size === mask
  for (let at = sizeAt + 1; at < dataAt; at++) {
    const byte = bytes[at] ?? 0
    if (byte !== 0xff) isAllOnes = false
    size = size * 256 + byte
  }
  if (!isAllOnes && size > Number.MAX_SAFE_INTEGER) {
    head.problem = 'an element size is above 2^53 - 1'
    return 'malformed'
  }
  head.id = id
  head.size = isAllOnes ? unknownSize : size
  head.length = dataAt - offset
  return 'value'
}

/** Bytes that an element id takes, 1 to 4. */
function idLength(id: number): number {
  return id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1
}

/** Bytes of an element with this much data, its size written as short as can be. */
export function elementLength(id: number, dataLength: number): number {
  return idLength(id) + vintLength(dataLength) + dataLength
}

/**
 * Writes id and size at `offset`.
 *
 * @returns the offset behind them
 */
export function writeElementHead(target: Uint8Array, offset: number, id: number, dataLength: number): number {
  let at = offset
  for (let shift = 8 * (idLength(id) - 1); shift >= 0; shift -= 8) target[at++] = (id >>> shift) & 0xff
  return writeVintInto(target, at, dataLength)
}

/** Makes an element out of its data. */
export function writeElement(id: number, ...data: Uint8Array[]): Uint8Array {
  const dataLength = data.reduce((sum, part) => sum + part.length, 0)
  const bytes = new Uint8Array(elementLength(id, dataLength))
  let at = writeElementHead(bytes, 0, id, dataLength)
  for (const part of data) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
