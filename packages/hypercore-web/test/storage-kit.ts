/** What the contract suites ask of a storage, so that the same tests run over RocksDB and over memory. */
import type CorestoreStorage from 'hypercore-storage'
import type { Database } from '../src/index.ts'

/** A kind of storage. */
export interface StorageKit {
  readonly name: string
  /** Whether what was stored is there after it was closed. */
  readonly persists: boolean
  /** So many that it shows where order or cost would go wrong; fewer where each is slow. */
  readonly manyAppends: number
  createPlace(): Promise<StoragePlace>
}

/** Somewhere to store; empty at first. */
export interface StoragePlace {
  open(): CorestoreStorage
  remove(): Promise<void>
}

/** The database of a storage. Both kinds have, as far as hypercore-storage is concerned, the methods of ours. */
export function databaseOf(storage: CorestoreStorage): Database {
  return storage.rocks as unknown as Database
}
