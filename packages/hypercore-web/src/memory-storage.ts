/** hypercore's storage on a memory database, ready to be passed to `new Hypercore()`. */
import CorestoreStorage from 'hypercore-storage'
import { createMemoryDatabase } from './memory-database.ts'

/**
 * Makes an empty storage in memory for `new Hypercore(storage)`, which closes it with its last session. What was stored
 * is gone then.
 */
export function createMemoryStorage(): CorestoreStorage {
  return new CorestoreStorage(createMemoryDatabase())
}
