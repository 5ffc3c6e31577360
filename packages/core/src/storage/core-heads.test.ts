// What watching over a key leans on inside hypercore. When an upgrade of hypercore breaks one of these, it is named here.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import b4a from 'b4a'
import type Hypercore from 'hypercore'
import { keyPair } from 'hypercore-crypto'
import { expect, it, onTestFinished, vi } from 'vitest'
import { connectCores } from '../../test/storage/connect-cores.ts'
import type { Head } from '../swarm/channel/channel-messages.ts'
import { CoreHeads, watchConflicts } from './core-heads.ts'
import { openCore } from './open-core.ts'

const pair = keyPair()

async function writer(blocks: string, storage?: string): Promise<Hypercore> {
  const core = await openCore({ keyPair: pair, storage })
  onTestFinished(() => core.close())
  for (const block of blocks) await core.append(b4a.from(block))
  return core
}

it('a head is that of the length at which it was signed, and fits every log that goes on from it', async () => {
  const [core, other] = [await writer('abcdefg'), await writer('abcX')]
  const [heads, others] = [new CoreHeads(core), new CoreHeads(other)]
  const head = others.head as Head
  expect([head.length, heads.isSigned(head), await heads.fits(head)]).toEqual([4, true, false])
  expect(heads.isSigned({ ...head, length: 3 })).toBe(false)
  const same = new CoreHeads(await writer('abcde')).head as Head
  expect([heads.isSigned(same), await heads.fits(same), await others.fits(same)]).toEqual([true, true, null])
  expect(new CoreHeads(await writer('')).head).toBeNull()
})

it('two histories that meet in replication are told, on both sides, and nothing is closed, frozen or printed', async () => {
  const print = vi.spyOn(console, 'log').mockImplementation(() => {})
  onTestFinished(() => print.mockRestore())
  const [one, other] = [await writer('abcdefgh'), await writer('abcD')]
  const reader = await openCore({ key: one.key })
  onTestFinished(() => reader.close())
  connectCores(one, reader)
  for (let at = 0; at < 8; at++) await reader.get(at)
  const told: Head[] = []
  watchConflicts(reader, new CoreHeads(reader), (head) => told.push(head))
  await other.append([...'efghij'].map((block) => b4a.from(block)))
  connectCores(other, reader)
  reader.get(9).catch(() => {})
  await expect.poll(() => told.length).toBeGreaterThan(0)
  expect(new CoreHeads(one).isSigned(told[0] as Head)).toBe(true)
  expect([reader.closing, reader.length, String(await reader.get(3))]).toEqual([null, 8, 'd'])
  expect(print).not.toHaveBeenCalled()
})

it('a truncated history takes nothing away from who has more', async () => {
  const core = await writer('abcdef')
  const reader = await openCore({ key: core.key })
  onTestFinished(() => reader.close())
  connectCores(core, reader)
  for (let at = 0; at < 6; at++) await reader.get(at)
  await core.truncate(2, { fork: 1 })
  await core.append([...'CDEFGH'].map((block) => b4a.from(block)))
  const heads = new CoreHeads(reader)
  const head = new CoreHeads(core).head as Head
  await expect.poll(() => reader.peers[0]?.remoteFork).toBe(1)
  expect([reader.length, reader.fork, heads.isSigned(head), await heads.fits(head)]).toEqual([6, 0, true, false])
  expect(String(await reader.get(5))).toBe('f')
})

it('the secret key of an application that keeps it is not in the storage', async () => {
  const storage = await mkdtemp(join(tmpdir(), 'hypervision-key-'))
  onTestFinished(() => rm(storage, { recursive: true, force: true }))
  const first = await openCore({ keyPair: pair, storage })
  await first.append(b4a.from('block'))
  await first.close()
  const secret = Buffer.from(pair.secretKey.subarray(0, 32))
  const files = (await readdir(storage, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const bytes = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name))))
  expect(bytes.some((one) => one.includes(Buffer.from(pair.publicKey)))).toBe(true)
  expect(bytes.some((one) => one.includes(secret))).toBe(false)
  // Without the key pair it is a channel that is only watched here.
  await expect(openCore({ storage })).rejects.toMatchObject({ code: 'ERR_FEED_STORAGE_KEY' })
  await expect(openCore({ storage, keyPair: keyPair() })).rejects.toMatchObject({ code: 'ERR_FEED_STORAGE_KEY' })
  const again = await openCore({ storage, keyPair: pair })
  await again.append(b4a.from('another'))
  expect(again.length).toBe(2)
  await again.close()
})
