/** Keys of rows in IndexedDB: all column families lie in one object store, each under its name. */
import { fromByteString, toByteString } from '../byte-string.ts'
import type { RowRange } from '../row-store.ts'

/** A range whose bounds are full keys. */
export interface FullRange extends RowRange {
  readonly low: string
  readonly high: string
}

/** A key of a column family, as a byte string. */
export function fullKey(family: string, key: string): string {
  return `${family}\0${key}`
}

/** A range within its column family, to whose ends it reaches where it has no bounds. */
export function fullRange(family: string, { low, excludeLow, high, includeHigh, reverse }: RowRange): FullRange {
  return {
    low: fullKey(family, low ?? ''),
    excludeLow: low !== undefined && excludeLow,
    high: high === undefined ? `${family}\x01` : fullKey(family, high),
    includeHigh: high !== undefined && includeHigh,
    reverse,
  }
}

/** A full key as IndexedDB takes it. */
export function toBinary(key: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(fromByteString(key))
}

/** A full key that IndexedDB gave. */
export function fromBinary(key: IDBValidKey): string {
  return toByteString(new Uint8Array(key as ArrayBuffer))
}

/** Null where nothing can lie in it. */
export function toKeyRange({ low, excludeLow, high, includeHigh }: FullRange): IDBKeyRange | null {
  if (low > high || (low === high && (excludeLow || !includeHigh))) return null
  return IDBKeyRange.bound(toBinary(low), toBinary(high), excludeLow, !includeHigh)
}
