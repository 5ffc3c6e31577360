/** What hypercore-storage relies on in its database: rows, and how they are read in order. */
import b4a from 'b4a'
import { describe, expect, it } from 'vitest'
import type { Database, KeyRange, Row, RowStreamOptions } from '../src/index.ts'
import { type OpenedDatabase, patternOf, rowsOf } from './opened-database.ts'

export function testRows(store: OpenedDatabase): void {
  const { fill, keysOf } = store

  describe('rows', () => {
    it('gives back values of every size', async () => {
      for (const size of [0, 1, 40, 95, 96, 97, 4096, 70_000, 5_000_000]) {
        const value = patternOf(size)
        await store.database.put(b4a.from([size % 251]), value)
        expect(b4a.equals((await store.database.get(b4a.from([size % 251]))) ?? b4a.from('none'), value)).toBe(true)
      }
    })

    it('tells a missing key from an empty value', async () => {
      await store.database.put('empty', b4a.alloc(0))
      await store.database.put('null', null)
      expect(await store.database.get('missing')).toBe(null)
      expect((await store.database.get('empty'))?.byteLength).toBe(0)
      expect((await store.database.get('null'))?.byteLength).toBe(0)
    })

    it('takes text for its UTF-8 bytes', async () => {
      await store.database.put('kéy', 'välue')
      expect(b4a.toString((await store.database.get(b4a.from('kéy'))) ?? b4a.alloc(0))).toBe('välue')
    })

    it('overwrites, deletes, and deletes what is not there', async () => {
      await fill('abc')
      await store.database.put('b', 'other')
      await store.database.delete('c')
      await store.database.delete('x')
      expect(b4a.toString((await store.database.get('b')) ?? b4a.alloc(0))).toBe('other')
      expect(await keysOf()).toBe('ab')
    })

    it('deletes a range up to its end, which stays', async () => {
      await fill('abcdef')
      await store.database.deleteRange('b', 'd')
      await store.database.deleteRange('e', 'e')
      await store.database.deleteRange('x', 'z')
      expect(await keysOf()).toBe('adef')
    })

    it('shares no memory with who writes', async () => {
      for (const size of [8, 4096]) {
        const key = b4a.from('own')
        const value = patternOf(size)
        await store.database.put(key, value)
        key.fill(0)
        value.fill(0)
        expect(await store.database.get('own')).toEqual(patternOf(size))
      }
    })

    it('shares no memory with who reads', async () => {
      for (const size of [8, 4096]) {
        await store.database.put('own', patternOf(size))
        ;(await store.database.get('own'))?.fill(0)
        for (const row of await rowsOf(store.database)) row.value?.fill(0)
        for (const row of await rowsOf(store.database)) row.key.fill(0)
        expect(await store.database.get('own')).toEqual(patternOf(size))
      }
    })

    it('keeps column families apart', async () => {
      await fill('a')
      expect(await store.storage.db.closed).toBe(false)
      expect(await keysOf({}, store.storage.db as unknown as Database)).toBe('')
    })
  })

  describe('iterator', () => {
    it('gives rows in the order of their bytes', async () => {
      const keys = [[], [0], [0, 0], [0, 255], [1], [127], [128], [128, 0], [254, 255, 255], [255], [255, 0]]
        .map((bytes) => b4a.from(bytes))
        .concat(patternOf(200), patternOf(300))
      const batch = store.database.write({ autoDestroy: true })
      for (const key of [...keys].reverse()) batch.tryPut(key, key)
      await batch.flush()
      const sorted = keys.sort((a, b) => b4a.compare(a, b)).map((key) => b4a.toString(key, 'hex'))
      const found = (await rowsOf(store.database)).map(({ key }) => b4a.toString(key, 'hex'))
      expect(found).toEqual(sorted)
      const reversed = (await rowsOf(store.database, { reverse: true })).map(({ key }) => b4a.toString(key, 'hex'))
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
      const batch = store.database.write({ autoDestroy: true })
      for (let i = 0; i < 1000; i++) batch.tryPut(b4a.from([i >> 8, i & 255]), b4a.from(String(i)))
      await batch.flush()
      const rows = await rowsOf(store.database, { gte: b4a.from([0, 8]), lt: b4a.from([3, 0]) })
      expect(rows.map(({ value }) => Number(b4a.toString(value ?? b4a.alloc(0))))).toEqual(
        Array.from({ length: 760 }, (_, i) => i + 8),
      )
    })

    it('leaves values out where they are not wanted', async () => {
      await fill('a')
      expect((await rowsOf(store.database, { values: false })).map(({ value }) => value)).toEqual([null])
    })

    it('can be left early', async () => {
      await fill('abcdef')
      for await (const row of store.database.iterator({ gte: 'b' })) {
        expect(b4a.toString((row as Row).key)).toBe('b')
        break
      }
      expect(await keysOf()).toBe('abcdef')
    })

    it('peeks at the first row', async () => {
      await fill('abc')
      expect(b4a.toString((await store.database.peek({ gt: 'a' }))?.key ?? b4a.alloc(0))).toBe('b')
      expect(b4a.toString((await store.database.peek({ lt: 'c' }, { reverse: true }))?.key ?? b4a.alloc(0))).toBe('b')
      expect(await store.database.peek({ gt: 'c' })).toBe(null)
    })
  })
}
