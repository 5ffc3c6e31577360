// The playhead in real Chromium, where a person, the page or the browser moves it or lets it stand.
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { startChromiumWithTabs } from '../../../tests/browser/tabs.ts'
import { nearEdge, playOn, stats, usePumpPage } from './pump-testbed.ts'

const { open, shared } = usePumpPage()

// Each waits for media that comes in real time, in a page of its own.
describe.concurrent('the playhead', () => {
  /** Moves the playhead to the end of what is seekable, as controls do: playback goes on live. */
  async function jumpToEdge(page: Page): Promise<void> {
    await page.evaluate(() => {
      it.video.currentTime = it.video.seekable.end(0)
    })
    await page.waitForFunction(() => it.pump.stats().isLive && it.video.currentTime > 9)
    await playOn(page, 1)
  }

  test('goes back to what the browser holds without fetching, to what it does not by fetching, and returns to live', async (context) => {
    const { page } = await open(context)
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

  test("follows a person who moves the playhead with a page's own controls", async (context) => {
    const { page } = await open(context)
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
    await jumpToEdge(page)
  })

  test('takes the end of what is seekable for the live edge, although more has come than the browser has', async (context) => {
    const { page } = await open(context)
    const options = { behindMs: 9000, fromStart: true, isLive: false, fillAheadSeconds: 2 }
    await page.evaluate((given) => startPump(['/clip.webm'], given), options)
    await playOn(page, 0.5)
    expect(await page.evaluate(() => it.viewer.stats().bufferedSeconds)).toBeGreaterThan(3)
    await jumpToEdge(page)
  })

  test('takes no more than it may while it is paused, and goes on where it was', async (context) => {
    const { page } = await open(context)
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
    const resumed = await page.waitForFunction(
      (from) => (it.video.currentTime > from ? it.video.currentTime : null),
      paused,
    )
    expect(await resumed.jsonValue()).toBeLessThan(paused + 1)
    expect((await stats(page)).isLive).toBe(false)
    await playOn(page, 4)
    // Nothing is jumped over, however long the pause was; the viewer itself is left as it was.
    expect(await page.evaluate(() => it.viewer.maxLagSeconds)).toBe(Number.POSITIVE_INFINITY)
    await page.evaluate(() => it.pump.close())
    expect(await page.evaluate(() => it.viewer.maxLagSeconds)).toBe(120)
  })
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
