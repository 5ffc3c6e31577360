// The contract suite in real Chromium, with the same tests as in Node.
import { expect, test } from 'vitest'
import { runInPage } from '../../../../tests/browser/run-in-page.ts'
import { hypercoreWeb } from '../../src/plugin/esbuild.ts'

test.each([
  ['memory', 'contract-page.ts'],
  ['IndexedDB', 'indexed-db-contract-page.ts'],
])('the contracts of storage and hypercore hold in %s in Chromium', async (_where, script) => {
  const { passed, failed, errors } = await runInPage({
    script: `packages/hypercore-web/test/browser/${script}`,
    plugins: [hypercoreWeb()],
  })
  expect(failed).toEqual([])
  expect(errors).toEqual([])
  // None is left out.
  expect(passed.length).toBeGreaterThan(80)
})
