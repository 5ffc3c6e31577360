// What a stream costs after hours is what it cost at its beginning: counted, in rows and comparisons, as time tells little on a busy machine.
import Hypercore from 'hypercore'
import CorestoreStorage from 'hypercore-storage'
import { describe, expect, it } from 'vitest'
import { BTree } from './b-tree.ts'
import { createDatabase } from './database.ts'
import { MemoryRows } from './memory-rows.ts'
import type { RowRange, RowScan, RowSnapshot, RowWrite } from './row-store.ts'
import { Table } from './table.ts'

/** Rows in memory that count what is asked of them. */
class CountedRows extends MemoryRows {
  readonly asked = { written: 0, read: 0, scanned: 0, snapshots: 0 }

  override get(family: string, keys: readonly string[]): (Uint8Array | null)[] {
    this.asked.read += keys.length
    return super.get(family, keys)
  }

  override write(family: string, writes: readonly RowWrite[]): void {
    this.asked.written += writes.length
    super.write(family, writes)
  }

  override snapshot(): RowSnapshot {
    this.asked.snapshots++
    const { asked } = this
    const snapshot = super.snapshot()
    return {
      hold: () => snapshot.hold(),
      release: () => snapshot.release(),
      get(family, keys) {
        asked.read += keys.length
        return snapshot.get(family, keys)
      },
      scan(family: string, range: RowRange): RowScan {
        const scan = snapshot.scan(family, range)
        return {
          async next(count) {
            const rows = await scan.next(count)
            asked.scanned += rows.length
            return rows
          },
        }
      },
    }
  }
}

const windowBlocks = 100
const block = new Uint8Array(100)

describe('a live stream that is kept for a while', () => {
  it('asks as much of its storage for the three thousandth block as for the three hundredth', async () => {
    const rows = new CountedRows()
    const core = new Hypercore(new CorestoreStorage(createDatabase(rows)))
    await core.ready()
    /** What so many further blocks ask for: each is stored, read by somebody at the live edge, and goes when it is old. */
    const costOf = async (blocks: number): Promise<CountedRows['asked']> => {
      const before = { ...rows.asked }
      for (let count = 0; count < blocks; count++) {
        const { length } = await core.append(block)
        await core.get(length - 2)
        if (length > windowBlocks) await core.clear(length - windowBlocks - 1)
        if (length % 16 > 0) continue
        const snapshot = core.snapshot()
        await snapshot.get(length - 1)
        await snapshot.close()
      }
      const { written, read, scanned, snapshots } = rows.asked
      return {
        written: written - before.written,
        read: read - before.read,
        scanned: scanned - before.scanned,
        snapshots: snapshots - before.snapshots,
      }
    }
    await core.append([block, block])
    await costOf(254)
    const early = await costOf(256)
    await costOf(2304)
    const late = await costOf(256)
    expect(early.written).toBeGreaterThan(256)
    // Proofs grow with the logarithm of the length.
    for (const name of ['written', 'read', 'scanned', 'snapshots'] as const) {
      expect([name, late[name] <= early[name] * 1.2 + 16, early[name], late[name]]).toEqual([
        name,
        true,
        early[name],
        late[name],
      ])
    }
    await core.close()
  })
})

/** A part of the tree of sorted-btree. */
interface Node {
  readonly keys: readonly unknown[]
  readonly children?: readonly Node[]
}

const rootOf = (tree: object): Node => (tree as unknown as { _root: Node })._root
const partsOf = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(partsOf)]
const keyOf = (number: number): string => number.toString(36).padStart(6, '0')

describe('a table of many rows', () => {
  const open = (rows: number) => {
    let comparisons = 0
    const tree = new BTree<string, number>(
      undefined,
      (a, b) => {
        comparisons++
        return a < b ? -1 : a > b ? 1 : 0
      },
      64,
    )
    const table = new Table(tree)
    for (let row = 0; row < rows; row++) table.put(keyOf(row * 10), row)
    const count = (work: () => void): number => {
      comparisons = 0
      work()
      return comparisons
    }
    return { table, tree, count }
  }

  it('compares as many keys as there are levels, to write, to read, to delete and to delete a few of them', () => {
    for (const rows of [1000, 60_000]) {
      const { table, count } = open(rows)
      const middle = rows * 5
      const most = Math.max(
        count(() => table.put(keyOf(middle + 1), 0)),
        count(() => table.put(keyOf(rows * 10), 0)),
        count(() => table.get(keyOf(middle))),
        count(() => table.delete(keyOf(middle))),
        count(() => table.deleteRange(keyOf(middle + 100), keyOf(middle + 200))),
        count(() => table.deleteRange(keyOf(0), keyOf(100))),
      )
      expect([rows, most < 200, most]).toEqual([rows, true, most])
    }
  })

  it('copies a few parts of it for a write while a snapshot is held, and none for the snapshot', () => {
    const { table, tree } = open(60_000)
    const before = new Set(partsOf(rootOf(tree)))
    expect(before.size).toBeGreaterThan(900)
    const snapshot = table.snapshot()
    expect(partsOf(rootOf(tree)).filter((part) => !before.has(part))).toEqual([])
    table.put(keyOf(300_001), 7)
    table.delete(keyOf(100_000))
    table.deleteRange(keyOf(0), keyOf(50))
    const copied = partsOf(rootOf(tree)).filter((part) => !before.has(part))
    expect(copied.length).toBeGreaterThan(0)
    expect(copied.length).toBeLessThan(20)
    expect(Math.max(...copied.map(({ keys }) => keys.length))).toBeLessThanOrEqual(64)
    expect([snapshot.get(keyOf(300_001)), snapshot.get(keyOf(100_000))]).toEqual([undefined, 10_000])
  })
})
