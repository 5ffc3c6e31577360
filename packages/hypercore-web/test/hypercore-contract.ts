/** What the SDK asks of a hypercore, whatever its storage. */
import { describe } from 'vitest'
import { testReplication } from './hypercore-replication.ts'
import { testCoreSessions } from './hypercore-sessions.ts'
import { testWriting } from './hypercore-writing.ts'
import { openCores } from './opened-cores.ts'
import type { StorageKit } from './storage-kit.ts'

export function testHypercore(kit: StorageKit): void {
  describe(`hypercore in ${kit.name}`, () => {
    const cores = openCores(kit)
    testWriting(cores)
    testReplication(cores)
    testCoreSessions(cores)
  })
}
