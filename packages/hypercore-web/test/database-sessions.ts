/** What hypercore-storage relies on in its database: snapshots, sessions, and what waits while it is suspended. */
import b4a from 'b4a'
import { describe, expect, it } from 'vitest'
import type { Database } from '../src/index.ts'
import { type OpenedDatabase, rowsOf, textOf } from './opened-database.ts'

const closed = /session is closed/

export function testSessions(store: OpenedDatabase): void {
  const { fill, keysOf } = store

  describe('snapshot', () => {
    it('reads what was there when it was made', async () => {
      await fill('abcd')
      const snapshot = store.database.snapshot()
      await store.database.put('a', 'changed')
      await store.database.delete('b')
      await store.database.deleteRange('c', 'd')
      await store.database.put('e', 'new')
      expect((await rowsOf(snapshot)).map(textOf)).toEqual('abcd'.split('').map((key) => `${key}=value of ${key}`))
      expect(b4a.toString((await snapshot.get('a')) ?? b4a.alloc(0))).toBe('value of a')
      expect(await snapshot.get('e')).toBe(null)
      expect(await keysOf()).toBe('ade')
      await snapshot.close()
    })

    it('is what its sessions and its snapshots read', async () => {
      await fill('a')
      const snapshot = store.database.snapshot()
      await fill('b')
      const sessions = [snapshot.session(), snapshot.snapshot()]
      await snapshot.close()
      for (const session of sessions) {
        expect(session.snapshotted).toBe(true)
        expect(await keysOf({}, session)).toBe('a')
        await session.close()
      }
      expect(store.database.snapshotted).toBe(false)
      expect(await keysOf()).toBe('ab')
    })

    it('differs from one made later', async () => {
      const snapshots: Database[] = []
      for (const key of 'abc') {
        snapshots.push(store.database.snapshot())
        await fill(key)
      }
      expect(await Promise.all(snapshots.map((snapshot) => keysOf({}, snapshot)))).toEqual(['', 'a', 'ab'])
      for (const snapshot of snapshots) await snapshot.close()
    })

    it('passes writes on to the live rows', async () => {
      const snapshot = store.database.snapshot()
      const batch = snapshot.write({ autoDestroy: true })
      batch.tryPut('a', '1')
      await batch.flush()
      expect([await keysOf({}, snapshot), await keysOf()]).toEqual(['', 'a'])
      await snapshot.close()
    })
  })

  describe('session', () => {
    it('sees what others write, and closes alone', async () => {
      const one = store.database.session()
      const other = store.database.session()
      await one.put('a', '1')
      await one.close()
      expect([one.closed, other.closed, store.database.closed]).toEqual([true, false, false])
      expect(await keysOf({}, other)).toBe('a')
      await other.close()
    })

    it('does nothing once it is closed', async () => {
      const session = store.database.session()
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
      const session = store.database.session()
      const snapshot = store.database.snapshot()
      await store.database.close()
      await store.database.close()
      expect([session.closed, snapshot.closed, store.database.closed]).toEqual([true, true, true])
      await expect(session.get('a')).rejects.toThrow(closed)
    })

    it('answers reads and writes that were under way when the database was closed', async () => {
      await fill('a')
      const session = store.database.session()
      const write = session.put('b', '1')
      const read = session.get('a')
      await store.database.close()
      await write
      expect(b4a.toString((await read) ?? b4a.alloc(0))).toBe('value of a')
    })
  })

  describe('suspended', () => {
    it('holds back reads and writes until it is resumed', async () => {
      await fill('a')
      await store.database.suspend()
      const settled: string[] = []
      const requests = [
        store.database.get('a').then(() => settled.push('read')),
        store.database.put('b', '1').then(() => settled.push('write')),
        store.database.flush().then(() => settled.push('flush')),
        keysOf().then(() => settled.push('iterator')),
      ]
      await new Promise<void>((resolve) => setTimeout(resolve, 20))
      expect(settled).toEqual([])
      await store.database.resume()
      await Promise.all(requests)
      expect(await keysOf()).toBe('ab')
    })

    it('rejects what is held back when it is closed', async () => {
      await store.database.suspend()
      const requests = [
        expect(store.database.get('a')).rejects.toThrow('Batch is destroyed'),
        expect(store.database.put('b', '1')).rejects.toThrow('Batch is destroyed'),
        expect(store.database.flush()).rejects.toThrow(closed),
        expect(keysOf()).rejects.toThrow(closed),
      ]
      await store.storage.close()
      await Promise.all(requests)
    })
  })
}
