// Pages that serve each other, in real Chromium. Each page has a tracker of its own, where it finds the broadcaster and nobody
// else: whoever it is connected with besides, it was introduced to.
import { webmFile } from '@hypervision/capture-node'
import { type Broadcast, createBroadcast } from '@hypervision/core'
import { hypercoreWeb } from '@hypervision/hypercore-web/esbuild'
import { webrtc } from '@hypervision/transport-webrtc'
import { type Tracker, tracker } from '@hypervision/transport-webrtc/tracker'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
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

/** Puts the clip on air from Node, again and again. */
async function broadcastClip(trackers: readonly Tracker[], maxPeers?: number): Promise<Broadcast> {
  const broadcast = await createBroadcast({
    capture: webmFile(clip, { loop: true }),
    transports: [webrtc({ trackers: trackers.map(({ url }) => url), iceServers: [] })],
    maxPeers,
  })
  onTestFinished(() => broadcast.close())
  return broadcast
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
  const broadcast = await broadcastClip(trackers, 2)
  const pages: Page[] = []
  for (const each of trackers) pages.push(await watching(broadcast.link, each))
  const [first, ...others] = pages
  await Promise.all(trackers.map((each) => each.close()))
  await first?.context().close()
  for (const page of others) await expectPlaying(page)
  // The place of the first page is the third one's now, whom the second has introduced.
  await expect.poll(() => broadcast.stats().peers.length).toBe(2)
  for (const page of others) await expectPlaying(page)
})

test('about two copies leave a broadcaster in Node for five pages, however many of them play', async () => {
  const [meeting] = await startTrackers(1)
  if (meeting === undefined) return
  const broadcast = await broadcastClip([meeting])
  const pages: Page[] = []
  while (pages.length < 5) pages.push(await watching(broadcast.link, meeting))
  const start = broadcast.stats()
  await expect.poll(() => broadcast.stats().blocks, { timeout: 60_000 }).toBeGreaterThan(start.blocks + 60)
  const end = broadcast.stats()
  expect(end.peersByTransport).toEqual({ webrtc: 5 })
  const pushed = end.live.pushedBytes - start.live.pushedBytes
  expect(pushed / (end.streamBytes - start.streamBytes)).toBeLessThan(2.5)
  for (const page of pages) await expectPlaying(page)
})

/** Processes of the browser of a type: `renderer` runs pages. */
async function processes(type: string): Promise<Set<number>> {
  const devTools = await shared.browser.newBrowserCDPSession()
  const { processInfo } = await devTools.send('SystemInfo.getProcessInfo')
  await devTools.detach()
  return new Set(processInfo.filter((one) => one.type === type).map(({ id }) => id))
}

test('a page that stands still for a while, as when it is frozen or its laptop sleeps, goes on near the live edge', async () => {
  const [meeting] = await startTrackers(1)
  if (meeting === undefined) return
  const broadcast = await broadcastClip([meeting])
  const others = await processes('renderer')
  const page = await watching(broadcast.link, meeting)
  const own = [...(await processes('renderer'))].filter((id) => !others.has(id))
  expect(own).not.toEqual([])
  const signal = (name: 'SIGSTOP' | 'SIGCONT'): void => own.forEach((id) => void process.kill(id, name))
  onTestFinished(() => signal('SIGCONT'))
  signal('SIGSTOP')
  const { blocks } = broadcast.stats()
  // Long enough for the others to take it for dead.
  await expect.poll(() => broadcast.stats().peers.length, { timeout: 60_000 }).toBe(0)
  await expect.poll(() => broadcast.stats().blocks).toBeGreaterThan(blocks + 60)
  signal('SIGCONT')
  await expectPlaying(page)
  await page.waitForFunction(
    () => (element.statistics?.seekable?.[1] ?? Number.POSITIVE_INFINITY) - element.currentTime < 5,
  )
  await expect.poll(() => broadcast.stats().peers.length).toBe(1)
  await page.waitForFunction(() => {
    const { feedBlocks, position } = element.channelStatistics ?? {}
    return feedBlocks !== undefined && feedBlocks - (position ?? 0) < 50
  })
})

/** What a page takes for the time of day goes on from another hour. */
async function moveClock(page: Page, hours: number): Promise<void> {
  await page.evaluate((by) => {
    const Real = Date
    const now = (): number => Real.now() + by * 3_600_000
    globalThis.Date = class extends Real {
      constructor(...given: unknown[]) {
        super(...((given.length === 0 ? [now()] : given) as [number]))
      }
      static override now = now
    } as DateConstructor
  }, hours)
}

describe('a page that is on air, and one that watches it', () => {
  const pair: Page[] = []
  let meeting: Tracker | undefined
  let renderersOfMaker: number[] = []
  beforeAll(async () => {
    meeting = await tracker({ port: 0, host: '127.0.0.1' })
    const { page } = await openPage(shared.browser, shared.url)
    const others = await processes('renderer')
    const { page: maker } = await openPage(shared.browser, shared.url)
    pair.push(maker, page)
    const link = await maker.evaluate((trackers) => broadcastCanvas(trackers), [meeting.url])
    await page.evaluate(([channel, address]) => watch(channel, address), [link, meeting.url] as const)
    renderersOfMaker = [...(await processes('renderer'))].filter((id) => !others.has(id))
    await expectPlaying(page)
  })
  afterAll(async () => {
    for (const page of pair) await page.context().close()
    await meeting?.close()
  })

  test('play on when their clocks jump by hours, either way, and claim no delay of hours', async () => {
    const [maker, page] = pair as [Page, Page]
    for (const hours of [1, -3]) {
      await moveClock(page, hours)
      await moveClock(maker, -hours)
      await expectPlaying(page)
      const latencyMs = await page.evaluate(() => element.statistics?.latencyMs ?? 0)
      expect(Math.abs(latencyMs)).toBeLessThanOrEqual(60_000)
    }
  })

  test('go on by themselves when the laptop of the one on air has slept', async () => {
    const [, page] = pair as [Page, Page]
    expect(renderersOfMaker).not.toEqual([])
    const signal = (name: 'SIGSTOP' | 'SIGCONT'): void => renderersOfMaker.forEach((id) => void process.kill(id, name))
    onTestFinished(() => signal('SIGCONT'))
    signal('SIGSTOP')
    // Long enough to be taken for dead.
    await page.waitForFunction(() => element.state === 'stalled' && element.channelStatistics?.peers.length === 0)
    signal('SIGCONT')
    await expectPlaying(page)
  })
})
