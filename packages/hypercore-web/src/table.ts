/** The rows of one column family: a copy-on-write B+ tree, so that a snapshot costs nothing and a write log(rows). */
import type BTree from 'sorted-btree'
import { BTree as Tree } from './b-tree.ts'
import { loadValue, type StoredValue } from './stored-value.ts'

/** Rows between two keys. Bounds are byte strings. */
export interface TableRange {
  readonly low?: string | undefined
  /** @default false */
  readonly excludeLow?: boolean | undefined
  readonly high?: string | undefined
  /** @default false */
  readonly includeHigh?: boolean | undefined
  /** From the highest down. @default false */
  readonly reverse?: boolean | undefined
}

/** Fewer, larger nodes cost appends less; more than this costs a write under a snapshot more. */
const nodeSize = 64

/** Sorted rows. */
export class Table {
  readonly #tree: BTree<string, StoredValue>

  constructor(tree: BTree<string, StoredValue> = new Tree<string, StoredValue>(undefined, compare, nodeSize)) {
    this.#tree = tree
  }

  get size(): number {
    return this.#tree.size
  }

  /** The value of a key, in memory of its own; null where there is none. */
  get(key: string): Uint8Array | null {
    const stored = this.#tree.get(key)
    return stored === undefined ? null : loadValue(stored)
  }

  put(key: string, value: StoredValue): void {
    this.#tree.set(key, value)
  }

  delete(key: string): void {
    this.#tree.delete(key)
  }

  /** Deletes from `low` up to `high`, the latter excluded. */
  deleteRange(low: string, high: string): void {
    this.#tree.deleteRange(low, high, false)
  }

  /** The table as it is now; both share rows until one of them changes. */
  snapshot(): Table {
    return new Table(this.#tree.clone())
  }

  /** The rows of a range. The table must not change meanwhile: iterate a snapshot. */
  *rows({ low, excludeLow, high, includeHigh, reverse }: TableRange): IterableIterator<[string, StoredValue]> {
    if (this.#tree.isEmpty) return
    const rows = reverse ? this.#tree.entriesReversed(high, undefined, includeHigh !== true) : this.#tree.entries(low)
    for (const row of rows) {
      const key = row[0]
      if (low !== undefined && (excludeLow ? key <= low : key < low)) {
        if (reverse) return
        continue
      }
      if (high !== undefined && (includeHigh ? key > high : key >= high)) {
        if (reverse) continue
        return
      }
      yield row
    }
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
