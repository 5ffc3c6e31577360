/** Rows in memory: a sorted table for each column family. */
import type { RowRange, RowScan, RowSnapshot, RowStore, RowWrite, StoredRow } from './row-store.ts'
import { loadValue, type StoredValue } from './stored-value.ts'
import { Table } from './table.ts'

type Tables = Map<string, Table<StoredValue>>

/** Rows that are gone with the process. */
export class MemoryRows implements RowStore {
  readonly isOpen = true
  readonly #tables: Tables = new Map()

  async open(): Promise<void> {}

  addFamily(family: string): void {
    if (!this.#tables.has(family)) this.#tables.set(family, new Table())
  }

  snapshot(): RowSnapshot {
    return new MemorySnapshot(new Map([...this.#tables].map(([family, table]) => [family, table.snapshot()])))
  }

  get(family: string, keys: readonly string[]): (Uint8Array | null)[] {
    return valuesOf(this.#tables, family, keys)
  }

  write(family: string, writes: readonly RowWrite[]): void {
    const table = this.#tables.get(family)
    if (table === undefined) throw new Error(`There is no column family "${family}"`)
    for (const write of writes) {
      if (write.type === 'put') table.put(write.key, write.value)
      else if (write.type === 'delete') table.delete(write.key)
      else table.deleteRange(write.start, write.end)
    }
  }

  close(): void {
    this.#tables.clear()
  }
}

/** Shares its rows with the live ones until they change; what nobody refers to any more is collected. */
class MemorySnapshot implements RowSnapshot {
  readonly #tables: Tables

  constructor(tables: Tables) {
    this.#tables = tables
  }

  hold(): void {}

  release(): void {}

  get(family: string, keys: readonly string[]): (Uint8Array | null)[] {
    return valuesOf(this.#tables, family, keys)
  }

  scan(family: string, range: RowRange): RowScan {
    const rows = this.#tables.get(family)?.rows(range)
    return {
      next(count) {
        const found: StoredRow[] = []
        while (rows !== undefined && found.length < count) {
          const row = rows.next()
          if (row.done) break
          found.push(row.value)
        }
        return found
      },
    }
  }
}

/** A column family that is younger than a snapshot has no rows in it. */
function valuesOf(tables: Tables, family: string, keys: readonly string[]): (Uint8Array | null)[] {
  const table = tables.get(family)
  return keys.map((key) => {
    const stored = table?.get(key)
    return stored === undefined ? null : loadValue(stored)
  })
}
