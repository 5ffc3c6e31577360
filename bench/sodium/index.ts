// Cryptography in a page, operation by operation: ours beside what is there, and beside the whole of libsodium in WebAssembly, whose
// 190 kB are what speed could be had for.
import { fileURLToPath } from 'node:url'
import { decrypt, encrypt } from '@hypervision/hypercore-web/block-cipher'
import { launchChromium } from '../../scripts/chromium.mjs'
import type { Bench, BenchRunOptions, Row } from '../bench.ts'
import { servePage } from '../browser/serve-page.ts'
import type {} from './page.ts'

const [key, nonce, block, context] = [32, 24, 64 * 1024, 80].map((length) => new Uint8Array(length).fill(4)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
]
const sealed = encrypt(key, nonce, block, context)

/** The limit of what private channels do in pages: the same with native code. */
const inNode: Readonly<Record<string, (ms: number) => number>> = {
  'encrypt block 64 KiB': (ms) => msPerCall(() => encrypt(key, nonce, block, context), ms),
  'decrypt block 64 KiB': (ms) => msPerCall(() => decrypt(key, nonce, sealed, context), ms),
}

function msPerCall(call: () => unknown, ms: number): number {
  const start = performance.now()
  let calls = 0
  while (performance.now() - start < ms) {
    call()
    calls++
  }
  return (performance.now() - start) / calls
}

export const bench: Bench = {
  name: 'sodium',
  title: 'Cryptography in Chromium: milliseconds per call',

  async run({ quick, log, signal }: BenchRunOptions): Promise<readonly Row[]> {
    const served = await servePage(fileURLToPath(new URL('./page.ts', import.meta.url)), {
      // Rivals look for Node before they take what the page has.
      external: ['fs', 'path', 'crypto', 'url', 'module'],
      define: { global: 'globalThis' },
    })
    const browser = await launchChromium()
    const stop = () => void browser.close()
    signal.addEventListener('abort', stop, { once: true })
    try {
      const page = await browser.newPage()
      await page.goto(served.url)
      log(`Chromium ${browser.version()}`)
      const measured = await page.evaluate((batchMs) => measureSodium(batchMs), quick ? 20 : 300)
      return Object.entries(measured).map(([operation, ms]) => ({
        case: operation,
        oursMs: ms.ours ?? null,
        sodiumJavascriptMs: ms['sodium-javascript'] ?? null,
        blake2bWasmMs: ms['blake2b-wasm'] ?? null,
        libsodiumJsMs: ms['libsodium.js'] ?? null,
        nodeMs: inNode[operation]?.(quick ? 20 : 300) ?? null,
      }))
    } finally {
      signal.removeEventListener('abort', stop)
      await browser.close()
      served.close()
    }
  },
}
