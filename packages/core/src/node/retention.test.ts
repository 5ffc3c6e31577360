// What a node keeps while a channel grows, on hypercores in memory.
import type Hypercore from 'hypercore'
import { expect, it, onTestFinished } from 'vitest'
import { openLog } from '../../test/feed/memory-log.ts'
import { SimulatedChannel } from '../../test/feed/simulated-channel.ts'
import type { Retain } from '../feed/cutoff.ts'
import { readFeedBlock } from '../feed/feed-block.ts'
import { FeedReader } from '../feed/feed-reader.ts'
import { FeedWriter } from '../feed/feed-writer.ts'
import { KeptBlocks } from '../replication/kept-blocks.ts'
import { ChannelSecrets } from '../sealing/channel-secrets.ts'
import { SealingLog } from '../sealing/sealing-log.ts'
import { SecretRecord } from '../storage/secret-record.ts'
import { StoredBlocks } from '../storage/stored-blocks.ts'
import { type ReadingStretch, Retention } from './retention.ts'

const never = new AbortController().signal
/** Two seconds; a sweep comes every 128 blocks at the latest. */
const keyBlocks = 20
const sweepBlocks = 128

async function open(blocksPerEpoch = 100_000) {
  const { core, log, close } = await openLog()
  onTestFinished(close)
  const channel = await SimulatedChannel.open(log, { blockBytes: 1000, blocksPerEpoch })
  const grow = async (blocks: number): Promise<void> => {
    for (let block = 0; block < blocks; block++) await channel.append()
  }
  return { core, log, grow }
}

async function keep(
  core: Hypercore,
  retain: Retain,
  reading: () => ReadingStretch | null = () => null,
  now: () => number = () => 0,
) {
  const failures: unknown[] = []
  const retention = new Retention({
    core,
    stored: new StoredBlocks(core, 'memory'),
    kept: new KeptBlocks(core, { isOpen: () => true, isSource: () => true }),
    retain,
    now,
    reading,
    onfailure: (error) => failures.push(error),
  })
  onTestFinished(async () => {
    await retention.close()
    expect(failures).toEqual([])
  })
  await retention.settled()
  return retention
}

/** Stretches of stored blocks, each with its end excluded. */
function kept(core: Hypercore): [start: number, end: number][] {
  const { bitfield } = core.core
  const stretches: [number, number][] = []
  for (
    let start = bitfield.findFirst(true, 0);
    start >= 0;
    start = bitfield.findFirst(true, stretches.at(-1)?.[1] ?? 0)
  ) {
    stretches.push([start, bitfield.findFirst(false, start)])
  }
  return stretches
}

it('keeps the last seconds from a keyframe on, and the init block that they need', async () => {
  const { core, log, grow } = await open()
  const retention = await keep(core, { seconds: 30 })
  await grow(1500)
  await retention.settled()
  const [init, rest] = kept(core)
  expect(init).toEqual([0, 1])
  const [start = 0, end] = rest ?? []
  expect(end).toBe(core.length)
  expect(core.length - start).toBeGreaterThanOrEqual(300)
  expect(core.length - start).toBeLessThanOrEqual(300 + keyBlocks + 2 * sweepBlocks)
  expect(readFeedBlock(await log.read(start), start)).toMatchObject({ kind: 'cluster', index: { key: true } })
})

it('keeps bytes that are few, and no more of them the longer it lasts', async () => {
  const { core, grow } = await open()
  const retention = await keep(core, { bytes: 200_000 })
  for (let round = 0; round < 3; round++) {
    await grow(700)
    await retention.settled()
    const [start = 0] = kept(core).at(-1) ?? []
    expect(core.length - start).toBeGreaterThanOrEqual(199)
    expect(core.length - start).toBeLessThanOrEqual(200 + keyBlocks + 2 * sweepBlocks)
  }
})

it('keeps what the stricter of both allows', async () => {
  const { core, grow } = await open()
  await grow(2000)
  await keep(core, { seconds: 100, bytes: 300_000 })
  expect(core.length - (kept(core).at(-1)?.[0] ?? 0)).toBeLessThan(330)
})

it('deletes the init block of an epoch with its last block, and not before', async () => {
  const { core, grow } = await open(300)
  const retention = await keep(core, { seconds: 15 })
  for (let blocks = 0; blocks < 900; blocks += 50) {
    await grow(50)
    await retention.settled()
    const needed = new Set<number>()
    for (const [start, end] of kept(core)) {
      for (let number = start; number < end; number++) {
        const { kind, index } = readFeedBlock((await core.get(number)) ?? new Uint8Array(), number)
        if (kind === 'cluster') needed.add(number - index.initDistance)
      }
    }
    for (const init of needed) expect(core.core.bitfield.get(init)).toBe(true)
    expect(kept(core).length).toBeLessThanOrEqual(2)
  }
})

it('does not delete what is being read far from the live edge', async () => {
  const { core, grow } = await open()
  await grow(2000)
  let reading: ReadingStretch | null = { init: 0, start: 1000, end: 1300 }
  const retention = await keep(core, { seconds: 30 }, () => reading)
  expect(kept(core).slice(0, 2)).toEqual([
    [0, 1],
    [1000, 1300],
  ])
  reading = null
  await grow(sweepBlocks)
  await retention.settled()
  expect(kept(core)).toHaveLength(2)
})

it('deletes at once what an earlier session was to keep, and a writer goes on from what is left', async () => {
  const { core, log, grow } = await open()
  await grow(2000)
  await keep(core, { seconds: 10 })
  expect(kept(core)[1]?.[0]).toBeGreaterThan(1800)
  const writer = await FeedWriter.open(log, {})
  expect(writer.anchorMs).toBe(Date.UTC(2026, 0, 1))
})

it('keeps the blocks that came in the last seconds where they are encrypted, without the secret', async () => {
  const { core, log, close } = await openLog()
  onTestFinished(close)
  const record = new SecretRecord(core, undefined)
  const options = { channelKey: core.key, isPrivate: true, isEmpty: true, storageName: 'The storage' }
  const secrets = await ChannelSecrets.open({ record, ...options })
  if (secrets === null) throw new Error('no secrets')
  const sealing = new SealingLog(log, secrets)
  const channel = await SimulatedChannel.open(sealing, { blockBytes: 1000, blocksPerEpoch: 100_000 })
  let now = 0
  const retention = await keep(
    core,
    { seconds: 30 },
    () => null,
    () => now,
  )
  for (let blocks = 0; blocks < 1500; blocks++) {
    await channel.append()
    now += 100
    if (blocks % sweepBlocks === 0) await retention.settled()
  }
  await retention.settled()
  const [init, rest] = kept(core)
  expect(init).toEqual([0, 1])
  expect(core.length - (rest?.[0] ?? 0)).toBeGreaterThanOrEqual(300)
  expect(core.length - (rest?.[0] ?? 0)).toBeLessThanOrEqual(300 + keyBlocks + 3 * sweepBlocks)
})

it('leaves a timeline whose oldest moment can be sought', async () => {
  const { core, log, grow } = await open(500)
  const retention = await keep(core, { seconds: 60 })
  await grow(1150)
  await retention.settled()
  // No peer is waited for that may still be fetching the beginning.
  log.deletions = { isDeleted: () => true }
  const reader = new FeedReader(log)
  const { epochs, isWhole } = await reader.timeline(never)
  expect(isWhole).toBe(false)
  expect(epochs.map((epoch) => epoch.isWhole)).toEqual([false, true])
  await reader.seek('start', never)
  expect(reader.position).toBe(epochs[0]?.firstBlock)
  await reader.seek({ secondsAgo: 1e6 }, never)
  expect(reader.position).toBe(epochs[0]?.firstBlock)
})
