// EBML variable-size integers: the length of a number is told by the leading zero bits of its first byte.

/** Size of an element whose end is not known when its head is written (all value bits are ones). */
export const unknownSize = -1

/** A variable-size integer that was read. */
export interface Vint {
  /** The value without its length marker, or {@link unknownSize} where all of its bits are ones. */
  readonly value: number
  /** Bytes it takes, 1 to 8. */
  readonly length: number
}

/**
 * Reads the variable-size integer at `offset` (RFC 8794, section 4).
 *
 * @returns `need-more` where the bytes end before it does; `malformed` where the first byte is zero (longer than 8 bytes)
 * or the value is above 2^53 - 1.
 */
export function readVint(bytes: Uint8Array, offset = 0): Vint | 'need-more' | 'malformed' {
  const first = bytes[offset]
  if (first === undefined) return 'need-more'
  if (first === 0) return 'malformed'
  const length = Math.clz32(first) - 23
  if (offset + length > bytes.length) return 'need-more'
  let value = first & (0xff >> length)
  let isAllOnes = value === 0xff >> length
  for (let at = offset + 1; at < offset + length; at++) {
    const byte = bytes[at] ?? 0
    if (byte !== 0xff) isAllOnes = false
    value = value * 256 + byte
  }
  if (isAllOnes) return { value: unknownSize, length }
  return Number.isSafeInteger(value) ? { value, length } : 'malformed'
}

/** Bytes of the shortest variable-size integer for `value` (0 to 2^53 - 1). The all-ones value of each length is reserved. */
export function vintLength(value: number): number {
  let length = 1
  for (let limit = 128; value >= limit - 1; limit *= 128) length++
  return length
}

/**
 * Writes `value` as a variable-size integer at `offset`.
 *
 * @param length bytes to take; the shortest where left out
 * @returns the offset behind it
 */
export function writeVintInto(target: Uint8Array, offset: number, value: number, length = vintLength(value)): number {
  let rest = value
  for (let at = offset + length - 1; at >= offset; at--) {
    target[at] = rest % 256
    rest = Math.floor(rest / 256)
  }
  target[offset] = (target[offset] ?? 0) | (0x80 >> (length - 1))
  return offset + length
}

/**
 * Makes a variable-size integer.
 *
 * @param value 0 to 2^53 - 1, or {@link unknownSize}
 * @param length bytes to take, 1 to 8; the shortest where left out
 */
export function writeVint(value: number, length = value === unknownSize ? 1 : vintLength(value)): Uint8Array {
  const bytes = new Uint8Array(length)
  if (value === unknownSize) {
    bytes.fill(0xff)
    bytes[0] = 0xff >> (length - 1)
    return bytes
  }
  writeVintInto(bytes, 0, value, length)
  return bytes
}
