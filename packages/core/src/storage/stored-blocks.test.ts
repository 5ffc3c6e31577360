// Deleting blocks and their proofs on real hypercores: what is left, what peers can still be shown.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import b4a from 'b4a'
import type Hypercore from 'hypercore'
import { expect, it, onTestFinished } from 'vitest'
import { openLog, SteppedLink } from '../../test/feed/memory-log.ts'
import { appendWithProof, isProved } from './block-proof.ts'
import { openCore } from './open-core.ts'
import { StoredBlocks } from './stored-blocks.ts'
import { TreePruner } from './tree-pruner.ts'

async function written(count: number) {
  const writer = await openLog()
  await writer.core.append(Array.from({ length: count }, (_, number) => b4a.alloc((number % 7) + 1, number & 255)))
  onTestFinished(() => writer.close())
  return writer
}

async function nodesOf(core: Hypercore): Promise<number> {
  let count = 0
  for await (const _node of core.core.state.storage.createTreeNodeStream()) count++
  return count
}

/** Connects a reader to a writer and fetches blocks. */
async function fetched(core: Hypercore, blocks: readonly number[], reader?: Awaited<ReturnType<typeof openLog>>) {
  const opened = reader ?? (await openLog(core.key))
  const link = new SteppedLink(opened.core, core)
  if (reader === undefined) onTestFinished(() => opened.close())
  const values: (Uint8Array | null)[] = []
  try {
    while ((opened.core.peers[0]?.remoteLength ?? 0) < core.length) await link.exchange()
    for (const block of blocks) {
      const value = opened.core.get(block, { timeout: 5000 })
      for (let trip = 0; trip < 4; trip++) await link.exchange()
      values.push(await value)
    }
  } finally {
    link.destroy()
  }
  return { ...opened, values }
}

it('deletes blocks but those that are spared', async () => {
  const { core } = await written(1000)
  const stored = new StoredBlocks(core, 'memory')
  expect(
    await stored.deleteBelow(900, [
      [0, 1],
      [400, 450],
    ]),
  ).toBe(849)
  expect([0, 1, 450].map((start) => stored.storedFrom(start))).toEqual([0, 400, 900])
  expect(await stored.deleteBelow(900, [[421, 422]])).toBe(50)
  expect([0, 422].map((start) => stored.storedFrom(start))).toEqual([421, 900])
  expect(stored.newestStored()).toBe(999)
})

it.each([0, 5, 6, 511])(
  'can still prove block %i when all around it was deleted, whole or piece by piece',
  async (island) => {
    const { core } = await written(2000)
    const stored = new StoredBlocks(core, 'memory')
    // As a viewer stores it that came late and went back: with holes, and stretches of one.
    for (const hole of [1, 300, 302, 1000, 1001, 1003]) await core.clear(hole)
    for (const cutoff of [513, 777, 1023, 1801]) await stored.deleteBelow(cutoff, [[island, island + 1]])
    const { values } = await fetched(core, [1999, island, 1801, 1802])
    expect(values).toEqual([1999, island, 1801, 1802].map((number) => b4a.alloc((number % 7) + 1, number & 255)))
  },
)

it('knows how many bytes there are from any block on, also when proofs are gone', async () => {
  const { core } = await written(1000)
  const stored = new StoredBlocks(core, 'memory')
  const bytesFrom = async (start: number): Promise<number> => {
    let bytes = 0
    for (let number = start; number < 1000; number++) bytes += (number % 7) + 1
    return bytes
  }
  await stored.deleteBelow(501, [[3, 4]])
  await new TreePruner(core).prune(501, [3])
  for (const start of [501, 640, 777, 999]) expect(await stored.bytesFrom(start)).toBe(await bytesFrom(start))
  expect(await stored.bytesFrom(250)).toBeNull()
})

it('leaves a few nodes of what is deleted, and a new reader gets all that is kept', async () => {
  const { core } = await written(3000)
  const stored = new StoredBlocks(core, 'memory')
  const pruner = new TreePruner(core)
  for (let cutoff = 100; cutoff <= 2900; cutoff += 77) {
    await stored.deleteBelow(cutoff, [[4, 5]])
    await pruner.prune(cutoff, [4])
  }
  expect(await nodesOf(core)).toBeLessThan(2 * 200 + 60)
  const { values } = await fetched(core, [2999, 4, 2901, 2950])
  expect(values).toEqual([2999, 4, 2901, 2950].map((number) => b4a.alloc((number % 7) + 1, number & 255)))
})

it('goes on appending, proving and reopening on a pruned tree', async () => {
  const { core } = await written(1023)
  const pruner = new TreePruner(core)
  await new StoredBlocks(core, 'memory').deleteBelow(1000, [])
  await pruner.prune(1000, [])
  const reader = await openLog(core.key)
  onTestFinished(() => reader.close())
  await reader.core.core.setManifest(core.core.manifest ?? expect.fail('no manifest'))
  for (let number = 1023; number < 1300; number++) {
    const block = await appendWithProof(core, b4a.from([number & 255]))
    expect(isProved(reader.core.core, block)).toBe(true)
  }
  await pruner.prune(1290, [])
  const { values } = await fetched(core, [1295])
  expect(values).toEqual([b4a.from([1295 & 255])])
})

it('lets a reader go on from a length whose proofs are kept', async () => {
  const { core } = await written(500)
  const reader = await fetched(core, [499])
  await core.append(Array.from({ length: 500 }, (_, number) => b4a.from([number & 255])))
  await new StoredBlocks(core, 'memory').deleteBelow(900, [])
  await new TreePruner(core).prune(450, [])
  const { values } = await fetched(core, [950], reader)
  expect(values).toEqual([b4a.from([450 & 255])])
})

it('can prove the length from every landmark on for ever, and nothing else from so long ago', async () => {
  const { core } = await written(3000)
  await new StoredBlocks(core, 'memory').deleteBelow(2900, [])
  const pruner = new TreePruner(core)
  for (let cutoff = 100; cutoff <= 2900; cutoff += 77) await pruner.prune(cutoff, [])
  const proofFrom = (start: number) => core.proof({ upgrade: { start, length: 3000 - start } })
  for (let landmark = 256; landmark < 2900; landmark += 256) {
    expect((await proofFrom(landmark)).upgrade?.start).toBe(landmark)
    await expect(proofFrom(landmark - 3)).rejects.toThrow('from storage')
  }
})

it('prunes on from where it was when the storage was open before, and forgets no node of then', async () => {
  const nodesIn = async (core: Hypercore): Promise<number[]> => {
    const nodes: number[] = []
    for await (const { index } of core.core.state.storage.createTreeNodeStream()) nodes.push(index)
    return nodes
  }
  const folder = await mkdtemp(join(tmpdir(), 'hypervision-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const [{ core: once }, before] = [await written(2000), await openCore({ storage: folder })]
  await before.append(Array.from({ length: 2000 }, () => b4a.from([1])))
  await new TreePruner(before).prune(777, [5, 300])
  await before.close()
  const again = await openCore({ storage: folder })
  onTestFinished(() => again.close())
  await new TreePruner(again).prune(1500, [300, 900])
  await new TreePruner(once).prune(1500, [300, 900])
  expect(await nodesIn(again)).toEqual(await nodesIn(once))
  // A folder may be told to keep more, and then less again.
  await new TreePruner(again).prune(700, [])
  await new TreePruner(again).prune(1501, [])
  await new TreePruner(once).prune(1501, [])
  expect(await nodesIn(again)).toEqual(await nodesIn(once))
})

it.each([
  ['memory', 8192],
  ['folder', 262_144],
] as const)('keeps in a %s the proofs of the %i blocks before the oldest one', async (kind, provedBlocks) => {
  const { core } = await written(511)
  const outdated = await fetched(core, [510])
  await core.append(b4a.from([0]))
  const late = await fetched(core, [511])
  await core.append(Array.from({ length: 488 }, () => b4a.from([1])))
  const stored = new StoredBlocks(core, kind)
  await stored.deleteBelow(900, [])
  // What is deleted of the tree follows from where the kept ones begin: as if they began so much later.
  await stored.prune(512 + provedBlocks, [])
  const goesOn = async (reader: Hypercore): Promise<boolean> => {
    const link = new SteppedLink(reader, core)
    reader.get(950).catch(() => {})
    for (let trip = 0; trip < 8; trip++) await link.exchange()
    link.destroy()
    return reader.length === 1000
  }
  expect(await goesOn(late.core)).toBe(true)
  expect(await goesOn(outdated.core)).toBe(false)
})
