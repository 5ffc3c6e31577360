// What viewers read of a channel before its first block, on a network in memory.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Broadcast, createBroadcast, createRelay, createViewer } from '@hypervision/core'
import { fakeCapture, memoryNetwork } from '@hypervision/testkit'
import { expect, it, onTestFinished } from 'vitest'

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...new Uint8Array(60_000)])
const friday = {
  title: 'Friday show',
  description: 'Live from the kitchen',
  startsAt: new Date('2026-01-02T20:15:00Z'),
}

/** A broadcaster that has nothing to show yet. */
async function announce(options: Partial<Parameters<typeof createBroadcast>[0]>): Promise<Broadcast> {
  const capture = { name: 'nothing yet', open: ({ signal }: { signal: AbortSignal }) => silence(signal) }
  const broadcast = await createBroadcast({ capture, ...options })
  onTestFinished(() => broadcast.close())
  return broadcast
}

async function* silence(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'hypervision-metadata-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

it('are at viewers before the first block, and at those who come when the broadcaster is away', async () => {
  const network = memoryNetwork()
  const broadcast = await announce({ ...friday, poster: png, transports: [network.transport()] })
  const { link } = broadcast
  const viewer = await createViewer({ link, transports: [network.transport()] })
  const relay = await createRelay({ link, transports: [network.transport()] })
  onTestFinished(async () => void (await Promise.all([viewer.close(), relay.close()])))
  const said = { ...friday, poster: { type: 'image/png', bytes: png } }
  await expect.poll(() => viewer.metadata).toEqual(said)
  expect([viewer.stats().feedBlocks, viewer.stats().state]).toEqual([0, 'waiting'])
  await expect.poll(() => relay.metadata).toEqual(said)
  await broadcast.close()
  await viewer.close()
  const late = await createViewer({ link, transports: [network.transport()] })
  onTestFinished(() => late.close())
  await expect.poll(() => late.metadata).toEqual(said)
})

it('can change on air, and stand in the init segment of the next epoch', async () => {
  const network = memoryNetwork()
  const capture = fakeCapture({ frameRate: 50, keyframeEvery: 25 })
  const broadcast = await createBroadcast({ capture, title: 'Friday', transports: [network.transport()] })
  onTestFinished(() => broadcast.close())
  const viewer = await createViewer({ link: broadcast.link, transports: [network.transport()] })
  onTestFinished(() => viewer.close())
  const titles: (string | null)[] = []
  viewer.addEventListener('metadata', ({ detail }) => titles.push(detail.metadata.title))
  const blocks = viewer.blocks[Symbol.asyncIterator]()
  expect(await blocks.next()).toMatchObject({ value: { kind: 'init', title: 'Friday' } })
  await broadcast.setMetadata({ title: 'Friday, part two', description: 'After the break' })
  await expect.poll(() => viewer.metadata).toMatchObject({ title: 'Friday, part two', description: 'After the break' })
  await broadcast.setMetadata({ description: null })
  await expect.poll(() => viewer.metadata).toMatchObject({ title: 'Friday, part two', description: null })
  expect(titles.at(-1)).toBe('Friday, part two')
  await broadcast.close()
  await expect(broadcast.setMetadata({ title: 'Too late' })).rejects.toMatchObject({ code: 'ERR_FEED_CLOSED' })
})

it('stay with the storage of the broadcaster and of the viewer, and what is left out is as it was', async () => {
  const network = memoryNetwork()
  const [own, watched] = [await folder(), await folder()]
  const first = await announce({ ...friday, storage: own, transports: [network.transport()] })
  const { link } = first
  const viewer = await createViewer({ link, storage: watched, transports: [network.transport()] })
  await expect.poll(() => viewer.metadata?.title).toBe('Friday show')
  await Promise.all([first.close(), viewer.close()])
  const alone = await createViewer({ link, storage: watched })
  expect(alone.metadata).toEqual({ ...friday, poster: null })
  await alone.close()
  const second = await announce({ startsAt: null, storage: own })
  expect(second.metadata).toEqual({ ...friday, startsAt: null, poster: null })
})
