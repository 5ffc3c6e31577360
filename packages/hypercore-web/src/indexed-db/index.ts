/** hypercore's storage in a page's IndexedDB. */
import CorestoreStorage from 'hypercore-storage'
import { createDatabase, type Database } from '../database.ts'
import type { HypercoreStorage } from '../memory-storage.ts'
import { IndexedRows } from './indexed-rows.ts'

export { DatabaseError, type DatabaseErrorCode } from '../database-error.ts'

/**
 * Makes a database over the IndexedDB database of that name, for `new CorestoreStorage(database)`;
 * {@link createIndexedDbStorage} does both. It is opened by the first use, and one tab, window or worker of a site has it
 * at a time.
 *
 * A write is done once IndexedDB has committed it, with relaxed durability: it outlives a reload and a crash of the page
 * or of the browser; of what was written in the last moments before a power failure, some may be missing.
 *
 * Whatever fails does so with a {@link DatabaseError}, in a batch as the `cause` of the error.
 *
 * @param name of the IndexedDB database, which is made where there is none; `indexedDB.deleteDatabase(name)` deletes it
 */
export function createIndexedDbDatabase(name: string): Database {
  return createDatabase(new IndexedRows(name))
}

/**
 * Makes a storage for `new Hypercore(storage)`, which closes it with its last session.
 *
 * @param name as in {@link createIndexedDbDatabase}
 */
export function createIndexedDbStorage(name: string): HypercoreStorage {
  return new CorestoreStorage(createIndexedDbDatabase(name))
}
