/** What hypercore-storage relies on in its database. */
import { describe } from 'vitest'
import { testBatches } from './database-batches.ts'
import { testRows } from './database-rows.ts'
import { testSessions } from './database-sessions.ts'
import { openBeforeEach } from './opened-database.ts'
import type { StorageKit } from './storage-kit.ts'

export function testDatabase(kit: StorageKit): void {
  describe(`database of ${kit.name}`, () => {
    const store = openBeforeEach(kit)
    testRows(store)
    testBatches(store)
    testSessions(store)
  })
}
