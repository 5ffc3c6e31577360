// A channel that keeps its last megabyte: a clip broadcast over and over into a folder, and those who come to watch it.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import {
  createBroadcast,
  createRelay,
  createViewer,
  type SkipReason,
  type Viewer,
  type ViewerBlock,
} from '@hypervision/core'
import { fakeCapture, type MemoryNetwork, memoryNetwork } from '@hypervision/testkit'
import { expect, it, onTestFinished } from 'vitest'

const retainBytes = 1_000_000
const rounds = 12

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hypervision-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** The clip, again and again, each time a new epoch; nothing paces it but the disk. */
async function* clips(): AsyncGenerator<Uint8Array> {
  const clip = await readFile(new URL('../packages/cli/assets/clip.webm', import.meta.url))
  for (let round = 0; round < rounds; round++) yield clip
}

async function watch(network: MemoryNetwork, link: string, from: 'start' | { secondsAgo: number }): Promise<Viewer> {
  const viewer = await createViewer({ link, transports: [network.transport()], from })
  onTestFinished(() => viewer.close())
  return viewer
}

async function collect(viewer: Viewer): Promise<ViewerBlock[]> {
  const blocks: ViewerBlock[] = []
  for (let init: number | null = null; ; ) {
    for await (const block of viewer.blocks) blocks.push(block)
    // The stream ends with each epoch's end; there is another epoch as long as the position is below the length.
    const { position, feedBlocks } = viewer.stats()
    if (position === init || position === null || position >= feedBlocks) return blocks
    init = position
  }
}

it('serves the last megabyte of a channel of many, to whoever wants it from the start', async () => {
  const network = memoryNetwork()
  const storage = await temporaryFolder()
  const options = { storage, transports: [network.transport()], retain: { bytes: retainBytes } }
  const broadcast = await createBroadcast({ capture: clips(), ...options })
  onTestFinished(() => broadcast.close())
  await broadcast.ended
  expect(broadcast.stats().streamBytes).toBeGreaterThan(3 * retainBytes)

  const viewer = await watch(network, broadcast.link, 'start')
  const blocks = await collect(viewer)
  const bytes = blocks.reduce((sum, block) => sum + block.bytes.byteLength, 0)
  expect(bytes).toBeGreaterThan(retainBytes)
  expect(bytes).toBeLessThan(2 * retainBytes)
  const [init, first] = blocks
  expect([init?.kind, first?.kind === 'cluster' && first.key]).toEqual(['init', true])
  // From there on every block, to the last one.
  const after = blocks.slice(1).map(({ index }) => index)
  expect(after.at(-1)).toBe(broadcast.stats().blocks - 2)

  const { epochs, gaps, isWhole } = await viewer.timeline()
  expect(isWhole).toBe(false)
  expect(epochs[0]).toMatchObject({ initBlock: init?.index, firstBlock: first?.index })
  expect(gaps).toHaveLength(epochs.length - 1)

  // An hour ago nothing was broadcast, and a minute ago is deleted.
  const early = await watch(network, broadcast.link, { secondsAgo: 3600 })
  for await (const block of early.blocks) {
    if (block.kind !== 'cluster') continue
    expect(block.index).toBe(first?.index)
    break
  }

  // A relay that is to keep less fetches no more than that of the history.
  const relay = await createRelay({
    link: broadcast.link,
    transports: [network.transport()],
    keep: 'all',
    retain: { seconds: 5 },
  })
  onTestFinished(() => relay.close())
  await expect.poll(() => relay.stats().verifiedBlocks).toBeGreaterThan(50)
  expect(relay.stats().streamBytes).toBeLessThan(retainBytes)
  await Promise.all([viewer.close(), early.close(), relay.close()])
  await broadcast.close()

  // Whoever reopens the folder may keep less, under the same link.
  const again = await createBroadcast({ ...options, capture: clips(), retain: { seconds: 20 } })
  onTestFinished(() => again.close())
  await again.ended
  expect(again.link).toBe(broadcast.link)
  const later = await (await watch(network, again.link, 'start')).timeline()
  const keptMs = (later.epochs.at(-1)?.endMs ?? 0) - (later.epochs[0]?.startMs ?? 0)
  expect(keptMs).toBeGreaterThanOrEqual(20_000)
  expect(keptMs).toBeLessThan(60_000)
})

/** A stream that goes on far faster than time, for as long as it is to. */
async function* hurried(pace: { frameMs: number }): AsyncGenerator<Uint8Array> {
  const capture = fakeCapture({ isPaced: false, frameRate: 25, frameBytes: 10_000, keyframeEvery: 25, hasAudio: false })
  for await (const chunk of capture.open({ signal: new AbortController().signal })) {
    yield chunk
    await wait(pace.frameMs)
  }
}

it('goes on in a folder all of whose blocks the broadcaster has deleted meanwhile: behind the hole, and says so', async () => {
  const network = memoryNetwork()
  const options = { transports: [network.transport()], retain: { bytes: retainBytes }, blockDurationMs: 20 }
  const pace = { frameMs: 1 }
  const broadcast = await createBroadcast({ capture: hurried(pace), ...options })
  onTestFinished(() => broadcast.close())
  const { link } = broadcast
  const storage = await temporaryFolder()
  const before = await createViewer({ link, transports: [network.transport()], storage })
  let last = 0
  for await (const { index } of before.blocks) {
    last = index
    if (before.stats().verifiedBlocks > 20) break
  }
  await before.close()
  // Nobody has what comes next any more: a megabyte is a hundred blocks.
  await expect.poll(() => broadcast.stats().blocks).toBeGreaterThan(last + 600)
  pace.frameMs = 200

  const viewer = await createViewer({ link, transports: [network.transport()], storage })
  onTestFinished(() => viewer.close())
  const skips: { readonly reason: SkipReason; readonly blocks: number }[] = []
  viewer.addEventListener('skip', ({ detail }) => void skips.push(detail))
  const numbers: number[] = []
  for await (const { kind, index } of viewer.blocks) {
    if (kind === 'cluster') numbers.push(index)
    if (numbers.filter((number) => number > last + 300).length === 20) break
  }
  const behind = numbers.filter((number) => number > last + 300)
  expect(behind).toEqual(behind.map((_, at) => (behind[0] ?? 0) + at))
  // What it had comes first where it has not heard of anybody yet.
  const own = numbers.filter((number) => number <= last + 300)
  expect(skips.map(({ reason }) => reason)).toEqual(own.length === 0 ? [] : ['deleted'])
})
