/**
 * Rows in IndexedDB. Nothing of them is held in memory but what snapshots would lose: while there is one, each write
 * first keeps for it the rows that it changes.
 */
import { fromByteString } from '../byte-string.ts'
import type { RowSnapshot, RowStore, RowWrite } from '../row-store.ts'
import { Connection, committed, databaseError, resultOf, rowsIn } from './connection.ts'
import { IndexedSnapshot } from './indexed-snapshot.ts'
import { fromBinary, fullKey, fullRange, toBinary, toKeyRange } from './row-key.ts'

/** Rows that outlive the page. */
export class IndexedRows implements RowStore {
  readonly #name: string
  readonly #snapshots = new Set<IndexedSnapshot>()
  #connection: Connection | null = null

  /** @param name of the IndexedDB database */
  constructor(name: string) {
    this.#name = name
  }

  get isOpen(): boolean {
    return this.#connection !== null
  }

  async open(): Promise<void> {
    this.#connection = await Connection.open(this.#name)
  }

  addFamily(): void {}

  snapshot(): RowSnapshot {
    const snapshot = new IndexedSnapshot(this, () => this.#snapshots.delete(snapshot))
    this.#snapshots.add(snapshot)
    return snapshot
  }

  async get(family: string, keys: readonly string[]): Promise<(Uint8Array | null)[]> {
    const rows = rowsIn(this.begin('readonly'))
    const found = await Promise.all(keys.map((key) => resultOf(rows.get(toBinary(fullKey(family, key))))))
    return found.map((value: Uint8Array | undefined) => value ?? null)
  }

  async write(family: string, writes: readonly RowWrite[]): Promise<void> {
    try {
      const transaction = this.begin('readwrite')
      const done = committed(transaction)
      try {
        const rows = rowsIn(transaction)
        if (this.#snapshots.size > 0) keepOld(rows, family, writes, [...this.#snapshots])
        for (const write of writes) apply(rows, family, write)
        transaction.commit()
      } catch (error) {
        done.catch(() => {})
        transaction.abort()
        throw error
      }
      await done
    } catch (error) {
      throw new Error('Batch was not applied', { cause: databaseError(error) })
    }
  }

  close(): void {
    this.#connection?.close()
    this.#connection = null
    this.#snapshots.clear()
  }

  /** A transaction of the open database. */
  begin(mode: 'readonly' | 'readwrite'): IDBTransaction {
    if (this.#connection === null) throw new Error('Database session is closed')
    return this.#connection.begin(mode)
  }
}

/** Asks for every row that the writes change; a transaction answers in the order in which it is asked, so before the changes. */
function keepOld(
  rows: IDBObjectStore,
  family: string,
  writes: readonly RowWrite[],
  snapshots: readonly IndexedSnapshot[],
): void {
  const keep = (key: string, value: Uint8Array | null): void => {
    for (const snapshot of snapshots) snapshot.keep(key, value)
  }
  for (const write of writes) {
    if (write.type === 'deleteRange') {
      const range = toKeyRange(fullRange(family, { low: write.start, high: write.end }))
      if (range === null) continue
      const keys = rows.getAllKeys(range)
      const values = rows.getAll(range)
      values.onsuccess = () => {
        for (const [place, key] of keys.result.entries()) keep(fromBinary(key), values.result[place])
      }
    } else {
      const key = fullKey(family, write.key)
      const found = rows.get(toBinary(key))
      found.onsuccess = () => keep(key, found.result ?? null)
    }
  }
}

function apply(rows: IDBObjectStore, family: string, write: RowWrite): void {
  if (write.type === 'put') {
    // IndexedDB copies what it is given within the call.
    const value = typeof write.value === 'string' ? fromByteString(write.value) : write.value
    rows.put(value, toBinary(fullKey(family, write.key)))
  } else if (write.type === 'delete') rows.delete(toBinary(fullKey(family, write.key)))
  else {
    const range = toKeyRange(fullRange(family, { low: write.start, high: write.end }))
    if (range !== null) rows.delete(range)
  }
}
