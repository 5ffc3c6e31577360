// Two broadcasters with one key, on a network in memory: the later one is refused where that can be known, and two histories stop whoever plays them.
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Broadcast,
  type BroadcastOptions,
  createBroadcast,
  createKeyPair,
  createRelay,
  createViewer,
  type Viewer,
  type ViewerBlock,
} from '@hypervision/core'
import { fakeCapture, type MemoryTransport, memoryNetwork } from '@hypervision/testkit'
import { describe, it, type TestContext } from 'vitest'

async function broadcastFrom(
  { onTestFinished }: TestContext,
  transport: MemoryTransport,
  options: Partial<BroadcastOptions>,
): Promise<Broadcast> {
  const capture = fakeCapture({ frameRate: 50, keyframeEvery: 10, frameBytes: 500 })
  const broadcast = await createBroadcast({ capture, blockDurationMs: 40, transports: [transport], ...options })
  onTestFinished(() => broadcast.close())
  return broadcast
}

async function watch(
  { onTestFinished }: TestContext,
  transport: MemoryTransport,
  link: string,
  storage?: string,
): Promise<Watcher> {
  const viewer = await createViewer({
    link,
    from: 'start',
    transports: [transport],
    ...(storage === undefined ? {} : { storage }),
  })
  onTestFinished(() => viewer.close())
  const blocks: ViewerBlock[] = []
  const read = async (): Promise<void> => {
    for await (const block of viewer.blocks) blocks.push(block)
  }
  return { viewer, blocks, read }
}

interface Watcher {
  readonly viewer: Viewer
  readonly blocks: ViewerBlock[]
  /** Reads until the broadcast ends. */
  read(): Promise<void>
}

async function folder({ onTestFinished }: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'hypervision-one-key-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return join(path, 'channel')
}

async function blocksOf({ expect }: TestContext, broadcast: Broadcast, count: number): Promise<void> {
  await expect.poll(() => broadcast.stats().blocks).toBeGreaterThanOrEqual(count)
}

// Most of their time goes by in waiting.
describe.concurrent('two broadcasters with one key', () => {
  it('the second with a copy of the storage is refused before it appends, and the first goes on', async (context) => {
    const { expect } = context
    const network = memoryNetwork()
    const [own, copy] = [await folder(context), await folder(context)]
    const before = await broadcastFrom(context, network.transport(), { storage: own })
    await blocksOf(context, before, 5)
    await before.close()
    await cp(own, copy, { recursive: true })
    const first = await broadcastFrom(context, network.transport(), { storage: own })
    const { blocks } = first.stats()
    await blocksOf(context, first, blocks + 3)
    const second = () => broadcastFrom(context, network.transport(), { storage: copy })
    await expect(second()).rejects.toMatchObject({ code: 'ERR_FEED_STORAGE_COPIED' })
    // Whoever says all the same that the original is gone.
    await rm(join(copy, 'CORESTORE'))
    await expect(second()).rejects.toMatchObject({ code: 'ERR_FEED_ON_AIR' })
    await blocksOf(context, first, first.stats().blocks + 3)
    expect(first.stats().state).toBe('live')
  })

  it('goes off air and on again with a key pair and nothing else; viewers who wait go on by themselves', async (context) => {
    const { expect } = context
    const network = memoryNetwork()
    const keyPair = createKeyPair()
    const first = await broadcastFrom(context, network.transport(), {
      keyPair,
      title: 'Part one',
      description: 'With the key alone',
    })
    const { link } = first
    const { viewer, blocks, read } = await watch(context, network.transport(), link)
    const firstPart = read()
    await blocksOf(context, first, 12)
    await first.close()
    await firstPart
    const length = blocks.length
    expect(viewer.stats().state).toBe('ended')
    const secondPart = read()
    const second = await broadcastFrom(context, network.transport(), { keyPair, title: 'Part two' })
    expect(second.link).toBe(link)
    await expect.poll(() => blocks.length).toBeGreaterThan(length + 5)
    expect(viewer.metadata).toMatchObject({ title: 'Part two', description: 'With the key alone' })
    await second.close()
    await secondPart
    // One history: every block once, but for the two that say that a part is over.
    const numbers = blocks.map(({ index }) => index)
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
    expect(numbers.at(-1)).toBe(numbers.length)
    expect(blocks.filter(({ kind }) => kind === 'init').map((block) => block.kind === 'init' && block.title)).toEqual([
      'Part one',
      'Part two',
    ])
  })

  it('is refused by viewers who know of it, where the first broadcaster cannot be reached', async (context) => {
    const { expect } = context
    const network = memoryNetwork()
    const keyPair = createKeyPair()
    const [host, elsewhere] = [network.transport(), network.transport()]
    const first = await broadcastFrom(context, host, { keyPair })
    network.cut(host, elsewhere)
    const { read } = await watch(context, network.transport(), first.link)
    void read()
    await blocksOf(context, first, 10)
    await expect(broadcastFrom(context, elsewhere, { keyPair })).rejects.toMatchObject({ code: 'ERR_FEED_ON_AIR' })
    expect(first.stats().state).toBe('live')
  })

  it('two histories stop everybody with words, also those whom neither broadcaster reaches, and stores are as they were', async (context) => {
    const { expect, onTestFinished } = context
    const network = memoryNetwork()
    const keyPair = createKeyPair()
    const hosts = Array.from({ length: 5 }, () => network.transport())
    const [here, there, ofHere, ofThere, behindHere] = hosts as [
      MemoryTransport,
      MemoryTransport,
      MemoryTransport,
      MemoryTransport,
      MemoryTransport,
    ]
    network.partition([here, ofHere, behindHere], [there, ofThere])
    network.cut(here, behindHere)
    const storage = await folder(context)
    const [one, other] = await Promise.all([
      broadcastFrom(context, here, { keyPair, title: 'One' }),
      broadcastFrom(context, there, { keyPair, title: 'Other' }),
    ])
    const watcher = await watch(context, ofHere, one.link, storage)
    const last = await watch(context, behindHere, one.link)
    const relay = await createRelay({ link: one.link, keep: 'all', transports: [ofThere] })
    onTestFinished(() => relay.close())
    const ends = [watcher.read(), last.read()]
    for (const end of ends) end.catch(() => {})
    await Promise.all([blocksOf(context, one, 30), blocksOf(context, other, 15)])
    await expect.poll(() => watcher.blocks.length).toBeGreaterThan(10)
    await expect.poll(() => last.blocks.length).toBeGreaterThan(10)
    await expect.poll(() => relay.stats().verifiedBlocks).toBeGreaterThan(10)

    network.heal()
    network.cut(here, behindHere)
    network.cut(there, behindHere)
    network.cut(here, there)
    for (const end of ends) await expect(end).rejects.toMatchObject({ code: 'ERR_FEED_CONFLICT' })
    await expect(watcher.viewer.closed).rejects.toThrow('two histories')
    const codes = await Promise.all(
      [one.closed, other.closed, relay.closed].map((closed) => closed.then(null, (error) => error.code)),
    )
    // A broadcaster hears of the longer history, or of the other one, whichever comes first.
    expect(codes.every((code) => code === 'ERR_FEED_CONFLICT' || code === 'ERR_FEED_ON_AIR')).toBe(true)

    const again = await watch(context, network.transport(), one.link, storage)
    again.read().catch(() => {})
    await expect.poll(() => again.blocks.length).toBeGreaterThanOrEqual(watcher.blocks.length)
    const seen = (block: ViewerBlock) => [block.index, Buffer.from(block.bytes).toString('base64')]
    expect(again.blocks.slice(0, watcher.blocks.length).map(seen)).toEqual(watcher.blocks.map(seen))
  })

  it('says who has what, where viewers have more than an old copy and cannot give it', async (context) => {
    const { expect, onTestFinished } = context
    const network = memoryNetwork()
    const keyPair = createKeyPair()
    const viewerHost = network.transport()
    const first = await broadcastFrom(context, network.transport(), { keyPair })
    const viewer = await createViewer({ link: first.link, transports: [viewerHost], maxUploads: 0 })
    onTestFinished(() => viewer.close())
    const blocks = viewer.blocks[Symbol.asyncIterator]()
    await blocks.next()
    await blocksOf(context, first, 10)
    await first.close()
    await expect(broadcastFrom(context, network.transport(), { keyPair })).rejects.toMatchObject({
      code: 'ERR_FEED_BEHIND',
    })
  })
})
