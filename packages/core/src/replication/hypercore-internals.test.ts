// What we use of hypercore 11.37 beyond its documented API. When an upgrade breaks one of these, it is named here.
import b4a from 'b4a'
import Hypercore from 'hypercore'
import { expect, it, onTestFinished } from 'vitest'
import { openLog, SteppedLink } from '../../test/feed/memory-log.ts'
import type { HypervisionError } from '../contracts/index.ts'
import { appendWithProof, proofOfNext } from '../storage/block-proof.ts'
import { CoreLiveLog } from '../storage/core-live-log.ts'
import { passOverOutgrownProofs } from './outgrown-proofs.ts'
import { watchWrites } from './watch-writes.ts'

/** A writer with three blocks, and a reader that is connected and has fetched nothing. */
async function connected() {
  const writer = await openLog()
  for (const text of ['a', 'b', 'c']) await writer.log.append(b4a.from(text))
  const reader = await openLog(writer.core.key)
  const link = new SteppedLink(reader.core, writer.core)
  onTestFinished(async () => {
    link.destroy()
    await reader.close()
    await writer.close()
  })
  while (reader.log.remoteLength === 0) await link.exchange()
  return { writer, reader, link }
}

function liveLogOf({ core, log }: Awaited<ReturnType<typeof openLog>>): CoreLiveLog {
  return new CoreLiveLog(core, log, (_value, index) => index)
}

it('tells the length of a peer before anything was fetched, with eagerUpgrade off', async () => {
  const { reader } = await connected()
  expect(reader.core.peers[0]?.remoteLength).toBe(3)
  expect(reader.core.length).toBe(0)
  expect(reader.core.replicator.stats.wireRequest.tx).toBe(0)
})

it('hands sync and range messages to methods that can be observed on each peer', async () => {
  const { writer, reader, link } = await connected()
  let changes = 0
  reader.log.onchange(() => changes++)
  await writer.log.append(b4a.from('d'))
  await link.exchange()
  expect(changes).toBeGreaterThan(0)
  expect(reader.core.peers[0]?.remoteLength).toBe(4)
})

it('knows the blocks of a peer by its bitfield and contiguous length', async () => {
  const { reader } = await connected()
  const peer = reader.core.peers[0]
  expect(Math.max(peer?.remoteContiguousLength ?? 0, (peer?.remoteBitfield.findLast(true, 2) ?? -1) + 1)).toBe(3)
  expect(reader.log.newestAvailable()).toBe(2)
  expect(reader.log.availableFrom(0)).toBe(0)
})

it('fetches a block past its length together with the proof of the new length', async () => {
  const { reader, link } = await connected()
  const got = reader.core.get(2)
  await link.exchange()
  expect(b4a.toString((await got) ?? b4a.alloc(0))).toBe('c')
  expect(reader.core.length).toBe(3)
  expect(reader.core.replicator.stats.wireRequest.tx).toBe(1)
})

it('asks for a new length by itself once eagerUpgrade is on and a range is open', async () => {
  const { writer, reader, link } = await connected()
  reader.log.fetchFrom(0)
  await link.exchange()
  await link.exchange()
  await writer.log.append(b4a.from('d'))
  await link.exchange()
  await link.exchange()
  expect(reader.core.length).toBe(4)
  expect(reader.log.newestHere()).toBe(3)
})

it('cancels requests by the list that collected them, and whatever would be put on it later', async () => {
  const { reader } = await connected()
  const requests: unknown[] = []
  const got = reader.core.get(1, { activeRequests: requests })
  await new Promise((resolve) => setImmediate(resolve))
  Hypercore.destroyRequests(requests, new Error('left'))
  await expect(got).rejects.toThrow('left')
  await expect(reader.core.get(1, { activeRequests: requests })).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' })
})

it('has a bitfield of the blocks that are here, and says which core a store was made for', async () => {
  const { writer } = await connected()
  expect(writer.core.core.bitfield.findLast(true, 2) + 1 || writer.core.contiguousLength).toBe(3)
})

it('stores what a peer sent inside verify, so that a write that fails can be told', async () => {
  const { reader, link } = await connected()
  const failures: HypervisionError[] = []
  const { verify } = reader.core.core
  reader.core.core.verify = () => Promise.reject(new Error('Batch was not applied', { cause: new Error('ENOSPC') }))
  watchWrites(reader.core, '/full', (error) => failures.push(error))
  reader.core.get(0).catch(() => {})
  await link.exchange()
  expect(failures.map(({ code }) => code)).toEqual(['ERR_FEED_STORAGE_FULL'])
  reader.core.core.verify = verify
})

it('takes a proof that starts at an older length for bad data, unless such proofs are passed over', async () => {
  const { writer, reader, link } = await connected()
  reader.core.get(2).catch(() => {})
  await link.exchange()
  const pushed = await appendWithProof(writer.core, b4a.from('d'))
  const { core, peers } = reader.core
  const proof = proofOfNext(pushed, 0)
  // What replication asked for at the length 3 arrives when another block has been pushed.
  expect(await liveLogOf(reader).apply(pushed)).toBe('stored')
  const late = { ...proof, block: { index: 0, value: b4a.from('a'), nodes: [] } }
  await expect(core.verify(late, peers[0])).rejects.toThrow()
  passOverOutgrownProofs(reader.core)
  expect(await core.verify(late, peers[0])).toBe(false)
  const older = reader.core.get(0)
  await link.exchange()
  expect(b4a.toString((await older) ?? b4a.alloc(0))).toBe('a')
})

it('fetches what is older by replication when it has begun at a block that proved itself', async () => {
  const writer = await openLog()
  for (const text of ['a', 'b', 'c', 'd', 'e']) await writer.log.append(b4a.from(text))
  const first = await appendWithProof(writer.core, b4a.from('f'))
  const reader = await openLog(writer.core.key)
  const live = liveLogOf(reader)
  expect(live.setManifest(liveLogOf(writer).manifest ?? b4a.alloc(0))).toBe(true)
  expect(await live.apply(first)).toBe('stored')
  expect([reader.core.length, await reader.core.has(5), await reader.core.has(4)]).toEqual([6, true, false])
  const link = new SteppedLink(reader.core, writer.core)
  onTestFinished(async () => {
    link.destroy()
    await reader.close()
    await writer.close()
  })
  const older = [0, 2, 4].map((index) => reader.core.get(index))
  while (reader.core.contiguousLength === 0 || !(await reader.core.has(4))) await link.exchange()
  expect((await Promise.all(older)).map((block) => b4a.toString(block ?? b4a.alloc(0)))).toEqual(['a', 'c', 'e'])
})
