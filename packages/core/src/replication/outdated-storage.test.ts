import b4a from 'b4a'
import type Hypercore from 'hypercore'
import type { HypercorePeer } from 'hypercore'
import { expect, it, onTestFinished, vi } from 'vitest'
import { openLog, SteppedLink } from '../../test/feed/memory-log.ts'
import { lengthenFrom } from '../storage/lengthen-from.ts'
import { StoredBlocks } from '../storage/stored-blocks.ts'
import { TreePruner } from '../storage/tree-pruner.ts'
import { UploadBudget } from '../swarm/upload-budget.ts'
import { ChannelReplication } from './channel-replication.ts'
import { answerLongAbsence, LongAbsence } from './outdated-storage.ts'

const laterBlocks = 9000

async function opened(key?: Uint8Array): Promise<Hypercore> {
  const { core, close } = await openLog(key)
  onTestFinished(close)
  return core
}

const blocks = (count: number) => Array.from({ length: count }, (_, number) => b4a.from([number & 255]))

function connect(here: Hypercore, there: Hypercore): SteppedLink {
  const link = new SteppedLink(here, there)
  onTestFinished(() => link.destroy())
  return link
}

async function exchange(link: SteppedLink, trips: number): Promise<void> {
  for (let trip = 0; trip < trips; trip++) await link.exchange()
}

/** Fetches blocks over a link of its own. */
async function fetch(reader: Hypercore, from: Hypercore, numbers: readonly number[]): Promise<(Uint8Array | null)[]> {
  const link = connect(reader, from)
  await exchange(link, 4)
  let isDone = false
  const values = Promise.all(numbers.map((number) => reader.get(number))).finally(() => {
    isDone = true
  })
  while (!isDone) await link.exchange()
  link.destroy()
  return values
}

interface Absence {
  readonly length: number
  /** Whether the reader's disk is full by then. */
  readonly isFull?: boolean
  /** What the broadcaster does to its tree meanwhile. */
  forget(writer: Hypercore): Promise<void>
  readonly isSource?: boolean
}

/** A reader of the first blocks of a channel, who comes back much later. */
async function comeBack({ length, forget, isSource = true, isFull = false }: Absence) {
  const writer = await opened()
  answerLongAbsence(writer)
  await writer.append(blocks(length))
  const reader = await opened(writer.key)
  await fetch(reader, writer, [length - 1, 200, 10])
  await writer.append(blocks(laterBlocks))
  await forget(writer)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const [onoutdated, onfailure] = [vi.fn(), vi.fn()]
  if (isFull) vi.spyOn(reader, 'clear').mockRejectedValue(new Error('Batch was not applied: No space left on device'))
  const absence = new LongAbsence(reader, {
    isSource: () => isSource,
    isSilent: () => false,
    onoutdated,
    onfailure,
  })
  onTestFinished(() => absence.close())
  const link = connect(reader, writer)
  await exchange(link, 5)
  const lengthBefore = reader.length
  await vi.advanceTimersByTimeAsync(15_000)
  vi.useRealTimers()
  await exchange(link, 5)
  return { writer, reader, link, onoutdated, onfailure, lengthBefore }
}

async function prune(writer: Hypercore): Promise<void> {
  await new StoredBlocks(writer, 'memory').deleteBelow(laterBlocks, [])
  await new TreePruner(writer).prune(laterBlocks, [])
  forgetLatelyRead(writer)
}

/** All of the tree below a block, as no broadcaster does it. */
async function uproot(writer: Hypercore): Promise<void> {
  const { storage } = writer.core.state
  const batch = storage.write()
  batch.deleteTreeNodeRange(0, 4000)
  await batch.flush()
  forgetLatelyRead(writer)
}

/** Nodes that were read lately are held in memory as well. */
function forgetLatelyRead(core: Hypercore): void {
  const held: { clear(): void } = Reflect.get(core.core.state.storage, 'treeCache')
  held.clear()
}

it('goes on from the last landmark that is stored, with all that is stored up to there', async () => {
  const { reader, writer, link, onoutdated, lengthBefore } = await comeBack({ length: 300, forget: prune })
  expect([lengthBefore, reader.length]).toEqual([300, 300 + laterBlocks])
  const newest = reader.get(9200)
  await exchange(link, 3)
  expect(await newest).toEqual(b4a.from([(9200 - 300) & 255]))
  expect(await Promise.all([10, 200, 299].map((number) => reader.has(number)))).toEqual([true, true, false])
  expect(onoutdated).not.toHaveBeenCalled()
  link.destroy()

  // It proves to others what it has kept, and follows what comes.
  const other = await opened(writer.key)
  expect(await fetch(other, reader, [200, 9200])).toEqual([b4a.from([200]), b4a.from([(9200 - 300) & 255])])
  await writer.append(blocks(3))
  await fetch(reader, writer, [writer.length - 1])
  expect(reader.length).toBe(writer.length)
})

it('goes on where no landmark is stored yet, as if nothing were', async () => {
  const { reader, writer, link } = await comeBack({ length: 255, forget: prune })
  link.destroy()
  expect(reader.length).toBe(writer.length)
  expect(await reader.has(200)).toBe(false)
  expect(await fetch(reader, writer, [writer.length - 1])).toEqual([b4a.from([(laterBlocks - 1) & 255])])
})

it('deletes nothing and asks for nothing while the broadcaster has the proofs', async () => {
  const { reader, writer, link } = await comeBack({ length: 300, forget: async () => {} })
  link.destroy()
  expect(await Promise.all([10, 200, 299].map((number) => reader.has(number)))).toEqual([true, true, true])
  expect(await fetch(reader, writer, [writer.length - 1])).toHaveLength(1)
  expect(await reader.has(299)).toBe(true)
})

it('says so where the broadcaster has lost the landmarks as well, and keeps what is stored', async () => {
  const { reader, onoutdated } = await comeBack({ length: 300, forget: uproot })
  expect(onoutdated).toHaveBeenCalledTimes(1)
  expect(reader.length).toBe(300)
  expect(await Promise.all([10, 200, 299].map((number) => reader.has(number)))).toEqual([true, true, true])
})

it('says so where what came cannot be stored', async () => {
  const { reader, onfailure } = await comeBack({ length: 300, forget: prune, isFull: true })
  expect(onfailure).toHaveBeenCalledTimes(1)
  expect(String(onfailure.mock.calls[0]?.[0])).toContain('No space left')
  expect(reader.length).toBe(300)
})

it('waits on, connected, where others than the broadcaster have no proof', async () => {
  const { reader, onoutdated } = await comeBack({ length: 300, forget: uproot, isSource: false })
  expect(onoutdated).not.toHaveBeenCalled()
  expect([reader.length, reader.peers.length]).toEqual([300, 1])
})

it('goes on though one says to have the proof and keeps it, and one who has more does not answer', async () => {
  const writer = await opened()
  await writer.append(blocks(300))
  const [reader, liar, deaf] = [await opened(writer.key), await opened(writer.key), await opened(writer.key)]
  await fetch(reader, writer, [299])
  await writer.append(blocks(laterBlocks))
  await fetch(liar, writer, [299, 300])
  await prune(writer)
  await fetch(deaf, writer, [writer.length - 1])
  for (const core of [liar, deaf]) {
    core.on('peer-add', (peer) => {
      peer.onrequest = async () => {}
    })
  }
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const replication = new ChannelReplication(reader, {
    storage: undefined,
    isWriter: false,
    isUploading: true,
    budget: new UploadBudget({ bytesPerSecond: Number.POSITIVE_INFINITY, now: () => 0 }),
    // So it is asked first.
    isSource: (peer) => peer === peers[1],
    isAsLong: () => false,
    isLive: () => false,
    onfailure: (error) => expect.fail(error.message),
  })
  onTestFinished(() => replication.close())
  reader.replicator.eagerUpgrade = true
  const peers: HypercorePeer[] = []
  reader.on('peer-add', (peer) => peers.push(peer))
  const links = [liar, deaf, writer].map((other) => connect(reader, other))
  for (const link of links) await exchange(link, 4)
  // Whoever can prove it says so, with the length that it proves it to.
  expect(peers.map(({ lengthAcked, inflight }) => [lengthAcked, inflight])).toEqual([
    [300, 1],
    [0, 0],
    [0, 0],
  ])
  // Ten seconds for its answer, ten until it is clear that nobody else has the proof, and ten for each who is asked from the landmark on.
  await vi.advanceTimersByTimeAsync(35_000)
  vi.useRealTimers()
  for (const link of links) await exchange(link, 4)
  expect(reader.length).toBe(writer.length)
})

it('takes no proof that is not signed by the broadcaster, and deletes nothing then', async () => {
  const [writer, stranger] = [await opened(), await opened()]
  await writer.append(blocks(300))
  const reader = await opened(writer.key)
  await fetch(reader, writer, [299, 200])
  await writer.append(blocks(700))
  await stranger.append(blocks(1000))
  const proofOf = (core: Hypercore) => core.proof({ upgrade: { start: 256, length: 744 } })
  expect(await lengthenFrom(reader, 256, await proofOf(stranger))).toBe(false)
  const proof = await proofOf(writer)
  const { upgrade } = proof
  if (upgrade === null) expect.fail('no proof of a length')
  for (const forged of upgrade.nodes) {
    const nodes = upgrade.nodes.map((node) => (node === forged ? { ...node, hash: b4a.alloc(32) } : node))
    expect(await lengthenFrom(reader, 256, { ...proof, upgrade: { ...upgrade, nodes } })).toBe(false)
  }
  expect(reader.length).toBe(300)
  expect(await Promise.all([200, 299].map((number) => reader.has(number)))).toEqual([true, true])
  expect(await lengthenFrom(reader, 256, proof)).toBe(true)
  expect(reader.length).toBe(1000)
})
