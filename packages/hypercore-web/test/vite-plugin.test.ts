// hypercore itself in an application of Vite's, with the plugin and nothing else.
import { expect, test } from 'vitest'
import { openPage, startChromium } from '../../../tests/browser/chromium.ts'
import { createViteApp } from '../../../tests/browser/vite-app.ts'
import { hypercoreWeb } from '../src/plugin/vite.ts'

const main = `
import { createMemoryStorage } from '@hypervision/hypercore-web'
import Hypercore from 'hypercore'

const core = new Hypercore(createMemoryStorage())
await core.append(['hello', 'world'])
const copy = new Hypercore(createMemoryStorage(), core.key)
await copy.ready()
const stream = core.replicate(true)
stream.pipe(copy.replicate(false)).pipe(stream)
const text = new TextDecoder()
const read = text.decode(await copy.get(0)) + ' ' + text.decode(await copy.get(1))
let folder = ''
try {
  await new Hypercore('./a-folder').ready()
} catch (error) {
  folder = error.message
}
Object.assign(globalThis, { result: { read, folder } })
`

test.each(['serve', 'build'] as const)('hypercore replicates in a page of Vite (%s)', async (how) => {
  const app = createViteApp({
    files: { 'src/main.ts': main },
    linked: {
      hypercore: 'packages/hypercore-web/node_modules/hypercore',
      '@hypervision/hypercore-web': 'packages/hypercore-web',
    },
    plugins: [hypercoreWeb()],
  })
  const { page, errors } = await openPage(await startChromium(), await app[how]())
  const result = await page.waitForFunction(() => (globalThis as { result?: unknown }).result)
  expect(await result.jsonValue()).toEqual({
    read: 'hello world',
    folder: expect.stringContaining('there are no folders in a page'),
  })
  expect(errors).toEqual([])
})

test('gives the bundler of dependencies what it takes: a Rollup plugin for Rolldown, one of esbuild before', () => {
  const { config } = hypercoreWeb()
  expect(config.call({ meta: { rolldownVersion: '1.0.0' } })).toMatchObject({
    optimizeDeps: { rolldownOptions: { plugins: [{ resolveId: expect.any(Function) }] } },
  })
  expect(config.call(undefined)).toMatchObject({
    optimizeDeps: { esbuildOptions: { plugins: [{ setup: expect.any(Function) }] } },
  })
})
