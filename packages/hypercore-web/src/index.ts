/** What hypercore needs where there is no disk. */
export type { BatchOptions, BytesLike } from './batch.ts'
export { createMemoryDatabase, type MemoryDatabase, type SessionOptions } from './memory-database.ts'
export type { ColumnFamily, NamedColumnFamily } from './memory-state.ts'
export { createMemoryStorage, type MemoryStorage } from './memory-storage.ts'
export type { ReadBatch } from './read-batch.ts'
export type { KeyRange, Row, RowStream, RowStreamOptions } from './row-stream.ts'
export type { WriteBatch } from './write-batch.ts'
