// Pages that serve each other, in real Chromium. Each page has a tracker of its own, where it finds the broadcaster and nobody
// else: whoever it is connected with besides, it was introduced to.
import { webmFile } from '@hypervision/capture-node'
import { createBroadcast } from '@hypervision/core'
import { hypercoreWeb } from '@hypervision/hypercore-web/esbuild'
import { webrtc } from '@hypervision/transport-webrtc'
import { type Tracker, tracker } from '@hypervision/transport-webrtc/tracker'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { openPage, sharePage } from '../../../tests/browser/chromium.ts'
import type {} from './swarm-page.ts'

const shared = sharePage({ script: 'packages/viewer/test/swarm-page.ts', plugins: [hypercoreWeb()] })
const clip = new URL('../../cli/assets/clip.webm', import.meta.url).pathname

async function startTrackers(count: number): Promise<Tracker[]> {
  const trackers: Tracker[] = []
  while (trackers.length < count) trackers.push(await tracker({ port: 0, host: '127.0.0.1' }))
  onTestFinished(async () => void (await Promise.all(trackers.map((each) => each.close()))))
  return trackers
}

async function open(): Promise<Page> {
  const { page } = await openPage(shared.browser, shared.url)
  onTestFinished(() => page.context().close())
  return page
}

/** A page that watches, once it plays. */
async function watching(link: string, { url }: Tracker): Promise<Page> {
  const page = await open()
  await page.evaluate(([channel, address]) => watch(channel, address), [link, url] as const)
  await expectPlaying(page)
  return page
}

/** Waits until the player of a page has a picture that moves. */
async function expectPlaying(page: Page): Promise<void> {
  const start = await page.waitForFunction(() => (element.state === 'playing' ? element.currentTime : null))
  const before = await page.evaluate(() => picture())
  await page.waitForFunction((to) => element.currentTime > to, Number(await start.jsonValue()) + 1)
  // On a busy machine the picture is painted later than time goes on.
  await page.waitForFunction((was) => picture().some((value, at) => value !== was[at]), before)
}

test('a third page is served by the second where the broadcaster takes one connection', async () => {
  const trackers = await startTrackers(2)
  const maker = await open()
  const addresses = trackers.map(({ url }) => url)
  const link = await maker.evaluate((trackers) => broadcastCanvas(trackers, { maxPeers: 1 }), addresses)
  for (const each of trackers) await watching(link, each)
  expect(await maker.evaluate(() => broadcast.stats().peers.length)).toBe(1)
})

test('pages go on without a tracker, and when one is gone the others find together again', async () => {
  const trackers = await startTrackers(3)
  const broadcast = await createBroadcast({
    capture: webmFile(clip, { loop: true }),
    transports: [webrtc({ trackers: trackers.map(({ url }) => url), iceServers: [] })],
    maxPeers: 2,
  })
  onTestFinished(() => broadcast.close())
  const pages: Page[] = []
  for (const each of trackers) pages.push(await watching(broadcast.link, each))
  const [first, ...others] = pages
  await Promise.all(trackers.map((each) => each.close()))
  await first?.context().close()
  for (const page of others) await expectPlaying(page)
  // The place of the first page is the third one's now, whom the second has introduced.
  await expect.poll(() => broadcast.stats().peers.length, { timeout: 30_000 }).toBe(2)
  for (const page of others) await expectPlaying(page)
})

test('about two copies leave a broadcaster in Node for five pages, however many of them play', async () => {
  const [meeting] = await startTrackers(1)
  if (meeting === undefined) return
  const broadcast = await createBroadcast({
    capture: webmFile(clip, { loop: true }),
    transports: [webrtc({ trackers: [meeting.url], iceServers: [] })],
  })
  onTestFinished(() => broadcast.close())
  const pages: Page[] = []
  while (pages.length < 5) pages.push(await watching(broadcast.link, meeting))
  const start = broadcast.stats()
  await expect.poll(() => broadcast.stats().blocks, { timeout: 30_000 }).toBeGreaterThan(start.blocks + 60)
  const end = broadcast.stats()
  expect(end.peersByTransport).toEqual({ webrtc: 5 })
  const pushed = end.live.pushedBytes - start.live.pushedBytes
  expect(pushed / (end.streamBytes - start.streamBytes)).toBeLessThan(2.5)
  for (const page of pages) await expectPlaying(page)
})

/** Processes of the browser that run pages. */
async function renderers(): Promise<Set<number>> {
  const devTools = await shared.browser.newBrowserCDPSession()
  const { processInfo } = await devTools.send('SystemInfo.getProcessInfo')
  await devTools.detach()
  return new Set(processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id))
}

test('a page that stands still for a while, as when it is frozen or its laptop sleeps, goes on near the live edge', async () => {
  const [meeting] = await startTrackers(1)
  if (meeting === undefined) return
  const broadcast = await createBroadcast({
    capture: webmFile(clip, { loop: true }),
    transports: [webrtc({ trackers: [meeting.url], iceServers: [] })],
  })
  onTestFinished(() => broadcast.close())
  const others = await renderers()
  const page = await watching(broadcast.link, meeting)
  const own = [...(await renderers())].filter((id) => !others.has(id))
  expect(own).not.toEqual([])
  const signal = (name: 'SIGSTOP' | 'SIGCONT'): void => own.forEach((id) => void process.kill(id, name))
  onTestFinished(() => signal('SIGCONT'))
  signal('SIGSTOP')
  const { blocks } = broadcast.stats()
  // Long enough for the others to take it for dead.
  await expect.poll(() => broadcast.stats().peers.length, { timeout: 60_000 }).toBe(0)
  await expect.poll(() => broadcast.stats().blocks, { timeout: 40_000 }).toBeGreaterThan(blocks + 60)
  signal('SIGCONT')
  await expectPlaying(page)
  await page.waitForFunction(
    () => (element.statistics?.seekable?.[1] ?? Number.POSITIVE_INFINITY) - element.currentTime < 5,
  )
  await expect.poll(() => broadcast.stats().peers.length, { timeout: 30_000 }).toBe(1)
  await page.waitForFunction(() => {
    const { feedBlocks, position } = element.channelStatistics ?? {}
    return feedBlocks !== undefined && feedBlocks - (position ?? 0) < 50
  })
})
