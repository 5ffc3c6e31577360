// The contract suite in real browsers, with the same tests as in Node. What is in memory is no browser's own: one does for all.
import { expect, test } from 'vitest'
import { runInPage } from '../../../../tests/browser/run-in-page.ts'
import { hypercoreWeb } from '../../src/plugin/esbuild.ts'

test.each([
  ['memory', 'Chromium', 'contract-page.ts'],
  ['IndexedDB', 'Chromium', 'indexed-db-contract-page.ts'],
  ['IndexedDB', 'Firefox', 'indexed-db-contract-page.ts'],
] as const)('the contracts of storage and hypercore hold in %s in %s', async (_where, browser, script) => {
  const page = { script: `packages/hypercore-web/test/browser/${script}`, plugins: [hypercoreWeb()] }
  const { passed, failed, errors } = await runInPage(page, browser)
  expect(failed).toEqual([])
  expect(errors).toEqual([])
  // None is left out.
  expect(passed.length).toBeGreaterThan(80)
})
