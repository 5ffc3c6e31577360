// Real Firefox for tests, driven over WebDriver BiDi. Every start has a profile of its own, and every page a window: a tab in the
// background draws nothing and hardly runs.
import puppeteer, { type Page } from 'puppeteer-core'
import { needProgram, programs } from '../../scripts/programs.mjs'

const preferences = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  // Settings of its maker's come from nowhere. With this, and what puppeteer switches off, Firefox looks up no name.
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
}
/** Lets the preference above count in a release of Firefox. */
const environment = { MOZ_REMOTE_SETTINGS_DEVTOOLS: '1' }

/** A running Firefox. */
export interface Firefox {
  /** Opens a page in a context and a window of its own; what goes wrong in it is in `errors`. */
  open(url: string): Promise<{ page: Page; errors: string[] }>
  close(): Promise<void>
}

/** Starts Firefox, which several tests may share: it runs until it is closed. */
export async function startFirefox(): Promise<Firefox> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: needProgram(programs.firefox),
    extraPrefsFirefox: preferences,
    env: { ...process.env, ...environment },
  })
  return {
    async open(url) {
      const context = await browser.createBrowserContext()
      const page = await context.newPage({ type: 'window' })
      const errors: string[] = []
      page.on('pageerror', (error) =>
        errors.push(error instanceof Error ? (error.stack ?? error.message) : String(error)),
      )
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text())
      })
      await page.goto(url)
      return { page, errors }
    },
    close: () => browser.close(),
  }
}
