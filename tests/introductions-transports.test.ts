// Peers that introduce each other over the DHT and over WebRTC, in Node: each viewer finds the broadcaster and nobody else.
import { type Broadcast, createBroadcast, createViewer, type Viewer } from '@hypervision/core'
import type { Transport } from '@hypervision/core/contracts'
import { fakeCapture } from '@hypervision/testkit'
import { bootstrapNode, dht } from '@hypervision/transport-dht'
import { webrtc } from '@hypervision/transport-webrtc'
import { type Tracker, tracker } from '@hypervision/transport-webrtc/tracker'
import { expect, onTestFinished, test } from 'vitest'

async function goLive(transports: Transport[], maxPeers?: number): Promise<Broadcast> {
  const capture = fakeCapture({ frameRate: 25, keyframeEvery: 25, frameBytes: 1000 })
  const broadcast = await createBroadcast({ capture, transports, ...(maxPeers === undefined ? {} : { maxPeers }) })
  onTestFinished(() => broadcast.close())
  return broadcast
}

interface Watcher {
  readonly viewer: Viewer
  /** Number of the newest block that it was given. */
  newest: number
}

async function watch(link: string, transport: Transport): Promise<Watcher> {
  const viewer = await createViewer({ link, transports: [transport] })
  onTestFinished(() => viewer.close())
  const watcher = { viewer, newest: -1 }
  void (async () => {
    for await (const { index } of viewer.blocks) watcher.newest = index
  })().catch(() => {})
  return watcher
}

async function expectAllPlaying(broadcast: Broadcast, watchers: readonly Watcher[]): Promise<void> {
  const live = broadcast.stats().blocks
  await expect.poll(() => Math.min(...watchers.map(({ newest }) => newest))).toBeGreaterThan(live)
}

async function startTracker(): Promise<Tracker> {
  const running = await tracker({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => running.close())
  return running
}

const overWebRtc = (...trackers: Tracker[]): Transport =>
  webrtc({ trackers: trackers.map(({ url }) => url), iceServers: [] })

/** A node that finds others by the topic and is not found by it, and yet can be introduced: to the DHT any topic will do. */
function unlisted(transport: Transport): Transport {
  return {
    ...transport,
    async open(options) {
      const session = await transport.open(options)
      return {
        join(topic, { lookup }) {
          const own = session.join(crypto.getRandomValues(new Uint8Array(32)), { announce: true, lookup: false })
          return { ...session.join(topic, { announce: false, lookup }), introductions: own.introductions }
        },
        setMaxConnections: (maxConnections) => session.setMaxConnections(maxConnections),
        close: () => session.close(),
      }
    },
  }
}

test('on the DHT a broadcaster that takes one connection hands the other viewers to the first', async () => {
  const network = await bootstrapNode({ port: 0 })
  onTestFinished(() => network.close())
  const broadcast = await goLive([dht({ bootstrap: [network] })], 1)
  const watchers: Watcher[] = []
  for (let count = 0; count < 3; count++) {
    watchers.push(await watch(broadcast.link, unlisted(dht({ bootstrap: [network] }))))
    await expectAllPlaying(broadcast, watchers)
  }
  expect(broadcast.stats().peers).toHaveLength(1)
})

test('over WebRTC a newcomer gets to know the others, and needs neither trackers nor whom it met first', async () => {
  const trackers = [await startTracker(), await startTracker(), await startTracker(), await startTracker()]
  const broadcast = await goLive([overWebRtc(...trackers)])
  const door = await watch(broadcast.link, overWebRtc(...trackers.slice(0, 1)))
  const watchers = [
    door,
    await watch(broadcast.link, overWebRtc(...trackers.slice(1, 2))),
    await watch(broadcast.link, overWebRtc(...trackers.slice(2, 3))),
  ]
  await expectAllPlaying(broadcast, watchers)
  await expect.poll(() => watchers.map(({ viewer }) => viewer.stats().peers.length)).toEqual([3, 3, 3])
  for (const each of trackers.slice(0, 3)) await each.close()
  const late = await watch(broadcast.link, overWebRtc(...trackers.slice(3)))
  await expect.poll(() => late.viewer.stats().peers.length).toBe(4)
  await trackers[3]?.close()
  await door.viewer.close()
  await expectAllPlaying(broadcast, [late, ...watchers.slice(1)])
  expect(late.viewer.stats().peers).toHaveLength(3)
})

test('over WebRTC a broadcaster that takes one connection hands the other viewers to the first', async () => {
  const trackers = [await startTracker(), await startTracker(), await startTracker()]
  const broadcast = await goLive([overWebRtc(...trackers)], 1)
  const watchers: Watcher[] = []
  for (const each of trackers) {
    watchers.push(await watch(broadcast.link, overWebRtc(each)))
    await expectAllPlaying(broadcast, watchers)
  }
  expect(broadcast.stats().peers).toHaveLength(1)
})
