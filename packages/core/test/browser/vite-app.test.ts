// An application as `npm create vite` makes it imports core, as it is published and with nothing beside it, and needs no
// configuration: a page of it broadcasts and watches, served by Vite and built, and the types hold.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { hypercoreWeb } from '@hypervision/hypercore-web/esbuild'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { openPage, startChromium } from '../../../../tests/browser/chromium.ts'
import { createViteApp, type ViteApp } from '../../../../tests/browser/vite-app.ts'
import './page.ts'

const atRoot = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))
const clip = readFileSync(atRoot('packages/cli/assets/clip.webm'))

async function createApp(): Promise<ViteApp> {
  return createViteApp({
    files: {
      'src/main.ts': readFileSync(atRoot('packages/core/test/browser/page.ts')),
      'public/clip.webm': clip,
      ...(await networkPackage()),
    },
    installed: ['packages/core'],
  })
}

/** The network of the testkit as a package that needs core and nothing else, so that core's are the only needs to be met. */
async function networkPackage(): Promise<Record<string, string>> {
  const { outputFiles } = await build({
    entryPoints: [atRoot('packages/testkit/src/transport/memory-transport.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    external: ['@hypervision/core'],
    plugins: [hypercoreWeb()],
  })
  const folder = 'node_modules/@hypervision/testkit'
  const exports = { types: './index.d.ts', default: './index.js' }
  return {
    [`${folder}/package.json`]: JSON.stringify({ name: '@hypervision/testkit', type: 'module', exports }),
    [`${folder}/index.js`]: outputFiles[0]?.text ?? '',
    [`${folder}/index.d.ts`]:
      "export declare function memoryNetwork(): { transport(): import('@hypervision/core/contracts').Transport }",
  }
}

test.each(['serve', 'build'] as const)(
  'gets in a page, unconfigured, the very blocks that Node gets (%s)',
  async (how) => {
    const app = await createApp()
    const { page, errors } = await openPage(await startChromium(), await app[how]())
    await page.waitForFunction(() => 'passOn' in globalThis)
    const inPage = await page.evaluate(() => passOn('/clip.webm'))
    // The same in this process, on sources, native cryptography and Node's streams.
    const inNode = await passOn(`data:video/webm;base64,${clip.toString('base64')}`)
    expect(inPage.hashes.length).toBeGreaterThan(50)
    // The first block says when the broadcast began.
    expect(inPage.hashes.slice(1)).toEqual(inNode.hashes.slice(1))
    expect(inPage.isOneError).toBe(true)
    expect(errors).toEqual([])
  },
)

test('gives an application its types', async () => {
  const { folder } = await createApp()
  const tsc = spawnSync(process.execPath, [atRoot('node_modules/typescript/bin/tsc'), '-p', folder], {
    encoding: 'utf8',
  })
  expect(tsc.stdout).toBe('')
  expect(tsc.status).toBe(0)
})
