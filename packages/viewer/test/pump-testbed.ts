// What the tests of the pump share: one browser for those of a file, a page with a <video> for each, and what to wait for in it.
import type { Page } from 'playwright-core'
import type { TestContext } from 'vitest'
import { openPage, sharePage } from '../../../tests/browser/chromium.ts'
import type { PumpEvent } from '../src/pump/pump.ts'
import type {} from './pump-page.ts'

/**
 * Sets the page up for the tests of the file that calls it.
 *
 * @param files what the page can play besides `/clip.webm`, by path
 */
export function usePumpPage(files: Readonly<Record<string, string>> = {}) {
  const shared = sharePage({
    script: 'packages/viewer/test/pump-page.ts',
    body: '<video muted width="320"></video>',
    files: { '/clip.webm': 'packages/cli/assets/clip.webm', ...files },
  })
  return {
    shared,
    /** Opens the page; what plays in it ends with the test. */
    async open(
      { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
      browser = shared.browser,
    ): Promise<{ page: Page; errors: string[] }> {
      const opened = await openPage(browser, shared.url)
      onTestFinished(() => opened.page.context().close())
      return opened
    },
  }
}

/** Waits until playback stands so many seconds further. */
export async function playOn(page: Page, seconds: number): Promise<void> {
  const start = await page.waitForFunction(() => {
    const { readyState, seeking, currentTime } = it.video
    return readyState >= HTMLMediaElement.HAVE_FUTURE_DATA && !seeking ? currentTime : null
  })
  const from = Number(await start.jsonValue())
  await page.waitForFunction((to) => it.video.currentTime >= to, from + seconds, { timeout: 30_000 })
}

/** Waits until the picture is near the newest that there is, on the stream's own timeline. */
export async function nearEdge(page: Page): Promise<void> {
  await page.waitForFunction(
    () => (it.pump.stats().seekable?.[1] ?? Number.POSITIVE_INFINITY) - it.video.currentTime < 1,
  )
}

/** Figures of the pump. */
export const stats = (page: Page) => page.evaluate(() => it.pump.stats())
/** Waits until so many events of a type were told. */
export const waitForEvent = (page: Page, type: PumpEvent['type'], count = 1) =>
  page.waitForFunction(
    ([wanted, times]) => it.events.filter((event) => event.type === wanted).length >= times,
    [type, count] as const,
    { timeout: 30_000 },
  )
/** Those of a type that were told so far. */
export const eventsOf = (page: Page, type: PumpEvent['type']) =>
  page.evaluate((wanted) => it.events.filter((event) => event.type === wanted), type)
