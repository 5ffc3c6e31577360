// A broadcast over a real DHT on this machine, as an application makes it: sources, no child processes.
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createBroadcast,
  createRelay,
  createViewer,
  HypervisionError,
  type Viewer,
  type ViewerBlock,
} from '@hypervision/core'
import { bootstrapNode, dht } from '@hypervision/transport-dht'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'

let network: Awaited<ReturnType<typeof bootstrapNode>>
let clip: Uint8Array

beforeAll(async () => {
  network = await bootstrapNode({ port: 0 })
  clip = await readFile(new URL('../packages/cli/assets/clip.webm', import.meta.url))
})
afterAll(() => network.close())

const transport = () => dht({ bootstrap: [network] })

/** The clip in two halves; the second comes when it is asked for, and the end with it or when it is. */
function heldClip({ staysOpen = false } = {}): {
  capture: AsyncIterable<Uint8Array>
  release(): void
  end(): void
} {
  const [rest, end] = [gate(), gate()]
  if (!staysOpen) end.open()
  async function* capture(): AsyncGenerator<Uint8Array> {
    yield clip.subarray(0, clip.length / 2)
    await rest.opened
    yield clip.subarray(clip.length / 2)
    await end.opened
  }
  return { capture: capture(), release: rest.open, end: end.open }
}

function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hypervision-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function watch(link: string, options: Partial<Parameters<typeof createViewer>[0]> = {}): Promise<Viewer> {
  const viewer = await createViewer({ link, transports: [transport()], ...options })
  onTestFinished(() => viewer.close())
  return viewer
}

async function collect(viewer: Viewer): Promise<ViewerBlock[]> {
  const blocks: ViewerBlock[] = []
  for await (const block of viewer.blocks) blocks.push(block)
  return blocks
}

function digests(blocks: ViewerBlock[]): Map<number, string> {
  return new Map(blocks.map(({ index, bytes }) => [index, createHash('sha256').update(bytes).digest('hex')]))
}

it('shows two viewers the same, and a third one gets the history from them when the broadcaster has gone', async () => {
  const { capture, release } = heldClip()
  const broadcast = await createBroadcast({ capture, transports: [transport()], title: 'Test' })
  const first = await watch(broadcast.link, { from: 'start' })
  const second = await watch(broadcast.link, { from: 'start' })
  const watching = [collect(first), collect(second)] as const
  await new Promise<void>((resolve) => first.addEventListener('epoch', () => resolve(), { once: true }))
  release()
  await broadcast.ended
  await broadcast.close()
  await broadcast.closed
  const [seenByFirst, seenBySecond] = await Promise.all(watching)
  expect(digests(seenBySecond)).toEqual(digests(seenByFirst))
  expect(seenByFirst.length).toBe(broadcast.stats().blocks - 1)

  const third = await watch(broadcast.link, { from: 'start' })
  expect(digests(await collect(third))).toEqual(digests(seenByFirst))
  expect(third.stats()).toMatchObject({ state: 'ended', epochs: 1 })
  expect(first.stats().bytesUp + second.stats().bytesUp).toBeGreaterThan(third.stats().streamBytes)
})

it('goes on with the same link and the same storage, and a viewer who waits sees the next broadcast', async () => {
  const storage = await temporaryFolder()
  const show = async function* (): AsyncGenerator<Uint8Array> {
    yield clip
  }
  const first = await createBroadcast({ capture: show(), storage, transports: [transport()] })
  const viewer = await watch(first.link, { from: 'start' })
  const before = await collect(viewer)
  await first.close()

  const second = await createBroadcast({ capture: show(), storage, transports: [transport()] })
  onTestFinished(() => second.close())
  expect(second.link).toBe(first.link)
  const after = await collect(viewer)
  expect(after[0]).toMatchObject({ kind: 'init', index: before.length + 1 })
  const last = before.at(-1)
  const next = after[1]
  expect(next?.kind === 'cluster' && last?.kind === 'cluster' && next.timestampMs > last.timestampMs).toBe(true)
})

it('seeks back while live, and returns to the live edge', async () => {
  const { capture } = heldClip()
  const broadcast = await createBroadcast({ capture, transports: [transport()] })
  onTestFinished(() => broadcast.close())
  await new Promise<void>((resolve) => broadcast.addEventListener('live', () => resolve(), { once: true }))
  const viewer = await watch(broadcast.link)
  const iterator = viewer.blocks[Symbol.asyncIterator]()
  const take = async (): Promise<ViewerBlock> => {
    const result = await iterator.next()
    if (result.done) throw new Error('the stream ended')
    return result.value
  }
  expect((await take()).kind).toBe('init')
  const live = await take()
  await viewer.seek('start')
  expect(await take()).toMatchObject({ kind: 'init', index: 0 })
  expect(await take()).toMatchObject({ kind: 'cluster', index: 1, key: true, discontinuity: true })
  await viewer.live()
  expect((await take()).kind).toBe('init')
  const again = await take()
  expect(again.index).toBeGreaterThanOrEqual(live.index)
  expect(again).toMatchObject({ kind: 'cluster', key: true, discontinuity: true })
})

it('begins at the live edge where an older part of the channel is stored, and nobody was heard of yet', async () => {
  const { capture, release, end } = heldClip({ staysOpen: true })
  const broadcast = await createBroadcast({ capture, transports: [transport()] })
  onTestFinished(() => broadcast.close())
  onTestFinished(end)
  const storage = await temporaryFolder()
  const before = await watch(broadcast.link, { storage })
  let stored = 0
  for await (const block of before.blocks) {
    stored = block.index
    if (block.kind === 'cluster') break
  }
  await before.close()
  release()
  await expect.poll(() => broadcast.stats().blocks).toBeGreaterThan(stored + 30)
  const after = await watch(broadcast.link, { storage })
  for await (const block of after.blocks) {
    if (block.kind === 'init') continue
    expect(block.index).toBeGreaterThan(stored)
    break
  }
})

it('serves a viewer from a relay alone', async () => {
  const { capture, release } = heldClip()
  const broadcast = await createBroadcast({ capture, transports: [transport()] })
  const relay = await createRelay({ link: broadcast.link, transports: [transport()], keep: 'all' })
  onTestFinished(() => relay.close())
  if (broadcast.stats().peers.length === 0) {
    await new Promise<void>((resolve) => broadcast.addEventListener('peeropen', () => resolve(), { once: true }))
  }
  release()
  await broadcast.ended
  await broadcast.close()
  const viewer = await watch(broadcast.link, { from: 'start' })
  expect((await collect(viewer)).length).toBe(broadcast.stats().blocks - 1)
  expect(relay.stats().bytesUp).toBeGreaterThan(viewer.stats().streamBytes)
})

it('gives up on a channel that nobody has when a time-out was set, and says what to check', async () => {
  const viewer = await watch('ab'.repeat(32), { timeoutMs: 200 })
  expect(viewer.stats().state).toBe('searching')
  const error = await viewer.closed.catch((reason: unknown) => reason)
  expect(error instanceof HypervisionError && error.code).toBe('ERR_FEED_NOT_FOUND')
  await expect(collect(viewer)).rejects.toThrow('Check the link')
})

it('closes with the error of a source that is no WebM, and keeps what came before', async () => {
  const broadcast = await createBroadcast({
    capture: (async function* () {
      yield Buffer.from('<!doctype html><title>not a video</title>')
    })(),
    transports: [transport()],
  })
  await expect(broadcast.closed).rejects.toMatchObject({ code: 'ERR_WEBM_NOT_WEBM' })
  expect(broadcast.stats()).toMatchObject({ state: 'closed', blocks: 0 })
})
