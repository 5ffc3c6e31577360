/**
 * Where the storage of a name is. In Node this: a folder. What a page is bundled with the plugin has in its place is
 * stand-ins/named-storage.ts: a database of the browser.
 */
import type { Database } from './database.ts'

/**
 * What `new CorestoreStorage()` takes for a name: a folder's path as it is, or a database of the browser.
 *
 * @param holdsSecret makes a folder that is not there for its owner alone; one that is there stays as it is
 */
export function namedStorage(name: string, holdsSecret = false): string | Database {
  if (holdsSecret) makeForOwner(name)
  return name
}

/** What a name stands for. */
export const namedStorageKind: 'folder' | 'database' = 'folder'

function makeForOwner(folder: string): void {
  // Imports would make a bundle need Node that never comes here.
  const builtIn = globalThis.process?.getBuiltinModule
  if (builtIn === undefined) return
  const [{ mkdirSync }, { dirname }] = [builtIn('node:fs'), builtIn('node:path')]
  try {
    mkdirSync(dirname(folder), { recursive: true })
    mkdirSync(folder, { mode: 0o700 })
  } catch {
    // It is there, or the database says what is wrong with it when it opens it.
  }
}
