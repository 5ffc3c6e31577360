// The page of the contract suite: hypercore's storage in memory, in a browser.
import CorestoreStorage from 'hypercore-storage'
import { runTests } from '../../../../tests/browser/page-vitest.ts'
import { createMemoryDatabase } from '../../src/index.ts'
import { testDatabase } from '../database-contract.ts'
import { testHypercore } from '../hypercore-contract.ts'
import { testRandomHistories } from '../random-history.ts'
import type { StorageKit } from '../storage-kit.ts'

const memory: StorageKit = {
  name: 'memory of a page',
  persists: false,
  manyAppends: 10_000,
  async createPlace() {
    return { open: () => new CorestoreStorage(createMemoryDatabase()), async remove() {} }
  },
}

globalThis.runPageTests = () =>
  runTests(async () => {
    testDatabase(memory)
    testHypercore(memory)
    testRandomHistories(memory, 100)
  })
