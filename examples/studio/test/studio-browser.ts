// The studio as it was built, in real Chromium: served from this machine, with a tracker of the test's own.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Tracker, tracker } from '@hypervision/transport-webrtc/tracker'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { preview } from 'vite'
import { onTestFinished } from 'vitest'
import { openPage, startChromium } from '../../../tests/browser/chromium.ts'

/** A folder to put pictures of the screens into, for a person to look at. */
const pictures = process.env.HYPERVISION_SCREENSHOTS

/** What a test has of the studio. */
export interface StudioBrowser {
  readonly browser: Browser
  readonly tracker: Tracker
  /** Opens it in a context of its own, at a place such as `#/live`. */
  open(
    hash: string,
    options?: BrowserContextOptions & { site?: object; init?: () => void },
  ): Promise<{ page: Page; errors: string[] }>
}

/** Starts everything; it ends with the test. */
export async function startStudio(): Promise<StudioBrowser> {
  const running = await tracker({ port: 0, host: '127.0.0.1' })
  const server = await preview({
    root: fileURLToPath(new URL('..', import.meta.url)),
    logLevel: 'error',
    preview: { host: '127.0.0.1', port: 0 },
  })
  const browser = await startChromium()
  onTestFinished(async () => {
    await server.close()
    await running.close()
  })
  const [url = ''] = server.resolvedUrls?.local ?? []
  return {
    browser,
    tracker: running,
    async open(hash, { site = {}, init, ...options } = {}) {
      // The context's own page, which has an answer for `studio.json` before it asks.
      const { page, errors } = await openPage(browser, 'about:blank', options)
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      await page.route('**/studio.json', (route) =>
        route.fulfill({ json: { trackers: [running.url], iceServers: [], ...site } }),
      )
      if (init !== undefined) await page.addInitScript(init)
      await page.goto(`${url}${hash}`)
      return { page, errors }
    },
  }
}

/** Colour schemes and sizes that every screen has to do in; 320 is the narrowest that WCAG asks for (1.4.10). */
const looks = [
  { colorScheme: 'light', width: 1280, height: 800 },
  { colorScheme: 'dark', width: 320, height: 640 },
] as const

/** Leaves a picture of a screen at each size, where pictures are wanted. */
export async function takePictures(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) for (const look of looks) await show(page, name, look)
}

/** What is wrong with a screen: what axe finds, and what does not fit, at each size. */
export async function faultsOf(page: Page, name: string): Promise<string[]> {
  const faults: string[] = []
  await page.evaluate(axe.source)
  for (const look of looks) {
    await show(page, name, look)
    const found = await page.evaluate(async (): Promise<string[]> => {
      const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document)
      const { scrollWidth, clientWidth } = document.documentElement
      const problems = scrollWidth > clientWidth ? [`${scrollWidth} pixels wide`] : []
      const stages = [...document.querySelectorAll('.stage')].filter((one) => one.scrollHeight > one.clientHeight + 1)
      problems.push(...stages.map((one) => `the stage is cut off, ${one.scrollHeight} of ${one.clientHeight} pixels`))
      return [
        ...problems,
        ...violations.flatMap(({ id, nodes }) =>
          nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
        ),
      ]
    })
    faults.push(...found.map((fault) => `${name} ${look.width}: ${fault}`))
  }
  return faults
}

async function show(page: Page, name: string, { colorScheme, width, height }: (typeof looks)[number]): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  await page.setViewportSize({ width, height })
  if (pictures === undefined) return
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: true })
}
