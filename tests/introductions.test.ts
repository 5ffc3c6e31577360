// Peers that introduce each other, on a network in memory where trackers know as much as the test lets them.
import { type Broadcast, createBroadcast, createViewer, type Viewer } from '@hypervision/core'
import { fakeCapture, type MemoryNetwork, type MemoryTransport, memoryNetwork } from '@hypervision/testkit'
import { expect, it, onTestFinished } from 'vitest'

interface Watcher {
  readonly viewer: Viewer
  readonly transport: MemoryTransport
  /** Numbers of the blocks it was given. */
  readonly blocks: number[]
}

async function goLive(network: MemoryNetwork, maxPeers = 64): Promise<Broadcast> {
  const broadcast = await createBroadcast({
    capture: fakeCapture({ frameRate: 25, keyframeEvery: 25, frameBytes: 1000 }),
    transports: [network.transport({ host: 'broadcaster' })],
    maxPeers,
  })
  onTestFinished(() => broadcast.close())
  return broadcast
}

async function watch(network: MemoryNetwork, link: string, host: string, maxPeers = 64): Promise<Watcher> {
  const transport = network.transport({ host })
  const viewer = await createViewer({ link, transports: [transport], maxPeers })
  onTestFinished(() => viewer.close())
  const blocks: number[] = []
  void (async () => {
    for await (const { index } of viewer.blocks) blocks.push(index)
  })().catch(() => {})
  return { viewer, transport, blocks }
}

/** Everybody is given blocks that are made from now on. */
async function expectAllPlaying(broadcast: Broadcast, watchers: readonly Watcher[]): Promise<void> {
  const live = broadcast.stats().blocks
  await expect.poll(() => Math.min(...watchers.map(({ blocks }) => blocks.at(-1) ?? -1))).toBeGreaterThan(live)
}

it('serves ten viewers who know the broadcaster only, which takes one connection', async () => {
  const network = memoryNetwork({ finds: ({ to }) => to === 'broadcaster' })
  const calls = new Map<string, number>()
  network.tap(({ from, to, kind }) => {
    if (kind === 'open' && to === 'broadcaster') calls.set(from, (calls.get(from) ?? 0) + 1)
  })
  const broadcast = await goLive(network, 1)
  const watchers: Watcher[] = []
  for (let count = 1; count <= 10; count++) watchers.push(await watch(network, broadcast.link, `viewer-${count}`))
  await expectAllPlaying(broadcast, watchers)
  const blocks = broadcast.stats().blocks + 30
  await expect.poll(() => broadcast.stats().blocks).toBeGreaterThan(blocks)
  expect(broadcast.stats().peers).toHaveLength(1)
  const served = network.links.filter(({ from, bytes }) => from === 'broadcaster' && bytes > 20_000)
  expect(served).toHaveLength(1)
  // The network would have each of them call ten times a second.
  expect(Math.max(...calls.values())).toBeLessThan(8)
})

it('goes on without a tracker while viewers leave, and those who are left find others', async () => {
  let isTrackerThere = true
  // Each finds four others, in a mesh that stays in one piece whichever three of it leave at once.
  const place = (host: string): number => Number(host.split('-')[1] ?? 0)
  const network = memoryNetwork({
    finds: ({ from, to }) => isTrackerThere && [1, 5, 8, 12].includes((13 + place(from) - place(to)) % 13),
  })
  const broadcast = await goLive(network)
  let watchers: Watcher[] = []
  for (let count = 1; count <= 12; count++) watchers.push(await watch(network, broadcast.link, `viewer-${count}`))
  const fewestPeers = (): number => Math.min(...watchers.map(({ viewer }) => viewer.stats().peers.length))
  const healed = (): Promise<void> => expect.poll(fewestPeers).toBeGreaterThanOrEqual(Math.min(4, watchers.length))
  await healed()
  isTrackerThere = false
  for (const leaving of [[1, 4, 7], [2], [3], [0]]) {
    const isKilled = leaving.length > 1
    for (const { viewer, transport } of watchers.filter((_, at) => leaving.includes(at))) {
      if (isKilled) transport.kill()
      else await viewer.close()
    }
    watchers = watchers.filter((_, at) => !leaving.includes(at))
    await expectAllPlaying(broadcast, watchers)
    await healed()
  }
  expect(watchers).toHaveLength(6)
})

it('introduces a newcomer to the others when the one that it met leaves', async () => {
  const network = memoryNetwork({
    finds: ({ from, to }) => from === 'broadcaster' || to === 'broadcaster' || to === 'door',
  })
  const broadcast = await goLive(network)
  const first = await watch(network, broadcast.link, 'first')
  const door = await watch(network, broadcast.link, 'door')
  await expectAllPlaying(broadcast, [first, door])
  const late = await watch(network, broadcast.link, 'late')
  await expect.poll(() => late.viewer.stats().peers.length).toBe(3)
  await door.viewer.close()
  await expectAllPlaying(broadcast, [first, late])
  expect(late.viewer.stats().peers).toHaveLength(2)
})
