/** Bytes that look random and are the same each time, in a page and in Node. */

/** xorshift32, a byte of each step. */
export function pattern(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let state = seed
  for (let at = 0; at < length; at++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[at] = state
  }
  return bytes
}

/** Adler-32 (RFC 1950), which a lost, doubled or displaced byte changes. @param sum of the bytes before; 1 at first */
export function checksum(bytes: Uint8Array, sum = 1): number {
  let low = sum & 0xffff
  let high = sum >>> 16
  for (const byte of bytes) {
    low = (low + byte) % 65521
    high = (high + low) % 65521
  }
  return ((high << 16) | low) >>> 0
}
