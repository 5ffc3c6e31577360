// The page of the contract suite: hypercore's storage in IndexedDB, in a browser.
import CorestoreStorage from 'hypercore-storage'
import { runTests } from '../../../../tests/browser/page-vitest.ts'
import { createIndexedDbDatabase } from '../../src/indexed-db/index.ts'
import { testDatabase } from '../database-contract.ts'
import { testHypercore } from '../hypercore-contract.ts'
import { testRandomHistories } from '../random-history.ts'
import type { StorageKit } from '../storage-kit.ts'

let places = 0
const kit: StorageKit = {
  name: 'IndexedDB of a page',
  persists: true,
  manyAppends: 1000,
  async createPlace() {
    const name = `place ${places++}`
    return {
      open: () => new CorestoreStorage(createIndexedDbDatabase(name)),
      remove: () =>
        new Promise((resolve, reject) => {
          const request = indexedDB.deleteDatabase(name)
          request.onsuccess = () => resolve()
          request.onerror = () => reject(request.error)
        }),
    }
  },
}

globalThis.runPageTests = () =>
  runTests(async () => {
    testDatabase(kit)
    testHypercore(kit)
    testRandomHistories(kit, 100)
  })
