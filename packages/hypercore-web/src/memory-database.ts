/**
 * The part of a RocksDB database that hypercore-storage 3.3 calls, in memory: for pages, and for channels in Node that
 * shall leave nothing on disk. Rows live in a B-tree whose copies share what they have in common, so a snapshot costs
 * nothing until it is written past, and no operation costs more as a stream grows longer than its logarithm.
 */
import b4a from 'b4a'
import type { Readable } from 'streamx'
import { BTree } from './b-tree.ts'
import { type KeyRange, type Rows, readRows } from './memory-rows.ts'

/** What the sessions of one database share. */
interface Store {
  rows: Rows
  isClosed: boolean
}

/** Reads that are answered together. */
export interface ReadBatch {
  get(key: Uint8Array): Promise<Uint8Array | null>
  tryFlush(): void
  destroy(): void
}

/** Writes that become visible together. */
export interface WriteBatch {
  tryPut(key: Uint8Array, value: Uint8Array | string): void
  tryDelete(key: Uint8Array): void
  tryDeleteRange(start: Uint8Array, end: Uint8Array): void
  flush(): Promise<void>
  destroy(): void
}

/** Makes an empty database; hand it to `new CorestoreStorage(database)` of hypercore-storage. */
export function createMemoryDatabase(): MemoryDatabase {
  return new MemoryDatabase({ rows: new BTree<string, Uint8Array>(undefined, compareText), isClosed: false }, null)
}

/** A session of the database: of its present state, or of a state that is kept as it was. */
export class MemoryDatabase {
  /** hypercore-storage joins paths to it and touches none of them for a database that it is handed. */
  readonly path = 'memory/db'
  readonly opened = true
  readonly #store: Store
  /** A snapshot's rows; hypercore-storage asks whether it is null. */
  readonly _snapshot: Rows | null
  #isClosed = false

  constructor(store: Store, snapshot: Rows | null) {
    this.#store = store
    this._snapshot = snapshot
  }

  get closed(): boolean {
    return this.#isClosed
  }

  get snapshotted(): boolean {
    return this._snapshot !== null
  }

  async ready(): Promise<void> {}
  async flush(): Promise<void> {}
  async suspend(): Promise<void> {}
  async resume(): Promise<void> {}
  async compactRange(): Promise<void> {}

  session({ snapshot = this.snapshotted }: { snapshot?: boolean } = {}): MemoryDatabase {
    const rows = snapshot ? (this._snapshot ?? this.#store.rows.clone()) : null
    return new MemoryDatabase(this.#store, rows)
  }

  columnFamily(): MemoryDatabase {
    return this.session()
  }

  snapshot(): MemoryDatabase {
    return this.session({ snapshot: true })
  }

  /** Closes this session; the rows go when nobody holds the database any more. */
  async close(): Promise<void> {
    this.#isClosed = true
  }

  async get(key: Uint8Array): Promise<Uint8Array | null> {
    this.#checkOpen()
    return this.#rows.get(textOf(key)) ?? null
  }

  /** Rows in order of key, as they stand now: what is written during the iteration is not seen. */
  iterator(range: KeyRange): Readable {
    this.#checkOpen()
    return readRows(this._snapshot ?? this.#store.rows.clone(), range)
  }

  read(): ReadBatch {
    const rows = (): Rows => this.#rows
    const checkOpen = (): void => this.#checkOpen()
    let waiting: { key: string; resolve(value: Uint8Array | null): void; reject(error: Error): void }[] = []
    const settleAll = (settle: (one: (typeof waiting)[number]) => void): void => {
      const settling = waiting
      waiting = []
      for (const one of settling) settle(one)
    }
    return {
      get: (key) => new Promise((resolve, reject) => waiting.push({ key: textOf(key), resolve, reject })),
      tryFlush() {
        try {
          checkOpen()
        } catch (error) {
          return settleAll((one) => one.reject(error as Error))
        }
        settleAll((one) => one.resolve(rows().get(one.key) ?? null))
      },
      destroy: () => settleAll((one) => one.reject(new Error('The read batch was destroyed.'))),
    }
  }

  write(): WriteBatch {
    let changes: ((rows: Rows) => void)[] = []
    return {
      tryPut: (key, value) => {
        const text = textOf(key)
        const own = ownCopy(typeof value === 'string' ? b4a.from(value) : value)
        changes.push((rows) => rows.set(text, own))
      },
      tryDelete: (key) => {
        const text = textOf(key)
        changes.push((rows) => rows.delete(text))
      },
      tryDeleteRange: (start, end) => {
        const [from, to] = [textOf(start), textOf(end)]
        changes.push((rows) => rows.deleteRange(from, to, false))
      },
      flush: async () => {
        this.#checkOpen()
        for (const change of changes) change(this.#store.rows)
        changes = []
      },
      destroy: () => {
        changes = []
      },
    }
  }

  get #rows(): Rows {
    return this._snapshot ?? this.#store.rows
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new Error('The memory database is closed.')
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function textOf(key: Uint8Array): string {
  return b4a.toString(key, 'latin1')
}

/** A value may be a view of a large network buffer, or of one that its writer uses again. */
function ownCopy(value: Uint8Array): Uint8Array {
  const copy = b4a.allocUnsafeSlow(value.byteLength)
  copy.set(value)
  return copy
}
