/**
 * A snapshot over IndexedDB, which has none that outlives a transaction: the live rows, but for those that were changed
 * since, which are kept here as they were.
 *
 * Transactions run in the order in which they were made. So a read finds each change that was written before it kept here,
 * and what is written after it changes neither what it finds nor what is kept of that.
 */
import type { RowRange, RowScan, RowSnapshot, RowView, StoredRow } from '../row-store.ts'
import { loadValue } from '../stored-value.ts'
import { Table } from '../table.ts'
import { databaseError, rowsIn } from './connection.ts'
import { type FullRange, fromBinary, fullKey, fullRange, toKeyRange } from './row-key.ts'

/** The live rows. */
interface LiveRows extends RowView {
  begin(mode: 'readonly'): IDBTransaction
}

/** Changed rows as they were: null where there was none. Under full keys. */
type OldRows = Table<Uint8Array | null>

/** Rows as they were at one moment. */
export class IndexedSnapshot implements RowSnapshot {
  readonly #live: LiveRows
  readonly #forget: () => void
  readonly #old: OldRows = new Table()
  #holders = 1

  /** @param forget called when nobody holds it any more */
  constructor(live: LiveRows, forget: () => void) {
    this.#live = live
    this.#forget = forget
  }

  hold(): void {
    this.#holders++
  }

  release(): void {
    if (--this.#holders === 0) this.#forget()
  }

  /** To be called for each row that a write changes, with what it was before. */
  keep(key: string, value: Uint8Array | null): void {
    if (!this.#old.has(key)) this.#old.put(key, value)
  }

  async get(family: string, keys: readonly string[]): Promise<(Uint8Array | null)[]> {
    const found = await this.#live.get(family, keys)
    return keys.map((key, place) => {
      const old = this.#old.get(fullKey(family, key))
      if (old === undefined) return found[place] ?? null
      return old === null ? null : loadValue(old)
    })
  }

  scan(family: string, range: RowRange): RowScan {
    return new IndexedScan(this.#live, this.#old, fullRange(family, range))
  }
}

/** Rows of a range, a page at a time, each in a transaction of its own. */
class IndexedScan implements RowScan {
  readonly #live: LiveRows
  readonly #old: OldRows
  /** Characters before the key within its family. */
  readonly #prefix: number
  /** What is left of the range; null at its end. */
  #range: FullRange | null

  constructor(live: LiveRows, old: OldRows, range: FullRange) {
    this.#live = live
    this.#old = old
    this.#prefix = range.low.indexOf('\0') + 1
    this.#range = range
  }

  async next(count: number): Promise<readonly StoredRow[]> {
    while (this.#range !== null) {
      const range = this.#range
      const page = await readPage(this.#live.begin('readonly'), range, count)
      const last = page.length < count ? undefined : page.at(-1)?.[0]
      const rows = overlay(page, this.#old, last === undefined ? range : upTo(range, last))
      this.#range = last === undefined ? null : after(range, last)
      if (rows.length > 0) return rows.map(([key, value]) => [key.slice(this.#prefix), value])
    }
    return []
  }
}

function upTo(range: FullRange, last: string): FullRange {
  return range.reverse ? { ...range, low: last, excludeLow: false } : { ...range, high: last, includeHigh: true }
}

function after(range: FullRange, last: string): FullRange {
  return range.reverse ? { ...range, high: last, includeHigh: false } : { ...range, low: last, excludeLow: true }
}

type PageRow = [key: string, value: Uint8Array]

/** The rows of a page as they were; `range` is what the page covers. */
function overlay(page: PageRow[], old: OldRows, range: FullRange): PageRow[] {
  const changed = [...old.rows(range)]
  if (changed.length === 0) return page
  const rows = new Map<string, Uint8Array | null>([...page, ...changed])
  const direction = range.reverse ? -1 : 1
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -direction : direction))
  return sorted.filter((row): row is PageRow => row[1] !== null)
}

function readPage(transaction: IDBTransaction, range: FullRange, count: number): Promise<PageRow[]> {
  const keys = toKeyRange(range)
  if (keys === null) return Promise.resolve([])
  return new Promise((resolve, reject) => {
    const rows: PageRow[] = []
    const request = rowsIn(transaction).openCursor(keys, range.reverse ? 'prev' : 'next')
    request.onerror = () => reject(databaseError(request.error))
    request.onsuccess = () => {
      const cursor = request.result
      if (cursor !== null) rows.push([fromBinary(cursor.key), cursor.value])
      if (cursor === null || rows.length === count) resolve(rows)
      else cursor.continue()
    }
  })
}
