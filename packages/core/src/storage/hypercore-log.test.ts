import b4a from 'b4a'
import type Hypercore from 'hypercore'
import { keyPair } from 'hypercore-crypto'
import { expect, it, onTestFinished } from 'vitest'
import { connectCores } from '../../test/storage/connect-cores.ts'
import { HypercoreLog } from './hypercore-log.ts'
import { openCore } from './open-core.ts'

/** A log of two blocks that nobody else has. */
async function alone(): Promise<{ core: Hypercore; log: HypercoreLog }> {
  const core = await openCore({ keyPair: keyPair() })
  onTestFinished(() => core.close())
  for (const block of 'ab') await core.append(b4a.from(block))
  const log = new HypercoreLog(core)
  onTestFinished(() => log.close())
  return { core, log }
}

/** Some turns of the event loop, and then some of its microtasks. */
async function pass(turns: number, microtasks: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate)
  for (let microtask = 0; microtask < microtasks; microtask++) await null
}

const asked: readonly (readonly [what: string, ask: (log: HypercoreLog, signal: AbortSignal) => Promise<unknown>])[] = [
  ['a block', (log, signal) => log.get(5, signal)],
  ['a place', (log, signal) => log.blockAt(100, signal)],
]

it.each(asked)('waits for %s no longer once it was told so, whatever the core is at then', async (_, ask) => {
  const { log } = await alone()
  const gone = new Error('gone')
  for (let turns = 0; turns < 6; turns++) {
    for (let microtasks = 0; microtasks < 12; microtasks++) {
      const leaving = new AbortController()
      const answer = ask(log, leaving.signal)
      await pass(turns, microtasks)
      leaving.abort(gone)
      await expect(answer, `after ${turns} turns and ${microtasks} microtasks`).rejects.toBe(gone)
    }
  }
})

it('asks for nothing ahead of a place any more that was left while the core was still reading', async () => {
  const writer = await alone()
  const reader = await openCore({ key: writer.core.key })
  onTestFinished(() => reader.close())
  const link = connectCores(writer.core, reader)
  await reader.get(1)
  link.destroy()
  await expect.poll(() => reader.peers.length).toBe(0)
  const log = new HypercoreLog(reader)
  log.fetchFrom(0)
  log.close()
  connectCores(writer.core, reader)
  await expect.poll(() => reader.peers[0]?.remoteContiguousLength).toBe(2)
  await pass(100, 0)
  expect(await reader.has(0)).toBe(false)
})
