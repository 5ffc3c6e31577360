/** Sorted rows: a copy-on-write B+ tree, so that a snapshot costs nothing and a write log(rows). */
import type BTree from 'sorted-btree'
import { BTree as Tree } from './b-tree.ts'
import type { RowRange } from './row-store.ts'

/** Fewer, larger nodes cost appends less; more than this costs a write under a snapshot more. */
const nodeSize = 64

/** Rows under byte strings. */
export class Table<Value> {
  readonly #tree: BTree<string, Value>

  constructor(tree: BTree<string, Value> = new Tree<string, Value>(undefined, compare, nodeSize)) {
    this.#tree = tree
  }

  has(key: string): boolean {
    return this.#tree.has(key)
  }

  get(key: string): Value | undefined {
    return this.#tree.get(key)
  }

  put(key: string, value: Value): void {
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
  snapshot(): Table<Value> {
    return new Table(this.#tree.clone())
  }

  /** The rows of a range. The table must not change meanwhile: iterate a snapshot. */
  *rows({ low, excludeLow, high, includeHigh, reverse }: RowRange): Generator<[string, Value], void> {
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
