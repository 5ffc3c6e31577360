// Cryptography in a page, operation by operation: ours beside what is there, and beside the whole of libsodium in WebAssembly, whose
// 190 kB are what speed could be had for.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import type { Bench, BenchRunOptions, Row } from '../bench.ts'
import type {} from './page.ts'

export const bench: Bench = {
  name: 'sodium',
  title: 'Cryptography in Chromium: milliseconds per call',

  async run({ quick, log, signal }: BenchRunOptions): Promise<readonly Row[]> {
    const script = await bundle()
    const server = createServer((request, response) => {
      const isScript = request.url === '/page.js'
      response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' })
      response.end(isScript ? script : '<!doctype html><script src="/page.js"></script>')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const browser = await chromium.launch({
      executablePath: process.env.HYPERVISION_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
    })
    const stop = () => void browser.close()
    signal.addEventListener('abort', stop, { once: true })
    try {
      const page = await browser.newPage()
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
      log(`Chromium ${browser.version()}`)
      const measured = await page.evaluate((batchMs) => measureSodium(batchMs), quick ? 20 : 300)
      return Object.entries(measured).map(([operation, ms]) => ({
        case: operation,
        oursMs: ms.ours ?? null,
        sodiumJavascriptMs: ms['sodium-javascript'] ?? null,
        blake2bWasmMs: ms['blake2b-wasm'] ?? null,
        libsodiumJsMs: ms['libsodium.js'] ?? null,
      }))
    } finally {
      signal.removeEventListener('abort', stop)
      await browser.close()
      server.close()
    }
  },
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    conditions: ['hypervision-source'],
    // Rivals look for Node before they take what the page has.
    external: ['fs', 'path', 'crypto', 'url', 'module'],
    define: { global: 'globalThis' },
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? ''
}
