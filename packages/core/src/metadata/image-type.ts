/** Tells what kind of picture a file is by its first bytes, so that a wrong name for it cannot be told. */
import type { PosterType } from './types.ts'

/** Bytes at their places; -1 is any byte. */
const signatures: readonly (readonly [type: PosterType, bytes: readonly number[]])[] = [
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  // "RIFF", the size, "WEBP"
  ['image/webp', [0x52, 0x49, 0x46, 0x46, -1, -1, -1, -1, 0x57, 0x45, 0x42, 0x50]],
  // A box of any size, "ftyp", then the brand: "avif" for a still, "avis" for a sequence
  ['image/avif', [-1, -1, -1, -1, 0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69, 0x66]],
  ['image/avif', [-1, -1, -1, -1, 0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69, 0x73]],
]

/** The type of a picture; null where it is none that a poster may be. */
export function imageTypeOf(bytes: Uint8Array): PosterType | null {
  const found = signatures.find(([, signature]) =>
    signature.every((byte, place) => (byte === -1 ? place < bytes.byteLength : bytes[place] === byte)),
  )
  return found?.[0] ?? null
}
