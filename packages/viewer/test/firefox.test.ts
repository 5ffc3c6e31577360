// The viewer in real Firefox, which takes Clusters in another way: the pump alone, and pages of Node, Chromium and Firefox in one
// swarm.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { webmFile } from '@hypervision/capture-node'
import { createBroadcast } from '@hypervision/core'
import { hypercoreWeb } from '@hypervision/hypercore-web/esbuild'
import { webrtc } from '@hypervision/transport-webrtc'
import { tracker } from '@hypervision/transport-webrtc/tracker'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openPage, sharePage } from '../../../tests/browser/chromium.ts'
import { type Firefox, startFirefox } from '../../../tests/browser/firefox.ts'
import { servePage } from '../../../tests/browser/serve-page.ts'
import type {} from './element-page.ts'
import { recordLatePicture } from './late-picture.ts'
import type {} from './pump-page.ts'
import type {} from './swarm-page.ts'

const clip = new URL('../../cli/assets/clip.webm', import.meta.url).pathname

const folder = mkdtempSync(join(tmpdir(), 'hypervision-firefox-'))
const late = join(folder, 'late.webm')
/** The page of the swarm, and Chromium, which is a peer in it. */
const swarm = sharePage({ script: 'packages/viewer/test/swarm-page.ts', plugins: [hypercoreWeb()] })

let firefox: Firefox
beforeAll(async () => {
  firefox = await startFirefox()
  await recordLatePicture(late)
})
afterAll(async () => {
  await firefox?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function startTracker(): Promise<string> {
  const running = await tracker({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => running.close())
  return running.url
}

/** Waits until the player of a page has a picture that moves, of a stream of which nothing was lost. */
async function expectPlaying(page: Page, seconds = 3): Promise<void> {
  await page.waitForFunction(() => element.state === 'playing' && element.currentTime > 0 && !element.seeking)
  const look = () =>
    page.evaluate(() => ({
      time: element.currentTime,
      frames: element.nativeEl.getVideoPlaybackQuality().totalVideoFrames,
      picture: picture(),
      jumps: element.statistics?.jumps,
    }))
  // Time that was jumped over was not played.
  let [before, after] = [await look(), await look()]
  do {
    before = after
    const isOver = (to: number, jumps?: number) => element.currentTime > to || element.statistics?.jumps !== jumps
    await page.waitForFunction(isOver, {}, before.time + seconds, before.jumps)
    after = await look()
  } while (after.jumps !== before.jumps)
  expect(after.picture).not.toEqual(before.picture)
  // Slow machines show few pictures; a browser that loses Clusters has two a second, and a tenth of the time.
  expect(after.frames - before.frames).toBeGreaterThan(seconds * 3)
  const held = await page.evaluate(
    (from, to) => {
      const { buffered } = element
      const ranges = Array.from({ length: buffered.length }, (_, at) => [buffered.start(at), buffered.end(at)] as const)
      return ranges.reduce((sum, [start, end]) => sum + Math.max(0, Math.min(end, to) - Math.max(start, from)), 0)
    },
    before.time,
    after.time,
  )
  expect(held).toBeGreaterThan(0.8 * (after.time - before.time))
  const statistics = await page.evaluate(() => element.statistics)
  expect(statistics).toMatchObject({ isLive: true, joinsClusters: true, latencyMs: expect.any(Number) })
}

/** Waits until the picture is near the newest that there is, on the stream's own timeline. */
const nearEdge = (page: Page) =>
  page.waitForFunction(() => (element.statistics?.seekable?.[1] ?? Number.POSITIVE_INFINITY) - element.currentTime < 1)

describe('the pump in Firefox', () => {
  const open = async () =>
    firefox.open(
      await servePage({
        script: 'packages/viewer/test/pump-page.ts',
        body: '<video muted width="320"></video>',
        files: { '/clip.webm': 'packages/cli/assets/clip.webm', '/late.webm': late },
      }),
    )

  test('joins Clusters, and so plays all of them, near the live edge, from one epoch to the next', async () => {
    const { page, errors } = await open()
    await page.evaluate(() => startPump(['/clip.webm'], { behindMs: 3900 }))
    await page.waitForFunction(() => it.video.currentTime > 3.9)
    const before = await page.evaluate(() => it.picture())
    await page.waitForFunction(() => it.events.filter(({ type }) => type === 'epoch').length > 1)
    await page.waitForFunction(() => it.video.currentTime > 7.5)
    const { ranges, stats, frames, seconds, picture } = await page.evaluate(() => ({
      ranges: it.video.buffered.length,
      stats: it.pump.stats(),
      seconds: it.video.currentTime,
      frames: it.video.getVideoPlaybackQuality().totalVideoFrames,
      picture: it.picture(),
    }))
    expect(stats).toMatchObject({ joinsClusters: true, isLive: true, latencyMs: expect.any(Number) })
    expect(Number(stats.seekable?.[1]) - seconds).toBeLessThan(1)
    // Nothing was lost: one range from the first frame on.
    expect(ranges).toBe(1)
    expect(frames).toBeGreaterThan(40)
    expect(picture).not.toEqual(before)
    expect(errors).toEqual([])
    await page.close()
  })

  test('plays on where a picture comes late, and to the end', async () => {
    const { page, errors } = await open()
    await page.evaluate(() => startPump(['/late.webm'], { repeat: 1 }))
    await page.waitForFunction(() => it.video.currentTime > 3.2)
    expect(await page.evaluate(() => it.video.buffered.length)).toBe(1)
    await page.waitForFunction(() => it.viewer.stats().bufferedSeconds === 0 && it.video.currentTime > 3.8)
    await page.evaluate(() => it.viewer.end())
    await page.waitForFunction(() => it.video.ended && it.video.currentTime > 3.9)
    expect(errors).toEqual([])
    await page.close()
  })
})

test("the element's controls work by mouse and keyboard, with full screen and picture in picture, and axe finds nothing", async () => {
  const url = await servePage({
    script: 'packages/viewer/test/element-page.ts',
    files: { '/clip.webm': 'packages/cli/assets/clip.webm' },
    plugins: [hypercoreWeb()],
  })
  const { page, errors } = await firefox.open(url)
  await page.evaluate(() => show({ autoplay: '', muted: '', controls: '' }, 30_000))
  await page.waitForFunction(() => element.state === 'playing' && element.currentTime > 0 && !element.seeking)
  /** Clicks within a part, at a share of its width. */
  const click = async (part: string, share = 0.5) => {
    const { x, y } = await page.evaluate(
      (name, at) => {
        const area = element.shadowRoot?.querySelector(`[part~="${name}"]`)?.getBoundingClientRect() ?? new DOMRect()
        return { x: area.x + area.width * at, y: area.y + area.height / 2 }
      },
      part,
      share,
    )
    await page.mouse.click(x, y)
  }
  await click('play-button')
  await page.waitForFunction(() => element.paused)
  await page.keyboard.press('k')
  await page.waitForFunction(() => !element.paused)
  // The space bar is the button's, which has the focus: it acts once.
  await page.keyboard.press(' ')
  await page.waitForFunction(() => element.paused)
  await page.keyboard.press(' ')
  await click('mute-button')
  await page.waitForFunction(() => !element.paused && !element.muted)
  await click('volume', 0.25)
  await page.waitForFunction(() => element.volume > 0.1 && element.volume < 0.4)
  await page.keyboard.press('m')
  await page.waitForFunction(() => element.muted)

  await click('seek')
  await page.waitForFunction(() => element.currentTime > 8 && element.currentTime < 23 && element.state === 'playing')
  await page.keyboard.press('l')
  await page.waitForFunction(() => element.statistics?.isLive && element.currentTime > 25)
  await page.keyboard.press('ArrowLeft')
  await page.waitForFunction(() => element.statistics?.isLive === false && !element.seeking)
  await click('live-button')
  await page.waitForFunction(() => element.statistics?.isLive)

  await click('fullscreen-button')
  await page.waitForFunction(() => document.fullscreenElement === element)
  await page.keyboard.press('f')
  await page.waitForFunction(() => document.fullscreenElement === null)
  await click('pip-button')
  await page.waitForFunction(() => document.pictureInPictureElement === element)
  await page.keyboard.press('p')
  await page.waitForFunction(() => document.pictureInPictureElement === null)
  await page.keyboard.press('s')
  const faults = await page.evaluate(async () => [...misplaced(), ...(await audit())])
  expect(faults).toEqual([])
  expect(errors).toEqual([])
  await page.close()
})

describe('a page in Firefox', () => {
  test('watches what Node broadcasts, goes back and returns', async () => {
    const url = await startTracker()
    const broadcast = await createBroadcast({
      capture: webmFile(clip, { loop: true }),
      transports: [webrtc({ trackers: [url], iceServers: [] })],
    })
    onTestFinished(() => broadcast.close())
    const { page, errors } = await firefox.open(swarm.url)
    await page.evaluate((channel, address) => watch(channel, address), broadcast.link, url)
    await expectPlaying(page)
    await nearEdge(page)
    await page.evaluate(() => {
      element.currentTime = 1
    })
    await page.waitForFunction(() => element.currentTime > 1 && element.currentTime < 3 && element.state === 'playing')
    await page.evaluate(() => element.live())
    await page.waitForFunction(() => element.statistics?.isLive && element.currentTime > 4)
    await expectPlaying(page, 1)
    expect(errors).toEqual([])
    await page.close()
  })

  test('watches what a page of Chromium broadcasts', async () => {
    const url = await startTracker()
    const maker = await openPage(swarm.browser, swarm.url)
    const link = await maker.page.evaluate((address) => broadcastCanvas([address]), url)
    const { page, errors } = await firefox.open(swarm.url)
    await page.evaluate((channel, address) => watch(channel, address), link, url)
    await expectPlaying(page)
    await nearEdge(page)
    expect([...errors, ...maker.errors]).toEqual([])
    await page.close()
    await maker.page.close()
  })

  test('broadcasts its camera to pages of Firefox and Chromium', async () => {
    const url = await startTracker()
    const maker = await firefox.open(swarm.url)
    const link = await maker.page.evaluate((address) => broadcastCamera([address]), url)
    const viewer = await firefox.open(swarm.url)
    await viewer.page.evaluate((channel, address) => watch(channel, address), link, url)
    await expectPlaying(viewer.page)
    await nearEdge(viewer.page)
    await viewer.page.close()
    const other = await openPage(swarm.browser, swarm.url)
    await other.page.evaluate(([channel, address]) => watch(channel, address), [link, url] as const)
    await other.page.waitForFunction(() => element.state === 'playing' && element.currentTime > 0)
    const from = await other.page.evaluate(() => element.currentTime)
    await other.page.waitForFunction((to) => element.currentTime > to, from + 2)
    expect([...maker.errors, ...viewer.errors, ...other.errors]).toEqual([])
  })
})
