// Stands in for ../named-storage.ts in a bundle: a name is that of an IndexedDB database.
import type { Database } from '../database.ts'
import { createIndexedDbDatabase } from '../indexed-db/index.ts'

/** The database of that name. */
export function namedStorage(name: string): Database {
  return createIndexedDbDatabase(name)
}

/** What a name stands for. */
export const namedStorageKind = 'database'
