/** What hypercore-storage relies on in its database. */
import b4a from 'b4a'
import type CorestoreStorage from 'hypercore-storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database, KeyRange, Row, RowStreamOptions } from '../src/index.ts'
import { databaseOf, type StorageKit, type StoragePlace } from './storage-kit.ts'

const closed = /session is closed/

export function testDatabase(kit: StorageKit): void {
  describe(`database of ${kit.name}`, () => {
    let place: StoragePlace
    let storage: CorestoreStorage
    let database: Database

    beforeEach(async () => {
      place = await kit.createPlace()
      storage = place.open()
      database = databaseOf(storage)
      await database.ready()
    })

    afterEach(async () => {
      await storage.close()
      await place.remove()
    })

    const fill = async (keys: string): Promise<void> => {
      const batch = database.write({ autoDestroy: true })
      for (const key of keys) batch.tryPut(b4a.from(key), b4a.from(`value of ${key}`))
      await batch.flush()
    }

    const keysOf = async (range: KeyRange & RowStreamOptions = {}, session: Database = database): Promise<string> => {
      let keys = ''
      for (const { key } of await rowsOf(session, range)) keys += b4a.toString(key)
      return keys
    }

    describe('rows', () => {
      it('gives back values of every size', async () => {
        for (const size of [0, 1, 40, 95, 96, 97, 4096, 70_000, 5_000_000]) {
          const value = patternOf(size)
          await database.put(b4a.from([size % 251]), value)
          expect(b4a.equals((await database.get(b4a.from([size % 251]))) ?? b4a.from('none'), value)).toBe(true)
        }
      })

      it('tells a missing key from an empty value', async () => {
        await database.put('empty', b4a.alloc(0))
        await database.put('null', null)
        expect(await database.get('missing')).toBe(null)
        expect((await database.get('empty'))?.byteLength).toBe(0)
        expect((await database.get('null'))?.byteLength).toBe(0)
      })

      it('takes text for its UTF-8 bytes', async () => {
        await database.put('kéy', 'välue')
        expect(b4a.toString((await database.get(b4a.from('kéy'))) ?? b4a.alloc(0))).toBe('välue')
      })

      it('overwrites, deletes, and deletes what is not there', async () => {
        await fill('abc')
        await database.put('b', 'other')
        await database.delete('c')
        await database.delete('x')
        expect(b4a.toString((await database.get('b')) ?? b4a.alloc(0))).toBe('other')
        expect(await keysOf()).toBe('ab')
      })

      it('deletes a range up to its end, which stays', async () => {
        await fill('abcdef')
        await database.deleteRange('b', 'd')
        await database.deleteRange('e', 'e')
        await database.deleteRange('x', 'z')
        expect(await keysOf()).toBe('adef')
      })

      it('shares no memory with who writes', async () => {
        for (const size of [8, 4096]) {
          const key = b4a.from('own')
          const value = patternOf(size)
          await database.put(key, value)
          key.fill(0)
          value.fill(0)
          expect(await database.get('own')).toEqual(patternOf(size))
        }
      })

      it('shares no memory with who reads', async () => {
        for (const size of [8, 4096]) {
          await database.put('own', patternOf(size))
          ;(await database.get('own'))?.fill(0)
          for (const row of await rowsOf(database)) row.value?.fill(0)
          for (const row of await rowsOf(database)) row.key.fill(0)
          expect(await database.get('own')).toEqual(patternOf(size))
        }
      })

      it('keeps column families apart', async () => {
        await fill('a')
        expect(await storage.db.closed).toBe(false)
        expect(await keysOf({}, storage.db as unknown as Database)).toBe('')
      })
    })

    describe('iterator', () => {
      it('gives rows in the order of their bytes', async () => {
        const keys = [[], [0], [0, 0], [0, 255], [1], [127], [128], [128, 0], [254, 255, 255], [255], [255, 0]]
          .map((bytes) => b4a.from(bytes))
          .concat(patternOf(200), patternOf(300))
        const batch = database.write({ autoDestroy: true })
        for (const key of [...keys].reverse()) batch.tryPut(key, key)
        await batch.flush()
        const sorted = keys.sort((a, b) => b4a.compare(a, b)).map((key) => b4a.toString(key, 'hex'))
        const found = (await rowsOf(database)).map(({ key }) => b4a.toString(key, 'hex'))
        expect(found).toEqual(sorted)
        const reversed = (await rowsOf(database, { reverse: true })).map(({ key }) => b4a.toString(key, 'hex'))
        expect(reversed).toEqual(sorted.reverse())
      })

      it.each<[KeyRange & RowStreamOptions, string]>([
        [{}, 'abcdef'],
        [{ gte: 'b', lt: 'e' }, 'bcd'],
        [{ gt: 'b', lte: 'e' }, 'cde'],
        [{ gte: 'bb', lt: 'dd' }, 'cd'],
        [{ gt: 'bb', lte: 'dd' }, 'cd'],
        [{ gte: 'c' }, 'cdef'],
        [{ lt: 'c' }, 'ab'],
        [{ gte: 'e', lt: 'b' }, ''],
        [{ gte: 'x' }, ''],
        [{ gte: '', lt: '' }, 'abcdef'],
        [{ limit: 0 }, ''],
        [{ limit: 2 }, 'ab'],
        [{ limit: -1 }, 'abcdef'],
        [{ limit: 100 }, 'abcdef'],
        [{ reverse: true }, 'fedcba'],
        [{ gte: 'b', lt: 'e', reverse: true }, 'dcb'],
        [{ gt: 'b', lte: 'e', reverse: true }, 'edc'],
        [{ gt: 'bb', lte: 'dd', reverse: true }, 'dc'],
        [{ gte: 'x', reverse: true }, ''],
        [{ lt: 'A', reverse: true }, ''],
        [{ lt: 'd', reverse: true, limit: 2 }, 'cb'],
      ])('reads %j as "%s"', async (range, keys) => {
        expect(await keysOf(range)).toBe('')
        await fill('abcdef')
        expect(await keysOf(range)).toBe(keys)
      })

      it('reads more rows than it hands over at once', async () => {
        const batch = database.write({ autoDestroy: true })
        for (let i = 0; i < 1000; i++) batch.tryPut(b4a.from([i >> 8, i & 255]), b4a.from(String(i)))
        await batch.flush()
        const rows = await rowsOf(database, { gte: b4a.from([0, 8]), lt: b4a.from([3, 0]) })
        expect(rows.map(({ value }) => Number(b4a.toString(value ?? b4a.alloc(0))))).toEqual(
          Array.from({ length: 760 }, (_, i) => i + 8),
        )
      })

      it('leaves values out where they are not wanted', async () => {
        await fill('a')
        expect((await rowsOf(database, { values: false })).map(({ value }) => value)).toEqual([null])
      })

      it('can be left early', async () => {
        await fill('abcdef')
        for await (const row of database.iterator({ gte: 'b' })) {
          expect(b4a.toString((row as Row).key)).toBe('b')
          break
        }
        expect(await keysOf()).toBe('abcdef')
      })

      it('peeks at the first row', async () => {
        await fill('abc')
        expect(b4a.toString((await database.peek({ gt: 'a' }))?.key ?? b4a.alloc(0))).toBe('b')
        expect(b4a.toString((await database.peek({ lt: 'c' }, { reverse: true }))?.key ?? b4a.alloc(0))).toBe('b')
        expect(await database.peek({ gt: 'c' })).toBe(null)
      })
    })

    describe('batch', () => {
      it('applies its writes in order', async () => {
        await fill('abc')
        const batch = database.write({ autoDestroy: true })
        batch.tryPut('b', '1')
        batch.tryDeleteRange('a', 'c')
        batch.tryPut('a', '2')
        batch.tryDelete('c')
        batch.tryPut('c', '3')
        await batch.flush()
        expect((await rowsOf(database)).map(textOf)).toEqual(['a=2', 'c=3'])
      })

      it('applies nothing where one write is impossible', async () => {
        await fill('abc')
        const batch = database.write({ autoDestroy: true })
        batch.tryPut('a', 'changed')
        batch.tryDelete('b')
        batch.tryDeleteRange('z', 'a')
        await expect(batch.flush()).rejects.toThrow('Batch was not applied')
        expect((await rowsOf(database)).map(textOf)).toEqual(['a=value of a', 'b=value of b', 'c=value of c'])
      })

      it('shows nothing of itself before it is flushed', async () => {
        const batch = database.write()
        batch.tryPut('a', '1')
        expect(await keysOf()).toBe('')
        await batch.flush()
        expect(await keysOf()).toBe('a')
        batch.destroy()
      })

      it('tells each write how it went', async () => {
        const batch = database.write({ autoDestroy: true })
        const writes = [batch.put('a', '1'), batch.delete('b'), batch.deleteRange('c', 'd')]
        batch.tryFlush()
        await Promise.all(writes)
        expect(await keysOf()).toBe('a')
      })

      it('can be used again after a flush', async () => {
        const batch = database.write()
        batch.tryPut('a', '1')
        await batch.flush()
        batch.tryPut('b', '2')
        await batch.flush()
        batch.destroy()
        expect(await keysOf()).toBe('ab')
      })

      it('takes nothing while it is flushed', async () => {
        const batch = database.write()
        batch.tryPut('a', '1')
        const flushed = batch.flush()
        expect(() => batch.tryPut('b', '2')).toThrow('Request already in progress')
        expect(() => batch.tryFlush()).toThrow('Request in progress')
        expect(() => batch.destroy()).toThrow('Request in progress')
        await expect(batch.flush()).rejects.toThrow('Request in progress')
        await flushed
        batch.destroy()
        expect(await keysOf()).toBe('a')
      })

      it('rejects reads that it was destroyed with', async () => {
        const batch = database.read()
        const read = batch.get('a')
        batch.destroy()
        await expect(read).rejects.toThrow('Batch is destroyed')
        expect(() => batch.tryFlush()).toThrow('Batch is destroyed')
      })

      it('reads several keys', async () => {
        await fill('abc')
        const batch = database.read({ autoDestroy: true })
        const reads = ['c', 'x', 'a'].map((key) => batch.get(key))
        await batch.flush()
        expect((await Promise.all(reads)).map((value) => value && b4a.toString(value))).toEqual([
          'value of c',
          null,
          'value of a',
        ])
      })
    })

    describe('snapshot', () => {
      it('reads what was there when it was made', async () => {
        await fill('abcd')
        const snapshot = database.snapshot()
        await database.put('a', 'changed')
        await database.delete('b')
        await database.deleteRange('c', 'd')
        await database.put('e', 'new')
        expect((await rowsOf(snapshot)).map(textOf)).toEqual('abcd'.split('').map((key) => `${key}=value of ${key}`))
        expect(b4a.toString((await snapshot.get('a')) ?? b4a.alloc(0))).toBe('value of a')
        expect(await snapshot.get('e')).toBe(null)
        expect(await keysOf()).toBe('ade')
        await snapshot.close()
      })

      it('is what its sessions and its snapshots read', async () => {
        await fill('a')
        const snapshot = database.snapshot()
        await fill('b')
        const sessions = [snapshot.session(), snapshot.snapshot()]
        await snapshot.close()
        for (const session of sessions) {
          expect(session.snapshotted).toBe(true)
          expect(await keysOf({}, session)).toBe('a')
          await session.close()
        }
        expect(database.snapshotted).toBe(false)
        expect(await keysOf()).toBe('ab')
      })

      it('differs from one made later', async () => {
        const snapshots: Database[] = []
        for (const key of 'abc') {
          snapshots.push(database.snapshot())
          await fill(key)
        }
        expect(await Promise.all(snapshots.map((snapshot) => keysOf({}, snapshot)))).toEqual(['', 'a', 'ab'])
        for (const snapshot of snapshots) await snapshot.close()
      })

      it('passes writes on to the live rows', async () => {
        const snapshot = database.snapshot()
        const batch = snapshot.write({ autoDestroy: true })
        batch.tryPut('a', '1')
        await batch.flush()
        expect([await keysOf({}, snapshot), await keysOf()]).toEqual(['', 'a'])
        await snapshot.close()
      })
    })

    describe('session', () => {
      it('sees what others write, and closes alone', async () => {
        const one = database.session()
        const other = database.session()
        await one.put('a', '1')
        await one.close()
        expect([one.closed, other.closed, database.closed]).toEqual([true, false, false])
        expect(await keysOf({}, other)).toBe('a')
        await other.close()
      })

      it('does nothing once it is closed', async () => {
        const session = database.session()
        await session.close()
        await session.close()
        expect(() => session.read()).toThrow(closed)
        expect(() => session.write()).toThrow(closed)
        expect(() => session.iterator()).toThrow(closed)
        expect(() => session.session()).toThrow(closed)
        expect(() => session.snapshot()).toThrow(closed)
        await expect(session.get('a')).rejects.toThrow(closed)
        await expect(session.put('a', '1')).rejects.toThrow(closed)
      })

      it('is closed with the database', async () => {
        const session = database.session()
        const snapshot = database.snapshot()
        await database.close()
        await database.close()
        expect([session.closed, snapshot.closed, database.closed]).toEqual([true, true, true])
        await expect(session.get('a')).rejects.toThrow(closed)
      })

      it('answers reads and writes that were under way when the database was closed', async () => {
        await fill('a')
        const session = database.session()
        const write = session.put('b', '1')
        const read = session.get('a')
        await database.close()
        await write
        expect(b4a.toString((await read) ?? b4a.alloc(0))).toBe('value of a')
      })
    })

    describe('suspended', () => {
      it('holds back reads and writes until it is resumed', async () => {
        await fill('a')
        await database.suspend()
        const settled: string[] = []
        const requests = [
          database.get('a').then(() => settled.push('read')),
          database.put('b', '1').then(() => settled.push('write')),
          database.flush().then(() => settled.push('flush')),
          keysOf().then(() => settled.push('iterator')),
        ]
        await new Promise<void>((resolve) => setTimeout(resolve, 20))
        expect(settled).toEqual([])
        await database.resume()
        await Promise.all(requests)
        expect(await keysOf()).toBe('ab')
      })

      it('rejects what is held back when it is closed', async () => {
        await database.suspend()
        const requests = [
          expect(database.get('a')).rejects.toThrow('Batch is destroyed'),
          expect(database.put('b', '1')).rejects.toThrow('Batch is destroyed'),
          expect(database.flush()).rejects.toThrow(closed),
          expect(keysOf()).rejects.toThrow(closed),
        ]
        await storage.close()
        await Promise.all(requests)
      })
    })
  })
}

async function rowsOf(database: Database, range: KeyRange & RowStreamOptions = {}): Promise<Row[]> {
  const rows: Row[] = []
  for await (const row of database.iterator(range)) rows.push(row as Row)
  return rows
}

function textOf({ key, value }: Row): string {
  return `${b4a.toString(key)}=${value === null ? 'null' : b4a.toString(value)}`
}

/** Bytes of every value. */
function patternOf(size: number): Uint8Array {
  const bytes = b4a.alloc(size)
  for (let i = 0; i < size; i++) bytes[i] = (i * 7 + size) % 256
  return bytes
}
