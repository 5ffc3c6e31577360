// Chromium for tests, with a camera and a microphone, and pages in as many browser contexts as a test wants.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { type ChromiumOptions, launchChromium } from '../../scripts/chromium.mjs'
import { type PageOptions, serve } from './serve-page.ts'

export { type PageOptions, servePage } from './serve-page.ts'

const fakeDevices = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']

/** Starts Chromium; it ends with the test. */
export async function startChromium(options?: ChromiumOptions): Promise<Browser> {
  const browser = await launch(options)
  onTestFinished(() => browser.close())
  return browser
}

function launch({ args = [], ...options }: ChromiumOptions = {}): Promise<Browser> {
  return launchChromium({ args: [...fakeDevices, ...args], ...options })
}

/**
 * One Chromium and one page's server for all tests of a file: to be called where they are declared, and used within them.
 * Each test has its own contexts, and closes what would disturb the next one.
 */
export function sharePage(
  page: PageOptions,
  options?: ChromiumOptions,
): { readonly browser: Browser; readonly url: string } {
  const shared: { browser?: Browser; url?: string } = {}
  const get = <Name extends 'browser' | 'url'>(name: Name) => {
    const value = shared[name]
    if (value === undefined) throw new Error('The page is there once the tests run.')
    return value
  }
  let close = (): void => {}
  beforeAll(async () => {
    shared.browser = await launch(options)
    ;({ url: shared.url, close } = await serve(page))
  })
  afterAll(async () => {
    await shared.browser?.close()
    close()
  })
  return {
    get browser() {
      return get('browser')
    },
    get url() {
      return get('url')
    },
  }
}

/** Opens a page in a context of its own; what goes wrong in it is in `errors`, what it logs in `messages`. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; errors: string[]; messages: string[] }> {
  const context = await browser.newContext(options)
  // Half of what a test has: who hangs says what it waited for.
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  const errors: string[] = []
  const messages: string[] = []
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
    else messages.push(message.text())
  })
  await page.goto(url)
  return { page, errors, messages }
}
