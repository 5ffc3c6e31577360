/** A database in memory. */
import { createDatabase, type Database } from './database.ts'
import { MemoryRows } from './memory-rows.ts'

/** Makes an empty database, for `new CorestoreStorage(database)`; {@link createMemoryStorage} does both. */
export function createMemoryDatabase(): Database {
  return createDatabase(new MemoryRows())
}
