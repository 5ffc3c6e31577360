// Stands in for hypercore-storage's reader of what hypercore 10 left in a folder, in a bundle. No database of a page was ever
// written by it, so that what is left of the migration is to say in an empty one which version it is of.
import type { StorageDatabase } from 'hypercore-storage'
import { CorestoreTX, type StoreHead } from 'hypercore-storage/lib/tx.js'
import View from 'hypercore-storage/lib/view.js'

/** What hypercore-storage hands to a migration. */
export interface MigratedStorage {
  readonly db: StorageDatabase
  _getHead(view: View): Promise<StoreHead>
}

/** Makes an empty database one of this version. */
export async function store(storage: MigratedStorage, { version }: { readonly version: number }): Promise<void> {
  const view = new View()
  const head = await storage._getHead(view)
  const transaction = new CorestoreTX(view)
  transaction.setHead({ ...head, version })
  transaction.apply()
  await View.flush(view.changes, storage.db)
}

/** @throws Error always: there is no such core in a page */
export async function core(): Promise<never> {
  throw new Error('a core of hypercore 10 cannot be read in a page; open its folder in Node once, which migrates it')
}
