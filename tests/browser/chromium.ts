// Real Chromium for tests, with pages in as many browser contexts as a test wants. A person's own browser is never touched: every
// start has a profile of its own.
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { findProgram } from './find-program.ts'
import { type PageOptions, serve } from './serve-page.ts'

export { type PageOptions, servePage } from './serve-page.ts'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
]
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** How to start Chromium. */
export interface ChromiumOptions {
  readonly args?: readonly string[]
  /** Whether sound may begin without a person's click. @default true */
  readonly mayAutoplay?: boolean
}

/** Starts Chromium; it ends with the test. */
export async function startChromium(options?: ChromiumOptions): Promise<Browser> {
  const browser = await launch(options)
  onTestFinished(() => browser.close())
  return browser
}

function launch({ args = [], mayAutoplay = true }: ChromiumOptions = {}): Promise<Browser> {
  const policy = `--autoplay-policy=${mayAutoplay ? 'no-user-gesture-required' : 'document-user-activation-required'}`
  return chromium.launch({
    executablePath: findProgram('HYPERVISION_CHROMIUM', names),
    args: [...flags, policy, ...args],
  })
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
