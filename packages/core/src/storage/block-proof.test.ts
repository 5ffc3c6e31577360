// Blocks that prove themselves, of cores with every kind of manifest that hypercore makes. When an upgrade of hypercore breaks
// one of the internals that this takes, it is named here.

import { createMemoryDatabase } from '@hypervision/hypercore-web'
import b4a from 'b4a'
import fc from 'fast-check'
import Hypercore, { type HypercoreManifest } from 'hypercore'
import { keyPair } from 'hypercore-crypto'
import CoreStorage from 'hypercore-storage'
import { expect, it, onTestFinished } from 'vitest'
import type { LiveBlock } from '../swarm/live/live-types.ts'
import { appendWithProof } from './block-proof.ts'
import { CoreLiveLog } from './core-live-log.ts'
import { HypercoreLog } from './hypercore-log.ts'

async function open(key: Uint8Array | null, options: object = {}): Promise<Hypercore> {
  const core = new Hypercore(new CoreStorage(createMemoryDatabase()), key, options)
  await core.ready()
  onTestFinished(() => core.close())
  return core
}

function liveLogOf(core: Hypercore): CoreLiveLog {
  return new CoreLiveLog(core, new HypercoreLog(core), (_value, index) => index)
}

/** A reader that knows the manifest and nothing else. */
async function readerOf(writer: Hypercore): Promise<CoreLiveLog> {
  const reader = liveLogOf(await open(writer.key, { manifest: writer.core.manifest }))
  expect(reader.canCheck).toBe(true)
  return reader
}

async function append(core: Hypercore, count: number): Promise<LiveBlock[]> {
  const blocks: LiveBlock[] = []
  for (let at = 0; at < count; at++) blocks.push(await appendWithProof(core, b4a.from(`block ${core.length}`)))
  return blocks
}

/** Several signers put their signatures together themselves; here one of them is enough. */
function signedByAll({ core }: Hypercore, block: LiveBlock): LiveBlock {
  const { manifest, verifier } = core
  if (manifest === null || verifier === null || manifest.signers.length < 2) return block
  return { ...block, signature: verifier.assemble([{ signer: 0, signature: block.signature, patch: 0, nodes: null }]) }
}

const signer = (publicKey: Uint8Array) => ({ publicKey, namespace: b4a.alloc(32, 7) })
const kinds: Record<string, () => Promise<Hypercore>> = {
  'one signer': () => open(null),
  'one signer, as version 10 did': () => open(null, { compat: true }),
  'one signer that may be patched': () => {
    const pair = keyPair()
    return open(null, {
      keyPair: pair,
      manifest: { version: 1, quorum: 1, allowPatch: true, signers: [signer(pair.publicKey)] },
    })
  },
  'one of two signers': () => {
    const pair = keyPair()
    const signers = [signer(pair.publicKey), signer(keyPair().publicKey)]
    return open(null, { keyPair: pair, manifest: { version: 1, quorum: 1, signers } })
  },
  'user data in the manifest': () => {
    const pair = keyPair()
    return open(null, {
      keyPair: pair,
      manifest: { version: 2, quorum: 1, signers: [signer(pair.publicKey)], userData: b4a.from('x') },
    })
  },
}

it.each(Object.keys(kinds))('a log begins at any block, and goes on from there: %s', async (kind) => {
  const writer = await (kinds[kind]?.() ?? open(null))
  const blocks = (await append(writer, 20)).map((block) => signedByAll(writer, block))
  for (const first of [0, 1, 2, 3, 6, 7, 8, 15, 16, 18]) {
    const reader = await readerOf(writer)
    for (const block of blocks.slice(first)) expect(await reader.apply(block)).toBe('stored')
    expect(reader.length).toBe(20)
  }
})

it.each(Object.keys(kinds))('a block proves itself in any order: %s', async (kind) => {
  const writer = await (kinds[kind]?.() ?? open(null))
  const blocks = (await append(writer, 37)).map((block) => signedByAll(writer, block))
  const reader = await readerOf(writer)
  for (const block of [...blocks].reverse()) expect(reader.check(block)).toBe(true)
  for (const block of blocks) expect(await reader.apply(block)).toBe('stored')
  expect(reader.length).toBe(37)
})

it('nothing but what was signed is proved, whichever byte is changed', async () => {
  const writer = await open(null)
  const blocks = await append(writer, 23)
  const reader = await readerOf(writer)
  const flip = (bytes: Uint8Array, at: number): Uint8Array => {
    const changed = b4a.from(bytes)
    const place = at % changed.length
    changed[place] = (changed[place] ?? 0) ^ 1
    return changed
  }
  const change: ((block: LiveBlock, at: number) => LiveBlock)[] = [
    (block, at) => ({ ...block, value: flip(block.value, at) }),
    (block, at) => ({ ...block, signature: flip(block.signature, at) }),
    (block, at) => ({ ...block, index: block.index + 1 + (at % 3) }),
    (block, at) => ({ ...block, peaks: block.peaks.slice(0, at % block.peaks.length) }),
    (block, at) => ({
      ...block,
      peaks: block.peaks.map((peak, place) =>
        place === at % block.peaks.length ? { ...peak, hash: flip(peak.hash, at) } : peak,
      ),
    }),
    (block, at) => ({
      ...block,
      peaks: block.peaks.map((peak, place) =>
        place === at % block.peaks.length ? { ...peak, size: peak.size + 1 } : peak,
      ),
    }),
  ]
  fc.assert(
    fc.property(fc.nat(21), fc.nat(change.length - 1), fc.nat(), (number, kind, at) => {
      const block = blocks[number + 1]
      const changed = block === undefined ? undefined : change[kind]?.(block, at)
      return changed !== undefined && !reader.check(changed)
    }),
  )
})

it('one signature has one encoding', async () => {
  const writer = await open(null)
  const [block] = await append(writer, 1)
  const reader = await readerOf(writer)
  if (block === undefined) throw new Error('no block')
  for (let bit = 0; bit < 8 * block.signature.length; bit++) {
    const signature = b4a.from(block.signature)
    signature[bit >> 3] = (signature[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect([bit, reader.check({ ...block, signature })]).toEqual([bit, false])
  }
  expect(reader.check({ ...block, signature: b4a.concat([block.signature, b4a.alloc(1)]) })).toBe(false)
})

it('a block that comes too early or twice is refused, and the log stays as it was', async () => {
  const writer = await open(null)
  const [first, second, third] = await append(writer, 3)
  const reader = await readerOf(writer)
  if (first === undefined || second === undefined || third === undefined) throw new Error('three were appended')
  expect(await reader.apply(first)).toBe('stored')
  expect(await reader.apply(third)).toBe('refused')
  expect(await reader.apply(first)).toBe('refused')
  expect(reader.length).toBe(1)
  expect(await reader.apply(second)).toBe('stored')
})

it('a block of another history with the same key is told from one that is merely wrong', async () => {
  const pair = keyPair()
  const [one, other] = [await open(null, { keyPair: pair }), await open(null, { keyPair: pair })]
  expect(b4a.equals(one.key, other.key)).toBe(true)
  const [first] = await append(one, 2)
  await other.append(b4a.from('something else'))
  const [forked] = await append(other, 1)
  const reader = await readerOf(one)
  if (first === undefined || forked === undefined) throw new Error('blocks were appended')
  await reader.apply(first)
  expect(reader.check(forked)).toBe(true)
  expect(await reader.apply(forked)).toBe('conflict')
  expect(reader.length).toBe(1)
})

it('a reader takes the manifest of its channel from anybody, and of no other channel', async () => {
  const writer = await open(null)
  const core = await open(writer.key)
  const reader = liveLogOf(core)
  expect(reader.canCheck).toBe(false)
  const mine = liveLogOf(writer).manifest
  const foreign = liveLogOf(await open(null)).manifest
  if (mine === null || foreign === null) throw new Error('a writer knows its manifest')
  expect(reader.setManifest(foreign)).toBe(false)
  expect(reader.setManifest(b4a.from('no manifest at all'))).toBe(false)
  const known = new Promise<void>((resolve) => core.once('manifest', () => resolve()))
  expect(reader.setManifest(mine)).toBe(true)
  await known
  expect(reader.canCheck).toBe(true)
  const [block] = await append(writer, 1)
  expect(block !== undefined && reader.check(block)).toBe(true)
})

it('what was asked for by number comes as soon as the block is taken in', async () => {
  const writer = await open(null)
  const [block] = await append(writer, 1)
  const core = await open(writer.key, { manifest: writer.core.manifest satisfies HypercoreManifest | null })
  const got = core.get(0)
  if (block === undefined) throw new Error('one was appended')
  await liveLogOf(core).apply(block)
  expect(b4a.toString((await got) ?? b4a.alloc(0))).toBe('block 0')
  expect(await core.has(0)).toBe(true)
})
