import b4a from 'b4a'
import Hypercore from 'hypercore'
import CorestoreStorage from 'hypercore-storage'
import { describe, expect, it } from 'vitest'
import { createMemoryDatabase, createMemoryStorage, type Database, type Row } from './index.ts'

/** The column family that hypercore-storage works in. */
const family = 'corestore'

async function rowsStored(database: Database): Promise<number> {
  let rows = 0
  for await (const _row of database.columnFamily(family).iterator({ values: false })) rows++
  return rows
}

describe('createMemoryDatabase', () => {
  it('iterates the rows as they were when the iterator was made', async () => {
    const database = createMemoryDatabase()
    await database.put('a', '1')
    const rows = database.iterator()
    await database.put('b', '2')
    await database.delete('a')
    const keys = []
    for await (const row of rows) keys.push(b4a.toString((row as Row).key))
    expect(keys).toEqual(['a'])
    await database.close()
  })

  it('ends an iterator with an error where the database closes before it is through', async () => {
    const database = createMemoryDatabase()
    for (let i = 0; i < 100; i++) await database.put(b4a.from([i]), b4a.alloc(0))
    const rows = database.iterator()
    await database.close()
    const read = (async () => {
      for await (const row of rows) expect(row).toBeDefined()
    })()
    await expect(read).rejects.toThrow('session is closed')
  })

  it('refuses keys and values that are not bytes', async () => {
    const database = createMemoryDatabase()
    const wrong = undefined as unknown as Uint8Array
    await expect(database.get(wrong)).rejects.toThrow('A key must be a Uint8Array or a string; it is undefined')
    await expect(database.put(wrong, 'a')).rejects.toThrow('A key must be')
    await expect(database.put('a', 5 as unknown as string)).rejects.toThrow(
      'A value must be a Uint8Array or a string; it is number',
    )
    expect(await database.peek({})).toBe(null)
    await database.close()
  })

  it('works on after a batch that could not be applied', async () => {
    const database = createMemoryDatabase()
    await expect(database.deleteRange('b', 'a')).rejects.toMatchObject({
      message: 'Batch was not applied',
      cause: { message: 'end key comes before start key' },
    })
    await database.put('a', '1')
    expect(b4a.toString((await database.get('a')) ?? b4a.alloc(0))).toBe('1')
    await database.close()
  })

  it('has no rows in a snapshot that is older than the column family', async () => {
    const database = createMemoryDatabase()
    const snapshot = database.snapshot()
    const young = database.columnFamily('young')
    await young.put('a', '1')
    expect(await snapshot.columnFamily('young').get('a')).toBe(null)
    expect(await database.get('a')).toBe(null)
    expect(b4a.toString((await young.get('a')) ?? b4a.alloc(0))).toBe('1')
    await database.close()
  })

  it('frees the column families that it was given when it closes', async () => {
    let destroyed = 0
    const database = createMemoryDatabase()
    const columnFamily = { name: 'native', destroy: () => destroyed++ }
    database.columnFamily(columnFamily)
    database.columnFamily(columnFamily)
    await database.close()
    expect(destroyed).toBe(1)
  })

  it('lets timers run while one request follows another', async () => {
    const database = createMemoryDatabase()
    let fired = false
    setTimeout(() => {
      fired = true
    }, 0)
    let requests = 0
    for (; !fired && requests < 1_000_000; requests++) await database.put('a', '1')
    expect(fired).toBe(true)
    await database.close()
  })
})

describe('createMemoryStorage', () => {
  it('is a storage that Hypercore takes and closes', async () => {
    const storage = createMemoryStorage()
    expect(CorestoreStorage.isCoreStorage(storage)).toBe(true)
    const core = new Hypercore(storage)
    await core.append('a')
    await core.close()
    expect(storage.closed).toBe(true)
  })

  it('keeps no more rows after many blocks than after few where old ones are cleared', async () => {
    const database = createMemoryDatabase()
    const core = new Hypercore(new CorestoreStorage(database))
    const sizes: number[] = []
    for (let i = 0; i < 2100; i++) {
      await core.append(b4a.from([i & 255]))
      if (i >= 100) await core.clear(i - 100)
      if (i === 1100 || i === 2099) sizes.push(await rowsStored(database))
    }
    // The roots of the tree grow with the logarithm of its length.
    expect(Math.abs((sizes[1] ?? 0) - (sizes[0] ?? 0))).toBeLessThan(20)
    expect(sizes[0]).toBeLessThan(400)
    await core.close()
  })

  it('lets go of what a snapshot held once it is closed', async () => {
    const database = createMemoryDatabase()
    const core = new Hypercore(new CorestoreStorage(database))
    await core.append(['a', 'b'])
    const snapshot = core.snapshot()
    await snapshot.ready()
    const before = database._state.sessions.size
    await snapshot.close()
    expect(database._state.sessions.size).toBe(before - 1)
    await core.close()
    expect(database._state.sessions.size).toBe(0)
  })
})
