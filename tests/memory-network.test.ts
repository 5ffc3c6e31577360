// The overlay on a network in memory, where who reaches whom, how long it takes and who dies is up to the test.
import { createHash } from 'node:crypto'
import {
  type Broadcast,
  createBroadcast,
  createRelay,
  createViewer,
  type Viewer,
  type ViewerBlock,
} from '@hypervision/core'
import { cutWebm } from '@hypervision/core/webm'
import {
  type FakeCapture,
  fakeCapture,
  type MemoryNetwork,
  type MemoryTransport,
  memoryNetwork,
} from '@hypervision/testkit'
import { expect, it, onTestFinished, vi } from 'vitest'

/** A viewer and all that it was given. */
interface Watcher {
  readonly viewer: Viewer
  readonly transport: MemoryTransport
  readonly blocks: ViewerBlock[]
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>
}

/** Pictures a second. */
const usualRate = 50

const capture = (frameRate = usualRate): FakeCapture =>
  fakeCapture({ frameRate, keyframeEvery: frameRate / 2, frameBytes: 10_000 })

async function start(network: MemoryNetwork, source: FakeCapture, maxPeers = 64): Promise<Broadcast> {
  const transports = [network.transport({ host: 'broadcaster' })]
  const broadcast = await createBroadcast({ capture: source, transports, maxPeers, blockDurationMs: 40 })
  onTestFinished(() => broadcast.close())
  return broadcast
}

async function watch(network: MemoryNetwork, link: string, host: string, maxPeers = 64): Promise<Watcher> {
  const transport = network.transport({ host })
  const viewer = await createViewer({ link, transports: [transport], maxPeers, from: 'start' })
  onTestFinished(() => viewer.close())
  const blocks: ViewerBlock[] = []
  const ended = (async () => {
    for await (const block of viewer.blocks) blocks.push(block)
  })()
  ended.catch(() => {})
  return { viewer, transport, blocks, ended }
}

/**
 * Viewers that join one after another, each with a place for the one before it and one for the one after it. Each has
 * the first block when the next one comes, for which the start is the oldest block that its peers have.
 */
async function chain(network: MemoryNetwork, link: string, length: number): Promise<Watcher[]> {
  const watchers: Watcher[] = []
  while (watchers.length < length) {
    const watcher = await watch(network, link, `viewer-${watchers.length + 1}`, 2)
    await expect.poll(() => watcher.blocks[0]?.index).toBe(0)
    expect(watcher.viewer.stats().peers.length).toBe(1)
    watchers.push(watcher)
  }
  return watchers
}

async function hasFrames(source: FakeCapture, more: number): Promise<void> {
  const frames = source.frames + more
  await expect.poll(() => source.frames).toBeGreaterThanOrEqual(frames)
}

function digests(blocks: readonly ViewerBlock[]): [number, string][] {
  return blocks.map(({ index, bytes }) => [index, createHash('sha256').update(bytes).digest('hex')])
}

/** Everybody has every block of the feed, once and in order, and the blocks hold every frame of the source. */
async function expectAllOfIt(
  broadcast: Broadcast,
  source: FakeCapture,
  watchers: readonly Watcher[],
  frameRate = usualRate,
): Promise<void> {
  const [first, ...others] = watchers
  const blocks = first?.blocks ?? []
  expect(blocks.map(({ index }) => index)).toEqual(Array.from({ length: broadcast.stats().blocks - 1 }, (_, at) => at))
  for (const other of others) expect(digests(other.blocks)).toEqual(digests(blocks))
  let frames = 0
  for await (const piece of cutWebm(blocks.map(({ bytes }) => bytes))) {
    if (piece.kind === 'cluster') frames += piece.frames
  }
  // Each picture comes with the sound of its time, in frames of 20 ms.
  expect(frames).toBe((1 + 50 / frameRate) * source.frames)
}

/** Whom a host has sent blocks to: many more bytes than introductions and signs of life take. */
function servedBy(network: MemoryNetwork, host: string): string[] {
  return network.links.flatMap(({ from, to, bytes }) => (from === host && bytes > 200_000 ? [to] : []))
}

it('passes every block from viewer to viewer where the broadcaster serves a single one', async () => {
  const network = memoryNetwork()
  // No more than a busy machine keeps up with: whoever is late is sent blocks a second time.
  const frameRate = 10
  const source = capture(frameRate)
  const broadcast = await start(network, source, 1)
  const watchers = await chain(network, broadcast.link, 5)
  await hasFrames(source, 50)
  const depths = () => watchers.map(({ viewer }) => viewer.stats().live.depth)
  await expect.poll(depths).toEqual([1, 2, 3, 4, 5])
  source.end()
  await Promise.all(watchers.map(({ ended }) => ended))
  await expectAllOfIt(broadcast, source, watchers, frameRate)
  expect(servedBy(network, 'broadcaster')).toEqual(['viewer-1'])
  expect(servedBy(network, 'viewer-3')).toEqual(['viewer-4'])
  // Payload alone: what is sent of each block besides, such as its proof, is not a part of a copy.
  const copies = [broadcast.stats().sourceCopies, ...watchers.map(({ viewer }) => viewer.stats().relayedCopies)]
  expect(copies.slice(0, -1).filter((one) => one < 0.95 || one > 1.1)).toEqual([])
  expect(copies.at(-1)).toBe(0)
})

it('closes the gap when a viewer in the middle dies without a word, and nobody after it misses a block', async () => {
  const network = memoryNetwork()
  const source = capture()
  const broadcast = await start(network, source, 1)
  const [first, middle, third, last] = await chain(network, broadcast.link, 4)
  if (first === undefined || middle === undefined || third === undefined || last === undefined) return
  await hasFrames(source, 25)
  middle.transport.kill()
  await expect.poll(() => servedBy(network, 'viewer-1'), { interval: 50 }).toContain('viewer-3')
  await hasFrames(source, 25)
  source.end()
  await Promise.all([first, third, last].map(({ ended }) => ended))
  await expectAllOfIt(broadcast, source, [first, third, last])
  expect(middle.blocks.length).toBeLessThan(first.blocks.length)
  expect(digests(middle.blocks)).toEqual(digests(first.blocks).slice(0, middle.blocks.length))
})

it('gives every block over a line that is slow, uneven, silent for a while and broken again and again', async () => {
  let messages = 0
  // Every tenth message is lost once and sent again.
  const network = memoryNetwork({ delayMs: () => 20 + (++messages % 7) + (messages % 10 === 0 ? 120 : 0) })
  const source = capture()
  const broadcast = await start(network, source, 1)
  const [first, second] = await chain(network, broadcast.link, 2)
  if (first === undefined || second === undefined) return
  await hasFrames(source, 20)
  network.cut(first.transport, second.transport)
  await hasFrames(source, 20)
  network.heal()
  for (let round = 0; round < 3; round++) {
    await hasFrames(source, 20)
    const before = second.blocks.length
    network.disconnect(first.transport, second.transport)
    await expect.poll(() => second.blocks.length).toBeGreaterThan(before + 5)
  }
  source.end()
  await Promise.all([first, second].map(({ ended }) => ended))
  await expectAllOfIt(broadcast, source, [first, second])
})

it('passes nothing on as a leaf, and as many copies as it was told to as the source', async () => {
  const network = memoryNetwork()
  const source = capture()
  const transports = [network.transport({ host: 'broadcaster' })]
  const broadcast = await createBroadcast({ capture: source, transports, sourceCopies: 1, blockDurationMs: 40 })
  onTestFinished(() => broadcast.close())
  const { link } = broadcast
  const leaf = await createViewer({ link, transports: [network.transport({ host: 'leaf' })], maxUploads: 0 })
  const relay = await createRelay({ link, transports: [network.transport({ host: 'relay' })], maxUploads: 0.5 })
  const nodes = [leaf, relay]
  onTestFinished(async () => void (await Promise.all(nodes.map((node) => node.close()))))
  const least = () => Math.min(...nodes.map((node) => node.stats().verifiedBlocks))
  await expect.poll(least).toBeGreaterThan(20)
  leaf.uploads = true
  expect(leaf.uploads).toBe(false)
  expect(leaf.stats()).toMatchObject({ blockBytesUp: 0, live: { places: 0, children: 0, pushedBlocks: 0 } })
  expect([broadcast, relay].map((node) => node.stats().live.places)).toEqual([4, 2])
})

it('stays ended while it waits for the next broadcast, however long that takes', async () => {
  const network = memoryNetwork()
  const source = capture()
  const broadcast = await start(network, source)
  const { viewer, ended } = await watch(network, broadcast.link, 'viewer')
  await hasFrames(source, 10)
  source.end()
  await ended
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const waiting = viewer.blocks[Symbol.asyncIterator]().next()
  await vi.advanceTimersByTimeAsync(60_000)
  const { state, stalls } = viewer.stats()
  expect([state, stalls]).toEqual(['ended', 0])
  vi.useRealTimers()
  await viewer.close()
  expect(await waiting).toMatchObject({ done: true })
})

it('gives those who come late what is past no faster than the upload limit, and warns where the stream itself takes more', async () => {
  const network = memoryNetwork()
  const source = fakeCapture({ frameRate: 50, keyframeEvery: 25, frameBytes: 1000 })
  const uploadLimitBytesPerSecond = 40_000
  const broadcast = await createBroadcast({
    capture: source,
    transports: [network.transport({ host: 'broadcaster' })],
    uploadLimitBytesPerSecond,
  })
  onTestFinished(() => broadcast.close())
  const warnings: unknown[] = []
  broadcast.addEventListener('warning', ({ detail }) => warnings.push(detail.error))
  const since = performance.now()
  const watcher = await watch(network, broadcast.link, 'viewer')
  await expect.poll(() => watcher.blocks.length).toBeGreaterThan(20)
  await expect.poll(() => warnings).toMatchObject([{ code: 'ERR_TRANSPORT_UPLOAD_LIMIT' }])
  const { blockBytesUp } = broadcast.stats()
  const seconds = (performance.now() - since) / 1000
  // A second that was saved up, one that is borrowed, and the block that is being sent.
  expect(blockBytesUp).toBeLessThan(uploadLimitBytesPerSecond * (seconds + 2) + 20_000)
  const least = await createBroadcast({ capture: fakeCapture(), transports: [], uploadLimitBytesPerSecond: 1000 })
  await least.close()
  await expect(createBroadcast({ capture: source, uploadLimitBytesPerSecond: 999 })).rejects.toMatchObject({
    code: 'ERR_OPTION_INVALID',
  })
})

it('tells a viewer to whom the stream keeps coming too slowly, and goes on giving it one block after another', async () => {
  const network = memoryNetwork()
  const broadcast = await createBroadcast({
    capture: fakeCapture({ frameRate: 50, keyframeEvery: 25, frameBytes: 1000 }),
    transports: [network.transport({ host: 'broadcaster' })],
    uploadLimitBytesPerSecond: 25_000,
  })
  onTestFinished(() => broadcast.close())
  const viewer = await createViewer({ link: broadcast.link, transports: [network.transport({ host: 'viewer' })] })
  onTestFinished(() => viewer.close())
  const warned = new Promise<unknown>((resolve) => {
    viewer.addEventListener('warning', ({ detail }) => resolve(detail.error))
  })
  let blocks = 0
  const reading = (async () => {
    for await (const _block of viewer.blocks) blocks++
  })()
  expect(await Promise.race([warned, reading])).toMatchObject({
    code: 'ERR_TRANSPORT_TOO_SLOW',
    detail: { link: broadcast.link, lagMs: expect.any(Number) },
  })
  const before = blocks
  await expect.poll(() => blocks).toBeGreaterThan(before + 10)
})
