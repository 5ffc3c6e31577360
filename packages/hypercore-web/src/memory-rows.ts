/** Rows of the memory database as the stream that hypercore-storage iterates. */
import b4a from 'b4a'
import type BTree from 'sorted-btree'
import { Readable } from 'streamx'

/** Keys as text of one character a byte, which sorts as the bytes do. */
export type Rows = BTree<string, Uint8Array>

/** Which rows: bounds by key, in what order, how many. */
export interface KeyRange {
  readonly gt?: Uint8Array
  readonly gte?: Uint8Array
  readonly lt?: Uint8Array
  readonly lte?: Uint8Array
  readonly reverse?: boolean
  /** Most rows; negative for all. */
  readonly limit?: number
}

/** Streams `{ key, value }` of the rows in the range; `rows` must not change meanwhile. */
export function readRows(rows: Rows, range: KeyRange): Readable {
  const reverse = range.reverse === true
  const low = bound(range.gt, range.gte)
  const high = bound(range.lt, range.lte)
  const first = reverse ? high : low
  const last = reverse ? low : high
  const walk = reverse ? rows.entriesReversed(first?.key, undefined, first?.excluded) : rows.entries(first?.key)
  let left = range.limit === undefined || range.limit < 0 ? Number.POSITIVE_INFINITY : range.limit

  const isPast = (key: string): boolean => {
    if (last === null) return false
    if (key === last.key) return last.excluded
    return reverse ? key < last.key : key > last.key
  }
  return new Readable({
    read(done) {
      for (;;) {
        const { value: row, done: isOver } = walk.next()
        if (isOver || row === undefined || left <= 0 || isPast(row[0])) {
          this.push(null)
          break
        }
        const [key, value] = row
        if (!reverse && first?.excluded && key === first.key) continue
        left--
        if (!this.push({ key: b4a.from(key, 'latin1'), value })) break
      }
      done(null)
    },
  })
}

interface Bound {
  readonly key: string
  readonly excluded: boolean
}

/** An empty bound is none: hypercore-storage passes one for an open end. */
function bound(excluded: Uint8Array | undefined, included: Uint8Array | undefined): Bound | null {
  const key = excluded ?? included
  if (key === undefined || key.byteLength === 0) return null
  return { key: b4a.toString(key, 'latin1'), excluded: excluded !== undefined }
}
