/**
 * A stand-in for the part of rocksdb-native that hypercore-storage 3.3.1 calls, over rows that are kept in memory or
 * elsewhere. Sessions share one state; the names that begin with an underscore are the ones that hypercore-storage reads.
 */
import type { BatchOptions, BytesLike } from './batch.ts'
import { type ColumnFamily, DatabaseState, sessionClosed } from './database-state.ts'
import { ReadBatch } from './read-batch.ts'
import type { RowSnapshot, RowStore } from './row-store.ts'
import { type KeyRange, type Row, RowStream, type RowStreamOptions } from './row-stream.ts'
import { WriteBatch } from './write-batch.ts'

/** Options of a session. */
export interface SessionOptions {
  /** @default that of the session it is made from */
  readonly columnFamily?: ColumnFamily | undefined
  /** Reads the rows as they are now, whatever is written later. @default whether the session it is made from does */
  readonly snapshot?: boolean | undefined
}

const defaultFamily = 'default'

/** Makes the first session of a database, which closes the database with it. */
export function createDatabase(rows: RowStore): Database {
  const state = new DatabaseState(rows)
  return new Database(state, state.addFamily(defaultFamily), null, true)
}

/** A session of a database. */
export class Database {
  readonly _state: DatabaseState
  /** Null where it reads the live rows. */
  _snapshot: RowSnapshot | null
  /** -1 once it is closed. */
  _index = 0
  readonly #family: string
  readonly #isRoot: boolean

  /** Made by {@link Database.session}, and for the first one by what makes a database. A snapshot is held already. */
  constructor(state: DatabaseState, family: string, snapshot: RowSnapshot | null, isRoot: boolean) {
    this._state = state
    this._snapshot = snapshot
    this.#family = family
    this.#isRoot = isRoot
    state.sessions.add(this)
  }

  get path(): string {
    return this._state.path
  }

  get opened(): boolean {
    return this._state.opened
  }

  get closed(): boolean {
    return this.#isRoot ? this._state.closed : this._index === -1
  }

  get snapshotted(): boolean {
    return this._snapshot !== null
  }

  /** Whether closing it closes the database. */
  isRoot(): boolean {
    return this.#isRoot
  }

  /** Resolves once it is open. Reads and writes wait for it by themselves. */
  ready(): Promise<void> {
    return this._state.open()
  }

  /**
   * Makes another session of the same database, or of the same snapshot.
   *
   * @throws Error where this session is closed
   */
  session({ columnFamily, snapshot = this.snapshotted }: SessionOptions = {}): Database {
    this.#mustBeOpen()
    const family = columnFamily === undefined ? this.#family : this._state.addFamily(columnFamily)
    return new Database(this._state, family, snapshot ? this.#holdSnapshot() : null, false)
  }

  /** A session of other rows. */
  columnFamily(columnFamily: ColumnFamily, options: SessionOptions = {}): Database {
    return this.session({ ...options, columnFamily })
  }

  /** A session that reads the rows as they are now; costs nothing until they change. */
  snapshot(): Database {
    return this.session({ snapshot: true })
  }

  /** Collects reads to answer together. */
  read(options?: BatchOptions): ReadBatch {
    this.#mustBeOpen()
    return new ReadBatch(this._state, this._snapshot ?? this._state.rows, this.#family, options)
  }

  /** Collects writes to apply together; they go to the live rows, from a snapshot too. */
  write(options?: BatchOptions): WriteBatch {
    this.#mustBeOpen()
    return new WriteBatch(this._state, this.#family, options)
  }

  /** The rows of a range as they are now. */
  iterator(range: KeyRange & RowStreamOptions = {}, options: RowStreamOptions = {}): RowStream {
    this.#mustBeOpen()
    return new RowStream(this._state, this.#holdSnapshot(), this.#family, { ...range, ...options })
  }

  /** The first row of a range; null where there is none. */
  async peek(range: KeyRange & RowStreamOptions, options: RowStreamOptions = {}): Promise<Row | null> {
    for await (const row of this.iterator(range, { ...options, limit: 1 })) return row as Row
    return null
  }

  /** The value of a key, a copy; null where there is none. */
  async get(key: BytesLike): Promise<Uint8Array | null> {
    const batch = this.read({ autoDestroy: true })
    const value = batch.get(key)
    batch.tryFlush()
    return value
  }

  /** Sets a row; null is a value of no bytes. */
  async put(key: BytesLike, value: BytesLike | null): Promise<void> {
    const batch = this.write({ autoDestroy: true })
    batch.tryPut(key, value)
    await batch.flush()
  }

  /** Deletes a row, where there is one. */
  async delete(key: BytesLike): Promise<void> {
    const batch = this.write({ autoDestroy: true })
    batch.tryDelete(key)
    await batch.flush()
  }

  /** Deletes from `start` up to `end`, the latter excluded. Rejects where the range runs backwards. */
  async deleteRange(start: BytesLike, end: BytesLike): Promise<void> {
    const batch = this.write({ autoDestroy: true })
    batch.tryDeleteRange(start, end)
    await batch.flush()
  }

  /** What was written is stored as soon as its batch is: resolves once the database is open and not suspended. */
  async flush(): Promise<void> {
    this.#mustBeOpen()
    await new Promise<void>((resolve, reject) =>
      this._state.request(resolve, (error = sessionClosed()) => reject(error)),
    )
  }

  /** There is nothing to compact. */
  async compactRange(): Promise<void> {}

  /** Holds back reads and writes until `resume()`. */
  async suspend(): Promise<void> {
    this.#mustBeOpen()
    this._state.suspend()
  }

  /** Runs what was held back. */
  async resume(): Promise<void> {
    this.#mustBeOpen()
    this._state.resume()
  }

  /** Closes the session, and with the first session the database. Idempotent. */
  async close(): Promise<void> {
    this._index = -1
    this._snapshot?.release()
    this._snapshot = null
    this._state.sessions.delete(this)
    if (this.#isRoot) await this._state.close()
  }

  /** The snapshot that it reads, or one of now. */
  #holdSnapshot(): RowSnapshot {
    if (this._snapshot === null) return this._state.rows.snapshot()
    this._snapshot.hold()
    return this._snapshot
  }

  #mustBeOpen(): void {
    if (this._state.closing !== null || this._index === -1) throw sessionClosed()
  }
}
