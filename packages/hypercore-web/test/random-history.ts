/** Any history of writes and snapshots gives the rows that a plain sorted list gives. */
import b4a from 'b4a'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Database, Row } from '../src/index.ts'
import { databaseOf, type StorageKit } from './storage-kit.ts'

type Write =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'delete'; readonly key: string }
  | { readonly type: 'deleteRange'; readonly start: string; readonly end: string }

type Step = { readonly batch: readonly Write[]; readonly snapshot: boolean }

/** Few letters, so that keys collide and ranges meet. */
const key = fc.string({ unit: fc.constantFrom('\0', 'a', 'b', '\x7f'), maxLength: 4 })
const write: fc.Arbitrary<Write> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('put' as const), key, value: fc.string({ maxLength: 200 }) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('delete' as const), key }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(key, key)
      .map((ends) => ends.sort())
      .map(([start, end]) => ({ type: 'deleteRange' as const, start, end })),
  },
)
const step: fc.Arbitrary<Step> = fc.record({ batch: fc.array(write, { maxLength: 60 }), snapshot: fc.boolean() })

export function testRandomHistories(kit: StorageKit, numRuns: number): void {
  describe(`any history in ${kit.name}`, () => {
    it('leaves the rows, and in each snapshot the rows, that a sorted list would have', async () => {
      const place = await kit.createPlace()
      const storage = place.open()
      const database = databaseOf(storage)
      const history = fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        await database.deleteRange('', '\xff')
        const snapshots: { session: Database; rows: string[] }[] = []
        const model = new Map<string, string>()
        for (const { batch, snapshot } of steps) {
          const writes = database.write({ autoDestroy: true })
          for (const one of batch) {
            if (one.type === 'put') writes.tryPut(one.key, one.value)
            else if (one.type === 'delete') writes.tryDelete(one.key)
            else writes.tryDeleteRange(one.start, one.end)
            applyTo(model, one)
          }
          await writes.flush()
          expect(await rowsOf(database)).toEqual(modelRows(model))
          if (snapshot) snapshots.push({ session: database.snapshot(), rows: modelRows(model) })
        }
        for (const { session, rows } of snapshots) {
          expect(await rowsOf(session)).toEqual(rows)
          expect(await rowsOf(session, true)).toEqual(rows.reverse())
          await session.close()
        }
      })
      try {
        await fc.assert(history, { numRuns })
      } finally {
        await storage.close()
        await place.remove()
      }
    })
  })
}

function applyTo(model: Map<string, string>, write: Write): void {
  if (write.type === 'put') model.set(write.key, write.value)
  else if (write.type === 'delete') model.delete(write.key)
  else for (const key of [...model.keys()]) if (key >= write.start && key < write.end) model.delete(key)
}

function modelRows(model: ReadonlyMap<string, string>): string[] {
  return [...model].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `${key}=${value}`)
}

async function rowsOf(database: Database, reverse = false): Promise<string[]> {
  const rows: string[] = []
  for await (const row of database.iterator({ reverse })) {
    const { key, value } = row as Row
    rows.push(`${b4a.toString(key)}=${b4a.toString(value ?? b4a.alloc(0))}`)
  }
  return rows
}
