import b4a from 'b4a'
import { expect, it, onTestFinished, vi } from 'vitest'
import { openLog, SteppedLink } from '../../test/feed/memory-log.ts'
import { watchOutdated } from './outdated-storage.ts'

/** A reader whose blocks end at 300, before a writer who has deleted some nodes of its tree. */
async function opened(deleted: [start: number, end: number] | null) {
  const writer = await openLog()
  const blocks = (count: number) => Array.from({ length: count }, (_, number) => b4a.from([number & 255]))
  await writer.core.append(blocks(300))
  const reader = await openLog(writer.core.key)
  const connect = (): SteppedLink => new SteppedLink(reader.core, writer.core)
  let link = connect()
  onTestFinished(async () => {
    link.destroy()
    await reader.close()
    await writer.close()
  })
  const first = reader.core.get(299)
  for (let trip = 0; trip < 5; trip++) await link.exchange()
  await first
  link.destroy()
  await writer.core.append(blocks(9000))
  if (deleted !== null) {
    const batch = writer.core.core.state.storage.write()
    batch.deleteTreeNodeRange(...deleted)
    await batch.flush()
    // Nodes that were read lately are held in memory as well.
    const held: { clear(): void } = Reflect.get(writer.core.core.state.storage, 'treeCache')
    held.clear()
  }
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const onoutdated = vi.fn()
  onTestFinished(watchOutdated(reader.core, () => true, onoutdated))
  link = connect()
  for (let trip = 0; trip < 5; trip++) await link.exchange()
  await vi.advanceTimersByTimeAsync(15_000)
  return { reader, onoutdated }
}

it('says so when the broadcaster has deleted the proofs that join both histories', async () => {
  const { onoutdated, reader } = await opened([0, 4000])
  expect(reader.core.length).toBe(300)
  expect(onoutdated).toHaveBeenCalledTimes(1)
})

it('says nothing while the broadcaster has them', async () => {
  const { onoutdated } = await opened(null)
  expect(onoutdated).not.toHaveBeenCalled()
})
