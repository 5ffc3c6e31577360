// Faults of time and of the network, in one process: what is lost, how long it takes to recover, what a person is told. docs/faults.md has all
// of them, with those of disks and processes.
import { setImmediate } from 'node:timers/promises'
import {
  createBroadcast,
  createRelay,
  createViewer,
  type Viewer,
  type ViewerBlock,
  type ViewerState,
} from '@hypervision/core'
import { cutWebm } from '@hypervision/core/webm'
import {
  type FakeCapture,
  fakeCapture,
  type MemoryNetwork,
  type MemoryTransport,
  memoryNetwork,
} from '@hypervision/testkit'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { WriteBatch } from '../packages/hypercore-web/src/write-batch.ts'

const hourMs = 3_600_000

interface Watcher {
  readonly viewer: Viewer
  readonly transport: MemoryTransport
  readonly blocks: ViewerBlock[]
  readonly states: ViewerState[]
  readonly skips: unknown[]
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>
}

function source(): FakeCapture {
  return fakeCapture({ frameRate: 50, keyframeEvery: 25, frameBytes: 500 })
}

async function goLive(network: MemoryNetwork, capture: FakeCapture) {
  const transport = network.transport({ host: 'broadcaster' })
  const broadcast = await createBroadcast({ capture, transports: [transport], blockDurationMs: 40 })
  onTestFinished(() => broadcast.close())
  return { broadcast, transport }
}

async function watch(network: MemoryNetwork, link: string, from: 'live' | 'start' = 'live'): Promise<Watcher> {
  const transport = network.transport({ host: 'viewer' })
  const viewer = await createViewer({ link, transports: [transport], from })
  onTestFinished(() => viewer.close())
  const blocks: ViewerBlock[] = []
  const ended = (async () => {
    for await (const block of viewer.blocks) blocks.push(block)
  })()
  ended.catch(() => {})
  const watcher: Watcher = { viewer, transport, blocks, states: [], skips: [], ended }
  viewer.addEventListener('state', ({ detail }) => watcher.states.push(detail.state))
  viewer.addEventListener('skip', ({ detail }) => watcher.skips.push(detail))
  return watcher
}

/** Numbers of blocks that are missing between the first keyframe that was given and the last block. */
function missing({ blocks }: Watcher): number[] {
  const given = new Set(blocks.slice(1).map(({ index }) => index))
  const [first = 0, last = 0] = [blocks[1]?.index, blocks.at(-1)?.index]
  return Array.from({ length: last - first }, (_, at) => first + at).filter((index) => !given.has(index))
}

function timestamps({ blocks }: Watcher): number[] {
  return blocks.flatMap((block) => (block.kind === 'cluster' ? [block.timestampMs] : []))
}

/** Timers and clocks are the test's own from here to its end. */
function takeTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'] })
  onTestFinished(() => void vi.useRealTimers())
}

/** Lets that time pass for everybody: hops of the memory network are turns of the loop. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 20) {
    await vi.advanceTimersByTimeAsync(20)
    for (let turn = 0; turn < 4; turn++) await setImmediate()
  }
}

/** Lets as much of it pass as something takes. */
async function during<Value>(promise: Promise<Value>): Promise<Value> {
  let isSettled = false
  const settle = (): void => {
    isSettled = true
  }
  promise.then(settle, settle)
  for (let passed = 0; !isSettled && passed < 120_000; passed += 100) await pass(100)
  return promise
}

describe('a wall clock that jumps', () => {
  it('forward and back by hours leaves a timeline that only rises, no block out, and figures that a person can believe', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1) })
    onTestFinished(() => void vi.useRealTimers())
    const network = memoryNetwork()
    const capture = source()
    const { broadcast } = await goLive(network, capture)
    const watcher = await watch(network, broadcast.link)
    const more = async (): Promise<void> => {
      const target = watcher.blocks.length + 15
      await expect.poll(() => watcher.blocks.length).toBeGreaterThanOrEqual(target)
    }
    await more()
    for (const jumpMs of [hourMs, -2 * hourMs, hourMs]) {
      vi.setSystemTime(Date.now() + jumpMs)
      await more()
      // A source that begins anew is placed by the clock as it is by then.
      capture.restart()
      await more()
      const { latencyMs, blocksPerSecond, bitsPerSecond, peers } = watcher.viewer.stats()
      expect(Math.abs(latencyMs ?? 0)).toBeLessThanOrEqual(60_000)
      expect(blocksPerSecond).toBeGreaterThan(0)
      expect(bitsPerSecond).toBeGreaterThan(0)
      const { liveSeconds, blocksPerSecond: written } = broadcast.stats()
      expect(written).toBeGreaterThan(0)
      for (const seconds of [liveSeconds, peers[0]?.connectedSeconds ?? -1]) {
        expect(seconds).toBeGreaterThanOrEqual(0)
        expect(seconds).toBeLessThan(hourMs / 1000 / 2)
      }
    }
    expect(missing(watcher)).toEqual([])
    expect(watcher.skips).toEqual([])
    const times = timestamps(watcher)
    expect(times.filter((time, at) => at > 0 && time <= (times[at - 1] ?? 0))).toEqual([])
    // It closes in time, though the clock stands still and its viewer is out of reach.
    network.cut(watcher.transport, network.transport({ host: 'broadcaster' }))
    await broadcast.close()
  })
})

describe('a network that is away', () => {
  it.each([500, 5000, 60_000])('for %i ms costs nobody a block', async (outageMs) => {
    takeTime()
    const network = memoryNetwork()
    const { broadcast, transport } = await during(goLive(network, source()))
    const relayTransport = network.transport({ host: 'relay' })
    const relay = await during(createRelay({ link: broadcast.link, transports: [relayTransport] }))
    const watcher = await during(watch(network, broadcast.link))
    await pass(3000)
    expect(watcher.viewer.stats().state).toBe('playing')
    network.partition([transport], [relayTransport, watcher.transport])
    await pass(outageMs)
    const before = watcher.blocks.length
    expect(watcher.viewer.stats().state).toBe(outageMs > 1000 ? 'stalled' : 'playing')
    network.heal()
    let recoveryMs = 0
    for (
      ;
      watcher.viewer.stats().feedBlocks - (watcher.blocks.at(-1)?.index ?? 0) > 3 || watcher.blocks.length === before;
      recoveryMs += 100
    ) {
      expect(recoveryMs).toBeLessThan(30_000)
      await pass(100)
    }
    expect(missing(watcher)).toEqual([])
    expect(watcher.skips).toEqual([])
    expect(watcher.viewer.stats().state).toBe('playing')
    await during(Promise.all([watcher.viewer.close(), relay.close()]))
    await during(broadcast.close())
  })
})

describe('a slow disk', () => {
  it('that takes its time, and now and then seconds, costs no frame', async () => {
    takeTime()
    const { flush } = WriteBatch.prototype
    let writes = 0
    vi.spyOn(WriteBatch.prototype, 'flush').mockImplementation(async function (this: WriteBatch) {
      const ms = ++writes % 100 === 0 ? 3000 : 15
      await new Promise((resolve) => setTimeout(resolve, ms))
      await flush.call(this)
    })
    onTestFinished(() => void vi.restoreAllMocks())
    const network = memoryNetwork()
    const capture = source()
    const { broadcast } = await during(goLive(network, capture))
    const watcher = await during(watch(network, broadcast.link, 'start'))
    await pass(30_000)
    capture.end()
    await during(watcher.ended)
    expect(watcher.viewer.stats().state).toBe('ended')
    expect(missing(watcher)).toEqual([])
    let frames = 0
    for await (const piece of cutWebm(watcher.blocks.map(({ bytes }) => bytes))) {
      if (piece.kind === 'cluster') frames += piece.frames
    }
    expect(writes).toBeGreaterThan(200)
    expect(frames).toBe(2 * capture.frames)
    await during(watcher.viewer.close())
    await during(broadcast.close())
  })
})
