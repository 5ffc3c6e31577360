/** What hypercore-storage relies on in its database: reads and writes that are done in one go. */
import b4a from 'b4a'
import { describe, expect, it } from 'vitest'
import { type OpenedDatabase, rowsOf, textOf } from './opened-database.ts'

export function testBatches(store: OpenedDatabase): void {
  const { fill, keysOf } = store

  describe('batch', () => {
    it('applies its writes in order', async () => {
      await fill('abc')
      const batch = store.database.write({ autoDestroy: true })
      batch.tryPut('b', '1')
      batch.tryDeleteRange('a', 'c')
      batch.tryPut('a', '2')
      batch.tryDelete('c')
      batch.tryPut('c', '3')
      await batch.flush()
      expect((await rowsOf(store.database)).map(textOf)).toEqual(['a=2', 'c=3'])
    })

    it('applies nothing where one write is impossible', async () => {
      await fill('abc')
      const batch = store.database.write({ autoDestroy: true })
      batch.tryPut('a', 'changed')
      batch.tryDelete('b')
      batch.tryDeleteRange('z', 'a')
      await expect(batch.flush()).rejects.toThrow('Batch was not applied')
      expect((await rowsOf(store.database)).map(textOf)).toEqual(['a=value of a', 'b=value of b', 'c=value of c'])
    })

    it('shows nothing of itself before it is flushed', async () => {
      const batch = store.database.write()
      batch.tryPut('a', '1')
      expect(await keysOf()).toBe('')
      await batch.flush()
      expect(await keysOf()).toBe('a')
      batch.destroy()
    })

    it('tells each write how it went', async () => {
      const batch = store.database.write({ autoDestroy: true })
      const writes = [batch.put('a', '1'), batch.delete('b'), batch.deleteRange('c', 'd')]
      batch.tryFlush()
      await Promise.all(writes)
      expect(await keysOf()).toBe('a')
    })

    it('can be used again after a flush', async () => {
      const batch = store.database.write()
      batch.tryPut('a', '1')
      await batch.flush()
      batch.tryPut('b', '2')
      await batch.flush()
      batch.destroy()
      expect(await keysOf()).toBe('ab')
    })

    it('takes nothing while it is flushed', async () => {
      const batch = store.database.write()
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
      const batch = store.database.read()
      const read = batch.get('a')
      batch.destroy()
      await expect(read).rejects.toThrow('Batch is destroyed')
      expect(() => batch.tryFlush()).toThrow('Batch is destroyed')
    })

    it('reads several keys', async () => {
      await fill('abc')
      const batch = store.database.read({ autoDestroy: true })
      const reads = ['c', 'x', 'a'].map((key) => batch.get(key))
      await batch.flush()
      expect((await Promise.all(reads)).map((value) => value && b4a.toString(value))).toEqual([
        'value of c',
        null,
        'value of a',
      ])
    })
  })
}
