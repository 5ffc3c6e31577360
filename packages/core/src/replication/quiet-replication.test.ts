import b4a from 'b4a'
import { expect, it, onTestFinished, vi } from 'vitest'
import { openLog, SteppedLink } from '../../test/feed/memory-log.ts'
import { QuietReplication } from './quiet-replication.ts'

it('tells a length that hypercore keeps to itself, as the peer was shorter and could not have grown by it', async () => {
  const writer = await openLog()
  const [older, newer] = [await openLog(writer.core.key), await openLog(writer.core.key)]
  const links: SteppedLink[] = []
  const link = (...[here, there]: ConstructorParameters<typeof SteppedLink>): SteppedLink => {
    const made = new SteppedLink(here, there)
    links.push(made)
    return made
  }
  const quiet = new QuietReplication(newer.core, () => true)
  onTestFinished(async () => {
    quiet.close()
    for (const one of links) one.destroy()
    for (const { close } of [newer, older, writer]) await close()
  })
  const get = async (log: typeof older, number: number): Promise<void> => {
    const above = link(log.core, writer.core)
    const got = log.core.get(number)
    for (let trip = 0; trip < 6; trip++) await above.exchange()
    await got
  }
  for (const text of ['a', 'b', 'c']) await writer.log.append(b4a.from(text))
  await get(older, 2)
  links[0]?.destroy()
  const between = link(newer.core, older.core)
  for (let trip = 0; trip < 4; trip++) await between.exchange()
  for (const text of ['d', 'e']) await writer.log.append(b4a.from(text))
  await get(newer, 4)
  expect(newer.core.length).toBe(5)

  const told = async (): Promise<number | undefined> => {
    await between.exchange()
    return older.core.peers[0]?.remoteLength
  }
  await expect.poll(told).toBe(5)
})

it('holds nothing back once it is closed, and no timer', async () => {
  const writer = await openLog()
  const reader = await openLog(writer.core.key)
  const between = new SteppedLink(writer.core, reader.core)
  const quiet = new QuietReplication(writer.core, () => true)
  onTestFinished(async () => {
    between.destroy()
    for (const { close } of [reader, writer]) await close()
  })
  for (let trip = 0; trip < 4; trip++) await between.exchange()
  expect(writer.core.peers).toHaveLength(1)
  quiet.close()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const timers = vi.getTimerCount()
  for (const peer of writer.core.peers) {
    peer.broadcastRange(0, 1, false)
    peer.signalUpgrade()
  }
  expect(vi.getTimerCount()).toBe(timers)
})
