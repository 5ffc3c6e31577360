/** A database of its own for each test of a contract suite. */
import b4a from 'b4a'
import type CorestoreStorage from 'hypercore-storage'
import { afterEach, beforeEach } from 'vitest'
import type { Database, KeyRange, Row, RowStreamOptions } from '../src/index.ts'
import { databaseOf, type StorageKit, type StoragePlace } from './storage-kit.ts'

/** What a test gets. */
export interface OpenedDatabase {
  readonly storage: CorestoreStorage
  readonly database: Database
  /** Stores a row for each letter, in one go. */
  fill(keys: string): Promise<void>
  /** Keys of the rows in a range, one after another. */
  keysOf(range?: KeyRange & RowStreamOptions, session?: Database): Promise<string>
}

/** Opens an empty one before each test of the suite that calls it, and removes it afterwards. */
export function openBeforeEach(kit: StorageKit): OpenedDatabase {
  let place: StoragePlace
  let storage: CorestoreStorage
  let database: Database

  beforeEach(async () => {
    place = await kit.createPlace()
    storage = place.open()
    database = databaseOf(storage)
    await database.ready()
  })

  afterEach(async () => {
    await storage.close()
    await place.remove()
  })

  return {
    get storage() {
      return storage
    },
    get database() {
      return database
    },
    async fill(keys) {
      const batch = database.write({ autoDestroy: true })
      for (const key of keys) batch.tryPut(b4a.from(key), b4a.from(`value of ${key}`))
      await batch.flush()
    },
    async keysOf(range = {}, session = database) {
      let keys = ''
      for (const { key } of await rowsOf(session, range)) keys += b4a.toString(key)
      return keys
    },
  }
}

/** Its rows in a range. */
export async function rowsOf(database: Database, range: KeyRange & RowStreamOptions = {}): Promise<Row[]> {
  const rows: Row[] = []
  for await (const row of database.iterator(range)) rows.push(row as Row)
  return rows
}

/** A row as `key=value`. */
export function textOf({ key, value }: Row): string {
  return `${b4a.toString(key)}=${value === null ? 'null' : b4a.toString(value)}`
}

/** Bytes of every value. */
export function patternOf(size: number): Uint8Array {
  const bytes = b4a.alloc(size)
  for (let i = 0; i < size; i++) bytes[i] = (i * 7 + size) % 256
  return bytes
}
