/** What hypercore needs where there is no disk and no native code. */
export { createMemoryDatabase, type MemoryDatabase, type ReadBatch, type WriteBatch } from './memory-database.ts'
export type { KeyRange, Rows } from './memory-rows.ts'
