// The memory database beside RocksDB, and beside itself a hundred times as large: no cost may follow the stream's length.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createMemoryDatabase,
  createMemoryStorage,
  type Database,
  type HypercoreStorage,
} from '@hypervision/hypercore-web'
import Hypercore from 'hypercore'
import CorestoreStorage from 'hypercore-storage'
import type { Bench, BenchRunOptions, Row } from './bench.ts'
import { heapMB } from './heap.ts'

const blockBytes = 64 * 1024
/** Blocks that a sliding window keeps: a minute of live. */
const windowBlocks = 600

export const bench: Bench = {
  name: 'memory-store',
  title: 'Storage in memory: rows of 40 bytes under keys of 8, and a hypercore on it beside one in a folder',

  async run({ quick, log, signal }: BenchRunOptions): Promise<readonly Row[]> {
    const rows: Row[] = []
    for (const count of quick ? [1000, 10_000] : [10_000, 100_000, 1_000_000]) {
      signal.throwIfAborted()
      log(`${count} rows`)
      rows.push(await measureRows(count))
    }
    for (const count of quick ? [1000, 10_000] : [10_000, 100_000, 1_000_000]) {
      signal.throwIfAborted()
      log(`window over ${count} blocks`)
      rows.push(await measureWindow(count))
    }
    const folder = await mkdtemp(join(tmpdir(), 'hypervision-bench-'))
    try {
      const appends = quick ? 100 : 2000
      for (const [name, storage] of [
        ['hypercore in a folder', new CorestoreStorage(folder)],
        ['hypercore in memory', createMemoryStorage()],
      ] as const) {
        signal.throwIfAborted()
        log(name)
        rows.push(await measureCore(name, storage, appends))
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    for (const count of quick ? [1000] : [10_000, 50_000]) {
      signal.throwIfAborted()
      log(`hypercore window over ${count} blocks`)
      rows.push(await measureCoreWindow(count))
    }
    return rows
  },
}

async function measureRows(count: number): Promise<Row> {
  const before = await heapMB()
  const database = createMemoryDatabase()
  const value = new Uint8Array(40).fill(200)
  const put = await microsPerOperation(count, (i) => database.put(keyOf(i), value))
  const get = await microsPerOperation(Math.min(count, 100_000), (i) => database.get(keyOf((i * 7919) % count)))
  const bytesPerRow = Math.round((((await heapMB()) - before) * 1e6) / count)
  const writes = 10_000
  const snapshotPut = await microsPerOperation(writes, async (i) => {
    const snapshot = database.snapshot()
    await database.put(keyOf(count + i), value)
    await snapshot.close()
  })
  await database.close()
  return { case: `${count} rows`, putUs: put, getUs: get, snapshotThenPutUs: snapshotPut, bytesPerRow }
}

/** Three rows a block, as hypercore writes them; the block that leaves the window is cleared. */
async function measureWindow(count: number): Promise<Row> {
  const before = await heapMB()
  const database = createMemoryDatabase()
  const value = new Uint8Array(40).fill(200)
  const slide = await microsPerOperation(count, async (i) => {
    const batch = database.write({ autoDestroy: true })
    for (let row = 0; row < 3; row++) batch.tryPut(keyOf(i, row), value)
    if (i >= windowBlocks) {
      for (let row = 0; row < 3; row++) {
        batch.tryDeleteRange(keyOf(i - windowBlocks, row), keyOf(i - windowBlocks + 1, row))
      }
    }
    await batch.flush()
  })
  const rows = await rowsLeft(database)
  const heapMBAfter = (await heapMB()) - before
  await database.close()
  return { case: `window over ${count} blocks`, slideUs: slide, rowsLeft: rows, heapMB: round(heapMBAfter) }
}

async function measureCore(name: string, storage: HypercoreStorage, count: number): Promise<Row> {
  const core = new Hypercore(storage)
  await core.ready()
  const block = new Uint8Array(blockBytes).fill(7)
  const append = await microsPerOperation(count, () => core.append(block))
  const get = await microsPerOperation(count, (i) => core.get(i))
  await core.close()
  return { case: name, appendUs: append, getUs: get, appendMBps: round(blockBytes / append) }
}

async function measureCoreWindow(count: number): Promise<Row> {
  const before = await heapMB()
  const core = new Hypercore(createMemoryStorage())
  await core.ready()
  const block = new Uint8Array(1000).fill(7)
  const slide = await microsPerOperation(count, async (i) => {
    await core.append(block)
    if (i >= windowBlocks) await core.clear(i - windowBlocks)
  })
  const heapMBAfter = (await heapMB()) - before
  await core.close()
  return { case: `hypercore window over ${count} blocks`, slideUs: slide, heapMB: round(heapMBAfter) }
}

async function microsPerOperation(count: number, operation: (i: number) => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint()
  for (let i = 0; i < count; i++) await operation(i)
  return round(Number(process.hrtime.bigint() - start) / 1000 / count)
}

async function rowsLeft(database: Database): Promise<number> {
  let rows = 0
  for await (const _row of database.iterator()) rows++
  return rows
}

/** A key as hypercore-storage makes them: a prefix, the kind of row, the number. */
function keyOf(number: number, kind = 0): Uint8Array {
  const key = new Uint8Array(8)
  key[0] = 4
  key[2] = kind
  new DataView(key.buffer).setUint32(4, number)
  return key
}

function round(figure: number): number {
  return Math.round(figure * 100) / 100
}
