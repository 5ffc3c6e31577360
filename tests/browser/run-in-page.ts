// Runs test files of vitest's in a page of a real browser: a module of the page calls `runTests` of page-vitest.ts with them.
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'esbuild'
import { onTestFinished } from 'vitest'
import { openPage, type PageOptions, servePage, startChromium } from './chromium.ts'
import { startFirefox } from './firefox.ts'
import type { PageTestReport } from './page-vitest.ts'

declare global {
  /** Set by the page: runs its tests. */
  function runPageTests(): Promise<PageTestReport>
}

const vitestInPage: Plugin = {
  name: 'vitest-in-page',
  setup: (build) =>
    build.onResolve({ filter: /^vitest$/ }, () => ({
      path: fileURLToPath(new URL('./page-vitest.ts', import.meta.url)),
    })),
}

/** Serves a page and runs its tests. */
export async function runInPage(
  options: PageOptions,
  browser: 'Chromium' | 'Firefox' = 'Chromium',
): Promise<PageTestReport & { readonly errors: readonly string[] }> {
  const url = await servePage({ ...options, plugins: [...(options.plugins ?? []), vitestInPage] })
  const { run, errors } = browser === 'Chromium' ? await inChromium(url) : await inFirefox(url)
  if (errors.length > 0) throw new Error(`The page of ${options.script} did not come up: ${errors.join(', ')}`)
  return { ...(await run()), errors }
}

async function inChromium(url: string) {
  const { page, errors } = await openPage(await startChromium(), url)
  return { run: () => page.evaluate(() => runPageTests()), errors }
}

async function inFirefox(url: string) {
  const firefox = await startFirefox()
  onTestFinished(() => firefox.close())
  const { page, errors } = await firefox.open(url)
  return { run: () => page.evaluate(() => runPageTests()), errors }
}
