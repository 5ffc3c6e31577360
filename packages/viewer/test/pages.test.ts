// Pages of people in real Chromium, each with a profile of its own: a camera goes on air in one and is watched in others, in
// Node and beyond a gateway; and what happens to pages, trackers and peers meanwhile is not seen. Every block is the same at both ends.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { webmFile } from '@hypervision/capture-node'
import { type Broadcast, createBroadcast, createRelay, createViewer } from '@hypervision/core'
import { hypercoreWeb } from '@hypervision/hypercore-web/esbuild'
import { bootstrapNode, dht } from '@hypervision/transport-dht'
import { webrtc } from '@hypervision/transport-webrtc'
import { type Tracker, tracker } from '@hypervision/transport-webrtc/tracker'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { openPage, sharePage } from '../../../tests/browser/chromium.ts'
import { clip, endAll, startCli } from '../../../tests/cli-process.ts'
import { decodingErrors } from '../../../tests/decoding-errors.ts'
import type {} from './pages-page.ts'

const folder = mkdtempSync(join(tmpdir(), 'hypervision-pages-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(endAll)

const shared = sharePage({ script: 'packages/viewer/test/pages-page.ts', plugins: [hypercoreWeb()] })

async function startTracker(port = 0): Promise<Tracker> {
  const running = await tracker({ port, host: '127.0.0.1' })
  onTestFinished(() => running.close())
  return running
}

/** A person's browser. */
async function open(): Promise<{ page: Page; errors: string[] }> {
  const opened = await openPage(shared.browser, shared.url, { permissions: ['camera', 'microphone'] })
  onTestFinished(() => opened.page.context().close())
  return opened
}

async function openWatching(link: string, url: string): Promise<{ page: Page; errors: string[] }> {
  const opened = await open()
  await opened.page.evaluate(([channel, address]) => watchChannel(channel, address), [link, url] as const)
  return opened
}

/** Waits until the player has moved on by so many seconds of the stream since now. */
async function expectPlaying(page: Page, seconds = 1): Promise<void> {
  const start = await page.waitForFunction(() => (element.state === 'playing' ? element.currentTime : null))
  await page.waitForFunction((to) => element.currentTime > to, Number(await start.jsonValue()) + seconds)
}

/** Ends a broadcast from Node; hashes of the blocks as they are stored, by their numbers. */
async function endAndReadBlocks(broadcast: Broadcast, storage: string): Promise<Record<number, string>> {
  await broadcast.close()
  const viewer = await createViewer({ link: broadcast.link, storage, from: 'start' })
  const blocks: Record<number, string> = {}
  for await (const { index, bytes } of viewer.blocks) {
    blocks[index] = hashOf(bytes)
  }
  await viewer.close()
  return blocks
}

/** Checks that all that was broadcast has arrived in a page, bit for bit. */
async function expectSameBlocks(page: Page, stored: Record<number, string>): Promise<void> {
  expect(Object.keys(stored).length).toBeGreaterThan(10)
  await page.waitForFunction((count) => Object.keys(arrived).length >= count, Object.keys(stored).length)
  expect(await page.evaluate(() => arrived)).toEqual(stored)
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

const overWebRtc = (url: string) => webrtc({ trackers: [url], iceServers: [] })

describe('a page with a camera', () => {
  test('is watched by a page, which joins late, goes back, and sees the screen in place of the camera', async () => {
    const { url } = await startTracker()
    const maker = await open()
    const link = await maker.page.evaluate((address) => goLive(address, 'camera'), url)
    await maker.page.waitForFunction(() => broadcast.stats().liveSeconds > 4)
    const watcher = await openWatching(link, url)
    await expectPlaying(watcher.page)
    // It has begun near the live edge, and not where the broadcast did.
    await watcher.page.waitForFunction(() => {
      const [, end = Number.POSITIVE_INFINITY] = element.statistics?.seekable ?? []
      return end - element.currentTime < 1
    })
    await watcher.page.evaluate(() => {
      element.currentTime = 1
    })
    await watcher.page.waitForFunction(
      () => element.currentTime > 1 && element.currentTime < 3 && element.state === 'playing',
    )
    await watcher.page.evaluate(() => element.live())
    await watcher.page.waitForFunction(() => element.statistics?.isLive && element.currentTime > 4)
    const before = await watcher.page.evaluate(() => shape())
    await maker.page.evaluate(() => shareScreen())
    await watcher.page.waitForFunction((wide) => shape() < wide - 0.1, before)
    await expectPlaying(watcher.page)
    const { blocks } = await maker.page.evaluate(() => closeAndReadBlocks('camera'))
    await expectSameBlocks(watcher.page, blocks)
    expect([...maker.errors, ...watcher.errors]).toEqual([])
  })

  test('reloads and goes on with its channel, and those who watch go on by themselves', async () => {
    const { url } = await startTracker()
    const maker = await open()
    const link = await maker.page.evaluate((address) => goLive(address, 'reloaded'), url)
    const watcher = await openWatching(link, url)
    await expectPlaying(watcher.page)
    await maker.page.reload()
    expect(await maker.page.evaluate((address) => goLive(address, 'reloaded'), url)).toBe(link)
    await watcher.page.waitForFunction(() => element.statistics?.isLive && element.state === 'playing')
    await expectPlaying(watcher.page, 2)
    const { blocks } = await maker.page.evaluate(() => closeAndReadBlocks('reloaded'))
    await expectSameBlocks(watcher.page, blocks)
    expect([...maker.errors, ...watcher.errors]).toEqual([])
  })

  test('is recorded by the command line, and ffmpeg decodes it without a word', async () => {
    const { url } = await startTracker()
    const maker = await open()
    const link = await maker.page.evaluate((address) => goLive(address, 'recorded'), url)
    const file = join(folder, 'recorded.webm')
    const network = ['--no-dht', '--tracker', url, '--ice', 'none']
    const watch = startCli(['watch', link, '--out', file, '--from', 'start', ...network, '--json'])
    await watch.event('stats', ({ verifiedBlocks }) => Number(verifiedBlocks) > 30)
    const { whole } = await maker.page.evaluate(() => closeAndReadBlocks('recorded'))
    expect(await watch.ended).toMatchObject({ code: 0, stderr: '' })
    expect(hashOf(await readFile(file))).toBe(whole)
    expect(await decodingErrors(file, { isOfBrowser: true })).toBe('')
    expect(maker.errors).toEqual([])
  })
})

describe('a broadcaster in Node', () => {
  async function goLiveInNode(name: string, transport: ReturnType<typeof dht>) {
    const storage = join(folder, name)
    const broadcast = await createBroadcast({
      capture: webmFile(clip, { loop: true }),
      transports: [transport],
      storage,
    })
    onTestFinished(() => broadcast.close())
    return { broadcast, storage }
  }

  test('is watched by pages, through trackers that go and come and peers that die', async () => {
    const first = await startTracker()
    const { url } = first
    const { broadcast, storage } = await goLiveInNode('webrtc', overWebRtc(url))
    const [watcher, peer] = [await openWatching(broadcast.link, url), await openWatching(broadcast.link, url)]
    await expectPlaying(watcher.page)
    await expectPlaying(peer.page)
    await first.close()
    await expectPlaying(watcher.page)
    const devTools = await peer.page.context().newCDPSession(peer.page)
    devTools.send('Page.crash').catch(() => {})
    await peer.page.waitForEvent('crash')
    await expectPlaying(watcher.page, 2)
    await startTracker(Number(new URL(url).port))
    const late = await openWatching(broadcast.link, url)
    await expectPlaying(late.page)
    const stored = await endAndReadBlocks(broadcast, storage)
    await expectSameBlocks(watcher.page, stored)
    await expectSameBlocks(late.page, stored)
  })

  test('on the DHT alone is watched by a page through a gateway', async () => {
    const network = await bootstrapNode({ port: 0 })
    onTestFinished(() => network.close())
    const { url } = await startTracker()
    const { broadcast, storage } = await goLiveInNode('dht', dht({ bootstrap: [network] }))
    const gateway = await createRelay({
      link: broadcast.link,
      transports: [dht({ bootstrap: [network] }), overWebRtc(url)],
    })
    onTestFinished(() => gateway.close())
    const { page, errors } = await openWatching(broadcast.link, url)
    await expectPlaying(page)
    expect(broadcast.stats().peers).toHaveLength(1)
    await expectSameBlocks(page, await endAndReadBlocks(broadcast, storage))
    expect(errors).toEqual([])
  })
})
