// Pages and Node, one swarm: whoever captures, whoever watches, over WebRTC and the DHT, in real Chromium.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { webmFile } from '@hypervision/capture-node'
import { type Broadcast, createBroadcast, createRelay, createViewer } from '@hypervision/core'
import { hypercoreWeb } from '@hypervision/hypercore-web/esbuild'
import { bootstrapNode, dht } from '@hypervision/transport-dht'
import { webrtc } from '@hypervision/transport-webrtc'
import { tracker } from '@hypervision/transport-webrtc/tracker'
import type { Browser, Page } from 'playwright-core'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { openPage, servePage, startChromium } from '../../../tests/browser/chromium.ts'
import type {} from './swarm-page.ts'

const run = promisify(execFile)
const ffmpeg = process.env.HYPERVISION_FFMPEG ?? 'ffmpeg'
const clip = new URL('../../cli/assets/clip.webm', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'hypervision-pages-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function startTracker(port = 0) {
  const running = await tracker({ port, host: '127.0.0.1' })
  onTestFinished(() => running.close())
  return running
}

async function startPages(): Promise<{ browser: Browser; open(): Promise<{ page: Page; errors: string[] }> }> {
  const url = await servePage({ script: 'packages/viewer/test/swarm-page.ts', plugins: [hypercoreWeb()] })
  const browser = await startChromium()
  return { browser, open: () => openPage(browser, url) }
}

/** A broadcaster in this process. */
async function goLive(transports: Parameters<typeof createBroadcast>[0]['transports']): Promise<Broadcast> {
  const broadcast = await createBroadcast({
    capture: webmFile(clip, { loop: true }),
    title: 'From Node',
    ...(transports === undefined ? {} : { transports }),
  })
  onTestFinished(() => broadcast.close())
  return broadcast
}

/** Waits until the player of a page has a picture that moves. */
async function expectPlaying(page: Page, seconds = 1): Promise<void> {
  const start = await page.waitForFunction(() => (element.state === 'playing' ? element.currentTime : null))
  const before = await page.evaluate(() => picture())
  await page.waitForFunction((to) => element.currentTime > to, Number(await start.jsonValue()) + seconds)
  expect(await page.evaluate(() => picture())).not.toEqual(before)
}

const overWebRtc = (url: string) => webrtc({ trackers: [url], iceServers: [] })

describe('pages', () => {
  test('a page broadcasts, another one watches it, joins late, goes back and returns', async () => {
    const { url } = await startTracker()
    const { open } = await startPages()
    const maker = await open()
    const link = await maker.page.evaluate((address) => broadcastCanvas(address), url)
    await maker.page.waitForFunction(() => broadcast.stats().liveSeconds > 4)
    const { page, errors } = await open()
    await page.evaluate(([channel, address]) => watch(channel, address), [link, url] as const)
    await expectPlaying(page)
    await page.waitForFunction(() => {
      const { seekable } = element.statistics ?? {}
      return (seekable?.[1] ?? Number.POSITIVE_INFINITY) - element.currentTime < 1
    })
    await page.evaluate(() => {
      element.currentTime = 1
    })
    await page.waitForFunction(() => element.currentTime > 1 && element.currentTime < 3 && element.state === 'playing')
    await page.evaluate(() => element.live())
    await page.waitForFunction(() => element.statistics?.isLive && element.currentTime > 4)
    expect([...errors, ...maker.errors]).toEqual([])
  })

  test('a page watches what Node broadcasts', async () => {
    const { url } = await startTracker()
    const broadcast = await goLive([overWebRtc(url)])
    const { open } = await startPages()
    const { page, errors } = await open()
    await page.evaluate(([channel, address]) => watch(channel, address), [broadcast.link, url] as const)
    await expectPlaying(page)
    expect(errors).toEqual([])
  })

  test('Node records what a page broadcasts, and ffmpeg decodes it without a word', async () => {
    const { url } = await startTracker()
    const { open } = await startPages()
    const { page } = await open()
    const link = await page.evaluate((address) => broadcastCanvas(address), url)
    const relay = await createRelay({
      link,
      transports: [overWebRtc(url)],
      keep: 'all',
      storage: join(folder, 'recorded'),
    })
    onTestFinished(() => relay.close())
    await expect.poll(() => relay.stats().verifiedBlocks, { timeout: 20_000 }).toBeGreaterThan(30)
    await page.evaluate(() => broadcast.close())
    await relay.close()
    const viewer = await createViewer({ link, storage: join(folder, 'recorded'), from: 'start' })
    const bytes: Uint8Array[] = []
    for await (const chunk of viewer.stream) bytes.push(chunk)
    await viewer.close()
    const file = join(folder, 'recorded.webm')
    await writeFile(file, Buffer.concat(bytes))
    // A recorder's frames come as they come: ffmpeg is to take their times as they are.
    const decode = [
      '-v',
      'error',
      '-i',
      file,
      '-fps_mode',
      'passthrough',
      '-enc_time_base',
      '1:1000',
      '-f',
      'null',
      '-',
    ]
    const { stderr } = await run(ffmpeg, decode)
    expect(stderr).toBe('')
  })

  test('a gateway brings what is on the DHT to pages', async () => {
    const network = await bootstrapNode({ port: 0 })
    onTestFinished(() => network.close())
    const { url } = await startTracker()
    const onDht = dht({ bootstrap: [network] })
    const broadcast = await goLive([onDht])
    const gateway = await createRelay({
      link: broadcast.link,
      transports: [dht({ bootstrap: [network] }), overWebRtc(url)],
    })
    onTestFinished(() => gateway.close())
    const { open } = await startPages()
    const { page } = await open()
    await page.evaluate(([channel, address]) => watch(channel, address), [broadcast.link, url] as const)
    await expectPlaying(page)
    expect(broadcast.stats().peers).toHaveLength(1)
  })

  test('a third page is served by the second where the broadcaster takes one connection', async () => {
    const { url } = await startTracker()
    const { open } = await startPages()
    const maker = await open()
    const link = await maker.page.evaluate((address) => broadcastCanvas(address, { maxPeers: 1 }), url)
    const watchers: Page[] = []
    for (let count = 0; count < 2; count++) {
      const { page } = await open()
      await page.evaluate(([channel, address]) => watch(channel, address), [link, url] as const)
      await expectPlaying(page)
      watchers.push(page)
    }
    expect(await maker.page.evaluate(() => broadcast.stats().peers.length)).toBe(1)
  })

  test('playback goes on when the tracker is gone, and newcomers come when it is back', async () => {
    const first = await startTracker()
    const { url } = first
    const broadcast = await goLive([overWebRtc(url)])
    const { open } = await startPages()
    const { page } = await open()
    await page.evaluate(([channel, address]) => watch(channel, address), [broadcast.link, url] as const)
    await expectPlaying(page)
    await first.close()
    await expectPlaying(page, 2)
    await startTracker(Number(new URL(url).port))
    const { page: late } = await open()
    await late.evaluate(([channel, address]) => watch(channel, address), [broadcast.link, url] as const)
    await expectPlaying(late)
  })
})
