// A channel that lasts: a day of live by an injected clock, with retention, hour by hour. What is kept must not grow, whatever came before.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type Hypercore from 'hypercore'
import type { Retain } from '../../packages/core/src/feed/cutoff.ts'
import { Retention } from '../../packages/core/src/node/retention.ts'
import { KeptBlocks } from '../../packages/core/src/replication/kept-blocks.ts'
import { HypercoreLog } from '../../packages/core/src/storage/hypercore-log.ts'
import { openCore } from '../../packages/core/src/storage/open-core.ts'
import { StoredBlocks } from '../../packages/core/src/storage/stored-blocks.ts'
import { TreePruner } from '../../packages/core/src/storage/tree-pruner.ts'
import { blockMs, SimulatedChannel } from '../../packages/core/test/feed/simulated-channel.ts'
import type { Bench, BenchRunOptions, Row } from '../bench.ts'
import { heapMB } from '../heap.ts'
import { percentile } from '../statistics.ts'
import { cycleConnections, cyclesName } from './cycles.ts'
import { bytesIn } from './disk-use.ts'
import { realTimeName, soakRealTime } from './real-time.ts'

/** Half a megabit per second. */
const blockBytes = 6250
/** The source begins anew every five hours. */
const blocksPerEpoch = (5 * 3_600_000) / blockMs
/** A quick run has hours of five minutes, and keeps as much less. */
const quickPart = 12

interface Case {
  readonly name: string
  readonly isInFolder: boolean
  readonly retain: Retain
  /** Deletes with hypercore's own `clear()` alone, as a rival. */
  readonly isBare: boolean
}

const cases: readonly Case[] = [
  { name: 'memory, as in a page, 300 s kept', isInFolder: false, retain: { seconds: 300 }, isBare: false },
  { name: 'folder, 1 h kept', isInFolder: true, retain: { seconds: 3600 }, isBare: false },
  { name: 'folder, 100 MB kept', isInFolder: true, retain: { bytes: 100_000_000 }, isBare: false },
  { name: 'folder, 1 h kept by clear() alone', isInFolder: true, retain: { seconds: 3600 }, isBare: true },
]

const remainsName = 'blocks of 100 bytes in a folder, compacted'

export const bench: Bench = {
  name: 'soak',
  title:
    'A channel of 24 hours in blocks of 100 ms (6250 bytes) by an injected clock, with retention, hour by hour; 30 real minutes of a swarm; peers that come and go',

  async run({ quick, wants, log, signal }: BenchRunOptions): Promise<readonly Row[]> {
    const rows: Row[] = []
    if (wants(remainsName)) {
      log(remainsName)
      rows.push(...(await inFolder((folder) => measureRemains(folder, quick ? 50_000 : 1_000_000))))
    }
    if (wants(cyclesName)) rows.push(...(await cycleConnections(quick, log, signal)))
    if (wants(realTimeName)) rows.push(...(await inFolder((folder) => soakRealTime(folder, quick, log, signal))))
    for (const one of cases) {
      if (!wants(one.name)) continue
      const run = (folder?: string): Promise<Row[]> => soak(one, folder, quick, log, signal)
      rows.push(...(await (one.isInFolder ? inFolder(run) : run())))
    }
    return rows
  },
}

async function inFolder<Result>(run: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'hypervision-soak-'))
  try {
    return await run(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What is on disk of many small blocks, compacted: as they are, when all but a thousand are cleared, and when their tree is pruned too. */
async function measureRemains(folder: string, blocks: number): Promise<Row[]> {
  const core = await openCore({ storage: folder })
  const kept = 1000
  const steps: readonly [name: string, step: () => Promise<unknown>][] = [
    ['stored', () => appendMany(core, blocks)],
    [`all but ${kept} cleared by clear()`, () => core.clear(0, blocks - kept)],
    ['and their tree nodes pruned', () => new TreePruner(core).prune(blocks - kept, [])],
  ]
  const rows: Row[] = []
  for (const [name, step] of steps) {
    await step()
    await core.core.state.storage.store.db.flush()
    await core.core.state.storage.compact()
    rows.push({
      case: `${remainsName}: ${name}`,
      blocks,
      keptBlocks: core.core.bitfield.countSet(0, blocks),
      treeNodes: await countNodes(core),
      diskMB: (await bytesIn(folder)) / 1e6,
    })
  }
  await core.close()
  return rows
}

async function appendMany(core: Hypercore, blocks: number): Promise<void> {
  const batch = Array.from({ length: 1000 }, (_, at) => new Uint8Array(100).fill(at & 255))
  for (let appended = 0; appended < blocks; appended += batch.length) await core.append(batch)
}

async function soak(
  { name, retain: whole, isBare }: Case,
  folder: string | undefined,
  quick: boolean,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<Row[]> {
  const retain = quick ? partOf(whole) : whole
  const core = await openCore({ storage: folder })
  const feed = new HypercoreLog(core, folder)
  const keeping = isBare ? clearAlone(core, retain) : keep(core, folder, retain)
  const channel = await SimulatedChannel.open(feed, { blockBytes, blocksPerEpoch })
  const hours = quick ? 4 : 24
  const blocksPerHour = 3_600_000 / blockMs / (quick ? quickPart : 1)
  const rows: Row[] = []
  for (let hour = 1; hour <= hours; hour++) {
    const micros: number[] = []
    for (let block = 0; block < blocksPerHour; block++) {
      signal.throwIfAborted()
      const start = process.hrtime.bigint()
      await channel.append()
      micros.push(Number(process.hrtime.bigint() - start) / 1000)
    }
    await keeping.settled()
    const row = {
      case: `${name}, ${quick ? 'short ' : ''}hour ${hour}`,
      blocks: core.length,
      keptBlocks: core.core.bitfield.countSet(0, core.length),
      treeNodes: await countNodes(core),
      diskMB: folder === undefined ? null : (await bytesIn(folder)) / 1e6,
      heapMB: await heapMB(),
      rssMB: Math.round(process.memoryUsage().rss / 1e6),
      appendP50Us: percentile(micros, 0.5),
      appendP99Us: percentile(micros, 0.99),
      appendMaxMs: micros.reduce((most, one) => Math.max(most, one), 0) / 1000,
    }
    rows.push(row)
    log(JSON.stringify(row))
  }
  await keeping.close()
  feed.close()
  await core.close()
  return rows
}

function partOf({ seconds, bytes }: Retain): Retain {
  return {
    ...(seconds === undefined ? {} : { seconds: seconds / quickPart }),
    ...(bytes === undefined ? {} : { bytes: bytes / quickPart }),
  }
}

/** What deletes, and how to wait for it. */
interface Keeping {
  settled(): Promise<void>
  close(): Promise<void>
}

function keep(core: Hypercore, folder: string | undefined, retain: Retain): Keeping {
  const failures: unknown[] = []
  const retention = new Retention({
    core,
    stored: new StoredBlocks(core, folder === undefined ? 'memory' : 'folder'),
    kept: new KeptBlocks(core, { isOpen: () => true, isSource: () => false }),
    retain,
    now: () => performance.now(),
    reading: () => null,
    onfailure: (error) => failures.push(error),
  })
  return {
    async settled() {
      await retention.settled()
      if (failures.length > 0) throw failures[0]
    },
    close: () => retention.close(),
  }
}

/** What an application would write that knows of hypercore only. */
function clearAlone(core: Hypercore, { seconds = 0 }: Retain): Keeping {
  const keptBlocks = (seconds * 1000) / blockMs
  let cleared = 1
  let clearing = Promise.resolve()
  const onappend = (): void => {
    const end = core.length - keptBlocks
    if (end < cleared + 128) return
    const start = cleared
    cleared = end
    clearing = clearing.then(async () => void (await core.clear(start, end)))
  }
  core.on('append', onappend)
  return {
    settled: () => clearing,
    close() {
      core.off('append', onappend)
      return clearing
    },
  }
}

async function countNodes(core: Hypercore): Promise<number> {
  let count = 0
  for await (const _node of core.core.state.storage.createTreeNodeStream()) count++
  return count
}
