// Randomness and the care of secrets.

/** What the platform gives in one go. */
const mostBytes = 65_536

/** Fills with random bytes. */
export function randombytes_buf(output: Uint8Array): void {
  for (let at = 0; at < output.byteLength; at += mostBytes) {
    crypto.getRandomValues(output.subarray(at, at + mostBytes) as Uint8Array<ArrayBuffer>)
  }
}

/** Overwrites with zeros. */
export function sodium_memzero(bytes: Uint8Array): void {
  bytes.fill(0)
}

/** Memory is the garbage collector's here. */
export function sodium_free(bytes: Uint8Array): void {
  sodium_memzero(bytes)
}

/** Adds one to a little-endian number of any length, and begins at zero behind the last. */
export function sodium_increment(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at++) {
    const next = ((bytes[at] ?? 0) + 1) & 0xff
    bytes[at] = next
    if (next !== 0) return
  }
}
