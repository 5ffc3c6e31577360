// Runs test files of vitest's in a page of real Chromium: a module of the page calls `runTests` of page-vitest.ts with them.
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'esbuild'
import { openPage, type PageOptions, servePage, startChromium } from './chromium.ts'
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
): Promise<PageTestReport & { readonly errors: readonly string[] }> {
  const url = await servePage({ ...options, plugins: [...(options.plugins ?? []), vitestInPage] })
  const { page, errors } = await openPage(await startChromium(), url)
  if (errors.length > 0) throw new Error(`The page of ${options.script} did not come up: ${errors.join(', ')}`)
  const report = await page.evaluate(() => runPageTests())
  return { ...report, errors }
}
