// The pump in real Chromium: real blocks in, a moving picture out, whatever happens on the way.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openPage, sharePage, startChromium } from '../../../tests/browser/chromium.ts'
import { startChromiumWithTabs } from '../../../tests/browser/tabs.ts'
import type { PumpEvent } from '../src/pump/pump.ts'
import { recordLatePicture } from './late-picture.ts'
import type {} from './pump-page.ts'

const run = promisify(execFile)
const ffmpeg = process.env.HYPERVISION_FFMPEG ?? 'ffmpeg'
const folder = mkdtempSync(join(tmpdir(), 'hypervision-pump-'))
const vp9 = join(folder, 'vp9.webm')
const silent = join(folder, 'silent.webm')
const late = join(folder, 'late.webm')
/** A browser that is full after a megabyte. */
const smallBuffers = ['--mse-video-buffer-size-limit-mb=1', '--mse-audio-buffer-size-limit-mb=1']

beforeAll(async () => {
  const pattern = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=4']
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=4']
  const fast = ['-deadline', 'realtime', '-cpu-used', '8', '-g', '25', '-b:v', '300k']
  await run(ffmpeg, ['-v', 'error', ...pattern, ...tone, '-c:v', 'libvpx-vp9', ...fast, '-c:a', 'libopus', vp9])
  await run(ffmpeg, ['-v', 'error', ...pattern, '-c:v', 'libvpx', ...fast, silent])
  await recordLatePicture(late)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const shared = sharePage({
  script: 'packages/viewer/test/pump-page.ts',
  body: '<video muted width="320"></video>',
  files: {
    '/clip.webm': 'packages/cli/assets/clip.webm',
    '/vp9.webm': vp9,
    '/silent.webm': silent,
    '/late.webm': late,
  },
})

/** Opens the page; what plays in it ends with the test. */
async function open(browser = shared.browser): Promise<{ page: Page; errors: string[] }> {
  const opened = await openPage(browser, shared.url)
  onTestFinished(() => opened.page.context().close())
  return opened
}

/** Waits until playback stands so many seconds further. */
async function playOn(page: Page, seconds: number): Promise<void> {
  const start = await page.waitForFunction(() => {
    const { readyState, seeking, currentTime } = it.video
    return readyState >= HTMLMediaElement.HAVE_FUTURE_DATA && !seeking ? currentTime : null
  })
  const from = Number(await start.jsonValue())
  await page.waitForFunction((to) => it.video.currentTime >= to, from + seconds, { timeout: 30_000 })
}

/** Waits until the picture is near the newest that there is, on the stream's own timeline. */
async function nearEdge(page: Page): Promise<void> {
  await page.waitForFunction(
    () => (it.pump.stats().seekable?.[1] ?? Number.POSITIVE_INFINITY) - it.video.currentTime < 1,
  )
}

const stats = (page: Page) => page.evaluate(() => it.pump.stats())
const waitForEvent = (page: Page, type: PumpEvent['type'], count = 1) =>
  page.waitForFunction(
    ([wanted, times]) => it.events.filter((event) => event.type === wanted).length >= times,
    [type, count] as const,
    { timeout: 30_000 },
  )
const eventsOf = (page: Page, type: PumpEvent['type']) =>
  page.evaluate((wanted) => it.events.filter((event) => event.type === wanted), type)

describe('the pump', () => {
  test('joins in mid-stream at a keyframe, shows a moving picture, and stays near the live edge', async () => {
    const { page, errors } = await open()
    await page.evaluate(() => startPump(['/clip.webm'], { behindMs: 5900 }))
    await playOn(page, 1)
    const before = await page.evaluate(() => it.picture())
    await playOn(page, 4)
    expect(await page.evaluate(() => it.picture())).not.toEqual(before)
    await nearEdge(page)
    const { latencyMs, isLive, seekable, joinsClusters } = await stats(page)
    expect(isLive).toBe(true)
    // It plays small Clusters, and would hold back the last frame of an open one.
    expect(joinsClusters).toBe(false)
    expect(latencyMs).toBeGreaterThan(0)
    expect(seekable?.[0]).toBe(0)
    // At its keyframe first, then right at the edge.
    expect((await eventsOf(page, 'jump')).slice(0, 2)).toMatchObject([{ reason: 'start' }, { reason: 'live' }])
    expect(errors).toEqual([])
  })

  test('goes on after the network was away, at the live edge, with a larger margin', async () => {
    const { page } = await open()
    await page.evaluate(() => startPump(['/clip.webm'], { behindMs: 2000 }))
    await playOn(page, 1)
    const before = await stats(page)
    await page.evaluate(() => it.viewer.hold())
    await waitForEvent(page, 'stall')
    await page.waitForFunction((from) => it.video.currentTime === from, await page.evaluate(() => it.video.currentTime))
    // Not so long that playback would jump by itself.
    await page.waitForFunction(() => it.viewer.heldSeconds > 1.5)
    const heard = await page.evaluate(() => {
      it.viewer.resume()
      return it.events.length
    })
    await page.waitForFunction(
      (from) => it.events.slice(from).some((event) => event.type === 'jump' && event.reason === 'live'),
      heard,
    )
    await playOn(page, 1)
    const after = await stats(page)
    expect(after.targetMs).toBeGreaterThan(before.targetMs)
    expect(after.stalls).toBeGreaterThan(0)
    await nearEdge(page)
  })

  test('goes over a hole to the keyframe behind it', async () => {
    const { page } = await open()
    await page.evaluate(() => startPump(['/clip.webm'], { behindMs: 8000, isLive: false }))
    await playOn(page, 0.5)
    await page.evaluate(() => it.viewer.skip(12))
    await waitForEvent(page, 'jump', 2)
    await playOn(page, 1)
    const [, hole] = await eventsOf(page, 'jump')
    expect(hole).toMatchObject({ reason: 'hole' })
    expect(await page.evaluate(() => it.video.buffered.length)).toBe(2)
  })

  test('plays on where a picture comes late, which costs those after it where nothing is done', async () => {
    const { page } = await open()
    await page.evaluate(() => startPump(['/late.webm'], { repeat: 1 }))
    await page.waitForFunction(() => it.video.currentTime > 3.2)
    expect(await page.evaluate(() => it.video.buffered.length)).toBe(1)
    expect((await stats(page)).joinsClusters).toBe(true)
    expect(await eventsOf(page, 'jump')).not.toContainEqual(expect.objectContaining({ reason: 'hole' }))
  })

  test('goes back to what the browser holds without fetching, to what it does not by fetching, and returns to live', async () => {
    const { page } = await open()
    await page.evaluate(() => startPump(['/clip.webm'], { behindMs: 9000 }))
    await playOn(page, 2.5)
    const joined = await page.evaluate(() => it.video.buffered.start(0))
    await page.evaluate((time) => it.pump.seek(time + 0.5), joined)
    await playOn(page, 0.3)
    expect(await page.evaluate(() => it.viewer.seeks)).toEqual([])
    expect(await stats(page)).toMatchObject({ isLive: false, playbackRate: 1 })

    await page.evaluate(() => it.pump.seek(2.2))
    await page.waitForFunction(() => it.video.currentTime >= 2.2 && it.video.currentTime < 5)
    await playOn(page, 0.5)
    expect(await page.evaluate(() => it.viewer.seeks.length)).toBe(1)
    expect((await stats(page)).isLive).toBe(false)

    await page.evaluate(() => it.pump.live())
    await page.waitForFunction((edge) => it.video.currentTime > edge, joined + 2)
    await playOn(page, 1)
    expect((await stats(page)).isLive).toBe(true)
    await nearEdge(page)
  })

  test("follows a person who moves the playhead with a page's own controls", async () => {
    const { page } = await open()
    await page.evaluate(() => startPump(['/clip.webm'], { behindMs: 9000 }))
    await playOn(page, 1)
    // Seen from within the page: it plays on, and whoever looks from outside may come too late.
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const look = (): void => {
            const { currentTime, seeking } = it.video
            if (currentTime >= 3.5 && currentTime < 5 && !seeking) resolve()
          }
          for (const type of ['seeked', 'playing', 'timeupdate']) it.video.addEventListener(type, look)
          it.video.currentTime = 3.5
        }),
    )
    expect((await stats(page)).isLive).toBe(false)
    await page.evaluate(() => {
      it.video.currentTime = it.video.seekable.end(0)
    })
    await page.waitForFunction(() => it.pump.stats().isLive && it.video.currentTime > 9)
    await playOn(page, 1)
  })

  test('takes the end of what is seekable for the live edge, although more has come than the browser has', async () => {
    const { page } = await open()
    const options = { behindMs: 9000, fromStart: true, isLive: false, fillAheadSeconds: 2 }
    await page.evaluate((given) => startPump(['/clip.webm'], given), options)
    await playOn(page, 0.5)
    expect(await page.evaluate(() => it.viewer.stats().bufferedSeconds)).toBeGreaterThan(3)
    await page.evaluate(() => {
      it.video.currentTime = it.video.seekable.end(0)
    })
    await page.waitForFunction(() => it.pump.stats().isLive && it.video.currentTime > 9)
    await playOn(page, 1)
  })

  test('plays on through new epochs: the same codecs, other codecs, other kinds of tracks', async () => {
    const { page, errors } = await open()
    await page.evaluate(() =>
      startPump(['/vp9.webm', '/vp9.webm', '/clip.webm', '/silent.webm', '/vp9.webm'], { behindMs: 2000 }),
    )
    await page.waitForFunction(() => it.video.currentTime > 25, undefined, { timeout: 50_000 })
    expect((await eventsOf(page, 'epoch')).map((event) => 'mimeType' in event && event.mimeType)).toEqual([
      'video/webm; codecs="vp09.00.11.08,opus"',
      'video/webm; codecs="vp09.00.11.08,opus"',
      'video/webm; codecs="vp8,opus"',
      'video/webm; codecs="vp8"',
      'video/webm; codecs="vp09.00.11.08,opus"',
    ])
    expect(errors).toEqual([])
  })

  test('ends with the broadcast and plays the next one by itself', async () => {
    const { page } = await open()
    await page.evaluate(() => startPump(['/clip.webm'], { behindMs: 2000 }))
    await playOn(page, 1)
    await page.evaluate(() => it.viewer.end())
    await waitForEvent(page, 'ended')
    await page.waitForFunction(() => it.video.ended)
    await page.evaluate(() => it.viewer.begin())
    await playOn(page, 2)
  })

  test('survives a browser that is full', async () => {
    const { page, errors } = await open(await startChromium({ args: smallBuffers }))
    // So fast that it is full in seconds.
    await page.evaluate(() =>
      startPump(['/vp9.webm'], {
        behindMs: 400_000,
        repeat: 100,
        fromStart: true,
        isLive: false,
        fillAheadSeconds: 1000,
      }),
    )
    await waitForEvent(page, 'quota')
    await playOn(page, 2)
    expect(errors).toEqual([])
  })

  test('begins anew where the browser gives up on a part of the stream, and fails when that does not help', async () => {
    const { page } = await open()
    await page.evaluate(() => startPump(['/clip.webm'], { behindMs: 2000 }))
    await playOn(page, 1)
    await page.evaluate(() => it.viewer.spoil(1))
    await waitForEvent(page, 'recovered')
    await playOn(page, 2)
    await page.evaluate(() => it.viewer.spoil(1000))
    const code = await page.evaluate(() =>
      it.pump.closed.then(
        () => null,
        (error) => error.code,
      ),
    )
    expect(code).toBe('ERR_PLAYBACK_MEDIA')
    expect(await eventsOf(page, 'recovered')).toHaveLength(3)
  })

  test('takes no more than it may while it is paused, and goes on where it was', async () => {
    const { page } = await open()
    await page.evaluate(() => startPump(['/clip.webm'], { behindMs: 2000, fillAheadSeconds: 2 }))
    await playOn(page, 1)
    expect(await page.evaluate(() => it.viewer.maxLagSeconds)).toBe(120)
    const paused = await page.evaluate(() => {
      it.video.pause()
      return it.video.currentTime
    })
    await page.waitForFunction(
      (since) => performance.now() - since > 2000,
      await page.evaluate(() => performance.now()),
    )
    await page.waitForFunction(() => it.pump.stats().bufferedSeconds > 2 && it.viewer.stats().bufferedSeconds > 1)
    expect((await stats(page)).bufferedSeconds).toBeLessThan(2.5)
    await page.evaluate(() => it.video.play())
    await page.waitForFunction((from) => it.video.currentTime > from, paused)
    expect(await page.evaluate(() => it.video.currentTime)).toBeLessThan(paused + 1)
    expect((await stats(page)).isLive).toBe(false)
    await playOn(page, 4)
    // Nothing is jumped over, however long the pause was; the viewer itself is left as it was.
    expect(await page.evaluate(() => it.viewer.maxLagSeconds)).toBe(Number.POSITIVE_INFINITY)
    await page.evaluate(() => it.pump.close())
    expect(await page.evaluate(() => it.viewer.maxLagSeconds)).toBe(120)
  })

  test('keeps up in a tab that nobody looks at, or is back at the live edge when somebody does', async () => {
    const browser = await startChromiumWithTabs()
    const page = await browser.newPage()
    await page.goto(shared.url)
    await page.evaluate(() => startPump(['/clip.webm'], { behindMs: 2000 }))
    // Nothing is drawn in a hidden tab, and its timers run once a second.
    const until = (look: (from: number) => boolean, from = 0) => page.waitForFunction(look, { polling: 200 }, from)
    const isNear = () => (it.pump.stats().seekable?.[1] ?? Number.POSITIVE_INFINITY) - it.video.currentTime < 1
    await until(() => it.video.currentTime > 3)

    // Chromium pauses what began without a sound once nobody sees it, and plays on by itself.
    const other = await browser.newPage()
    await until(() => document.visibilityState === 'hidden' && it.video.paused)
    const from = await page.evaluate(() => it.video.currentTime)
    await until((time) => (it.pump.stats().seekable?.[1] ?? 0) > time + 5, from)
    await page.bringToFront()
    await until((time) => it.video.currentTime > time + 5, from)
    await until(isNear)
    expect(await page.evaluate(() => [it.video.paused, it.pump.stats().isLive])).toEqual([false, true])

    // What is heard plays on. A browser asks for a click before that.
    await page.mouse.click(300, 300)
    await page.evaluate(() => {
      it.video.muted = false
    })
    await other.bringToFront()
    await until(() => document.visibilityState === 'hidden')
    await until((time) => it.video.currentTime > time + 4, await page.evaluate(() => it.video.currentTime))
    await until(isNear)
    expect(await page.evaluate(() => [it.video.paused, it.pump.stats().isLive])).toEqual([false, true])
    expect(await page.evaluate(() => it.events.filter(({ type }) => type === 'recovered'))).toEqual([])
  })

  test('gives the video back when it is closed', async () => {
    const { page } = await open()
    await page.evaluate(() => startPump(['/clip.webm'], { behindMs: 2000 }))
    await playOn(page, 1)
    const left = await page.evaluate(async () => {
      it.pump.close()
      await it.pump.closed
      return { src: it.video.getAttribute('src'), rate: it.video.playbackRate }
    })
    expect(left).toEqual({ src: null, rate: 1 })
    await page.waitForFunction(() => it.video.networkState === HTMLMediaElement.NETWORK_EMPTY)
  })

  test('says what to do where a codec cannot be played', async () => {
    const { page } = await open()
    const error = await page.evaluate(async () => {
      MediaSource.isTypeSupported = () => false
      await startPump(['/clip.webm'], { behindMs: 2000 })
      return it.pump.closed.then(
        () => null,
        ({ code, message }) => ({ code, message }),
      )
    })
    expect(error).toMatchObject({ code: 'ERR_PLAYBACK_CODEC', message: expect.stringContaining('Another browser') })
  })
})
