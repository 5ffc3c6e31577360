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

async function createApp(policy?: string): Promise<ViteApp> {
  return createViteApp({
    files: {
      'src/main.ts': readFileSync(atRoot('packages/core/test/browser/page.ts')),
      'public/clip.webm': clip,
      ...(await networkPackage()),
    },
    installed: ['packages/core'],
    ...(policy === undefined ? {} : { policy }),
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

test.each([
  ["default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'", true],
  // Without WebAssembly, hashes take longer and nothing else happens.
  ["default-src 'none'; script-src 'self'; connect-src 'self'", false],
])('runs under the policy %s', async (policy, hasWasm) => {
  const app = await createApp(policy)
  const { page } = await openPage(await startChromium(), await app.build())
  await page.waitForFunction(() => 'passOn' in globalThis)
  expect((await page.evaluate(() => passOn('/clip.webm'))).hashes.length).toBeGreaterThan(50)
  const compiles = page.evaluate(() => {
    const { WebAssembly } = globalThis as unknown as { WebAssembly: { compile(module: Uint8Array): Promise<unknown> } }
    return WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)).then(
      () => true,
      () => false,
    )
  })
  expect(await compiles).toBe(hasWasm)
})

test('gives an application its types', async () => {
  const { folder } = await createApp()
  const tsc = spawnSync(process.execPath, [atRoot('node_modules/typescript/bin/tsc'), '-p', folder], {
    encoding: 'utf8',
  })
  expect(tsc.stdout).toBe('')
  expect(tsc.status).toBe(0)
})
