import b4a from 'b4a'
import { expect, it, onTestFinished } from 'vitest'
import { openLog, SteppedLink } from '../../test/feed/memory-log.ts'
import { appendWithProof } from '../storage/block-proof.ts'
import { CoreLiveLog } from '../storage/core-live-log.ts'
import { askLongerPeers } from './longer-peers.ts'
import { QuietReplication } from './quiet-replication.ts'

/** A reader whose log has begun at a pushed block that is newer than the length which the writer has told. */
async function ahead() {
  const writer = await openLog()
  for (const text of ['a', 'b', 'c', 'd']) await writer.log.append(b4a.from(text))
  const reader = await openLog(writer.core.key)
  const link = new SteppedLink(reader.core, writer.core)
  const quiet = new QuietReplication(writer.core, () => true)
  onTestFinished(async () => {
    quiet.close()
    link.destroy()
    await reader.close()
    await writer.close()
  })
  const live = (of: typeof reader) => new CoreLiveLog(of.core, of.log, (_value, index) => index)
  for (let trip = 0; trip < 3; trip++) await link.exchange()
  expect(live(reader).setManifest(live(writer).manifest ?? b4a.alloc(0))).toBe(true)
  // The first is told at once, those that come within a second of it are not.
  await writer.log.append(b4a.from('e'))
  for (const text of ['f', 'g']) await writer.log.append(b4a.from(text))
  // Its proof does not show that the length told is of the same history.
  const pushed = await appendWithProof(writer.core, b4a.from('h'))
  await link.exchange()
  expect(await live(reader).apply(pushed)).toBe('stored')
  expect([reader.core.length, reader.core.peers[0]?.remoteLength]).toEqual([8, 5])
  return { reader, link }
}

it('gets what is older at once of a peer that is known to be as long, whatever it has told', async () => {
  const { reader, link } = await ahead()
  const lengths: number[] = []
  askLongerPeers(reader.core, (_peer, length) => {
    lengths.push(length)
    return true
  })
  const older = reader.core.get(0)
  for (let trip = 0; trip < 2; trip++) await link.exchange()
  expect(await reader.core.has(0)).toBe(true)
  expect(b4a.toString((await older) ?? b4a.alloc(0))).toBe('a')
  expect(new Set(lengths)).toEqual(new Set([8]))
})

it('leaves it to hypercore where nothing else is known', async () => {
  const { reader, link } = await ahead()
  askLongerPeers(reader.core, () => false)
  reader.core.get(0).catch(() => {})
  for (let trip = 0; trip < 2; trip++) await link.exchange()
  expect(await reader.core.has(0)).toBe(false)
})
