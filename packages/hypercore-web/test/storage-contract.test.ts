/** The same contracts over RocksDB in a folder and over memory. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import CorestoreStorage from 'hypercore-storage'
import { createMemoryDatabase } from '../src/index.ts'
import { testDatabase } from './database-contract.ts'
import { testHypercore } from './hypercore-contract.ts'
import { testRandomHistories } from './random-history.ts'
import type { StorageKit } from './storage-kit.ts'

const rocks: StorageKit = {
  name: 'a folder',
  persists: true,
  manyAppends: 10_000,
  async createPlace() {
    const folder = await mkdtemp(join(tmpdir(), 'hypervision-storage-'))
    return {
      open: () => new CorestoreStorage(folder),
      remove: () => rm(folder, { recursive: true, force: true }),
    }
  },
}

const memory: StorageKit = {
  name: 'memory',
  persists: false,
  manyAppends: 10_000,
  async createPlace() {
    return { open: () => new CorestoreStorage(createMemoryDatabase()), async remove() {} }
  },
}

for (const kit of [rocks, memory]) {
  testDatabase(kit)
  testHypercore(kit)
  testRandomHistories(kit, 100)
}
