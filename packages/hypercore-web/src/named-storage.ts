/**
 * Where the storage of a name is. In Node this: a folder. What a page is bundled with the plugin has in its place is
 * stand-ins/named-storage.ts: a database of the browser.
 */
import type { Database } from './database.ts'

/** What `new CorestoreStorage()` takes for a name: a folder's path as it is, or a database of the browser. */
export function namedStorage(name: string): string | Database {
  return name
}

/** What a name stands for. */
export const namedStorageKind: 'folder' | 'database' = 'folder'
