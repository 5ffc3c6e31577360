import b4a from 'b4a'
import { expect, it, onTestFinished } from 'vitest'
import { openLog, SteppedLink } from '../../test/feed/memory-log.ts'
import { VirtualClock } from '../../test/live/virtual-clock.ts'
import { UploadBudget } from '../swarm/upload-budget.ts'
import { PacedReplication } from './paced-replication.ts'

const blocks = 40
const blockBytes = 1000
/** Two blocks a second. */
const bytesPerSecond = 2 * blockBytes

/** A writer that may send little, and peers that want all it has. */
async function paced({ readers = 1 } = {}) {
  const clock = new VirtualClock()
  const writer = await openLog()
  for (let index = 0; index < blocks; index++) await writer.log.append(b4a.alloc(blockBytes, index))
  const others = await Promise.all(Array.from({ length: readers }, () => openLog(writer.core.key)))
  const links = others.map(({ core }) => new SteppedLink(core, writer.core))
  let pace: PacedReplication | null = null
  onTestFinished(async () => {
    pace?.close()
    for (const link of links) link.destroy()
    for (const { close } of [...others, writer]) await close()
  })
  const exchange = async (trips: number): Promise<void> => {
    for (let trip = 0; trip < trips; trip++) for (const link of links) await link.exchange()
  }
  // They know how long the log is before anything is paced.
  const newest = others.map(({ core }) => core.get(blocks - 1))
  await exchange(6)
  await Promise.all(newest)
  const budget = new UploadBudget({ bytesPerSecond, now: () => clock.now() })
  pace = new PacedReplication(writer.core, budget, clock)
  /** Lets virtual time pass. */
  const pass = async (seconds: number): Promise<void> => {
    for (const end = clock.now() + seconds * 1000; clock.now() < end; ) {
      await clock.runUntil(clock.now() + 250)
      await exchange(1)
    }
  }
  return { writer, budget, readers: others, pass, exchange }
}

it('gives what is past no faster than it may, and all of it in the end', async () => {
  const { writer, readers, pass } = await paced()
  let sent = 0
  writer.core.on('upload', () => sent++)
  readers[0]?.core.download({ start: 0, end: blocks })
  const sentBy: number[] = []
  for (let second = 0; second < 22; second += 2) {
    await pass(2)
    sentBy.push(sent)
  }
  // What was saved up before, and one that is begun while there is something left.
  for (const [round, count] of sentBy.entries()) expect(count).toBeLessThanOrEqual(2 * 2 * (round + 1) + 3)
  expect(sent).toBe(blocks - 1)
  expect(readers[0]?.core.contiguousLength).toBe(blocks)
})

it('lets the live edge go first: what is past waits until that is paid for', async () => {
  const { budget, writer, readers, pass } = await paced()
  let sent = 0
  writer.core.on('upload', () => sent++)
  budget.spend(bytesPerSecond * 2)
  expect(budget.canPush).toBe(false)
  const got = readers[0]?.core.get(7)
  await pass(0.75)
  expect(sent).toBe(0)
  expect(budget.canPush).toBe(true)
  await pass(2)
  expect((await got)?.[0]).toBe(7)
})

it('gives a part of what it may to what is past, however much the live edge takes', async () => {
  const { budget, writer, readers, pass } = await paced()
  let sent = 0
  writer.core.on('upload', () => sent++)
  readers[0]?.core.download({ start: 0, end: blocks })
  for (let quarter = 0; quarter < 120; quarter++) {
    await pass(0.25)
    while (budget.canPush) budget.spend(blockBytes)
  }
  // One in the two seconds for which it waits and the one that has been borrowed, at the least.
  expect(sent).toBeGreaterThanOrEqual(8)
})

it('serves several in turn', async () => {
  const { readers, pass } = await paced({ readers: 4 })
  for (const { core } of readers) core.download({ start: 0, end: blocks })
  await pass(10)
  const has = readers.map(
    ({ core }) => Array.from({ length: blocks }, (_, at) => core.core.bitfield.get(at)).filter(Boolean).length,
  )
  expect(Math.max(...has) - Math.min(...has)).toBeLessThanOrEqual(2)
  expect(Math.min(...has)).toBeGreaterThan(2)
})

it('forgets what is asked for no longer', async () => {
  const { budget, writer, readers, pass, exchange } = await paced()
  let sent = 0
  writer.core.on('upload', () => sent++)
  budget.spend(bytesPerSecond * 4)
  const range = readers[0]?.core.download({ start: 0, end: blocks })
  await exchange(3)
  range?.destroy()
  await pass(40)
  expect(sent).toBeLessThan(blocks / 4)
})

it('turns away the requests of one peer beyond what it can hold', async () => {
  const { budget, writer, exchange } = await paced()
  const [peer] = writer.core.peers
  if (peer === undefined) throw new Error('no peer')
  budget.spend(bytesPerSecond * 100)
  const refused: number[] = []
  const { send } = peer.wireNoData
  Object.assign(peer.wireNoData, {
    send: (message: { request: number; reason: number }) => {
      refused.push(message.request)
      return send.call(peer.wireNoData, message)
    },
  })
  for (let id = 1; id <= 514; id++) {
    await peer.onrequest({ id, fork: 0, block: { index: 0, nodes: 0 }, hash: null, seek: null, upgrade: null } as never)
  }
  await exchange(1)
  expect(refused).toEqual([513, 514])
})
