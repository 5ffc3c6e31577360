/** hypercore's storage on a memory database, ready to be passed to `new Hypercore()`. */
import CorestoreStorage from 'hypercore-storage'
import { createMemoryDatabase } from './memory-database.ts'

/** The storage that hypercore is given. It is hypercore-storage's, which has no types: these are the parts to call. */
export interface HypercoreStorage {
  /** Whether {@link HypercoreStorage.close} has finished. */
  readonly closed: boolean
  /** Resolves once it can be used; hypercore waits for it by itself. */
  ready(): Promise<void>
  /** The discovery key, 32 bytes, of the first core that was made in it; null before. */
  getDefaultDiscoveryKey(): Promise<Uint8Array | null>
  /** Sessions of cores in it have to be closed before. A storage in memory forgets everything. */
  close(): Promise<void>
}

/**
 * Makes an empty storage in memory for `new Hypercore(storage)`, which closes it with its last session. What was stored
 * is gone then.
 */
export function createMemoryStorage(): HypercoreStorage {
  return new CorestoreStorage(createMemoryDatabase())
}
