/**
 * Values as they are kept. The database shares no memory with writers, who may use their buffer again, nor with
 * readers: hypercore goes on writing into the bitfield pages that it reads and writes.
 */
import b4a from 'b4a'
import { fromByteString, toByteString } from './byte-string.ts'

/** A value as it is kept. */
export type StoredValue = string | Uint8Array

/** Tree nodes, heads and hints are shorter, bitfield pages and blocks longer. */
const longestText = 96

/** A copy to keep. */
export function storeValue(value: Uint8Array): StoredValue {
  if (value.byteLength <= longestText) return toByteString(value)
  // In memory of its own: a slice of a shared slab would keep all of the slab.
  return new Uint8Array(value)
}

/** A copy to hand out. */
export function loadValue(stored: StoredValue): Uint8Array {
  return typeof stored === 'string' ? fromByteString(stored) : b4a.from(stored)
}
