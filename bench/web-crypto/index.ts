// hypercore in a page with our cryptography, and with what is there: sodium-javascript, which sodium-universal takes in pages.
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { hypercoreWeb } from '@hypervision/hypercore-web/esbuild'
import type { Plugin } from 'esbuild'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../../scripts/chromium.mjs'
import type { Bench, BenchRunOptions, Row } from '../bench.ts'
import { servePage } from '../browser/serve-page.ts'
import { median } from '../statistics.ts'
import { measureSpeeds, type Speeds } from './measure.ts'
import type {} from './page.ts'

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const sodiumJavascript = createRequire(import.meta.url).resolve('sodium-javascript')

/** By column: what stands in the place of sodium in a page; null for ours. */
const stacks = {
  ours: null,
  sodiumJavascript,
  sodiumJavascriptFilledIn: pathOf('./filled-in-sodium.ts'),
} as const
/** A tenth of a second of video at 500 kbit/s, and the size of which hypercore's own streams are made. */
const blockSizes = [6 * 1024, 64 * 1024]

type Column = keyof typeof stacks | 'limit'

export const bench: Bench = {
  name: 'web-crypto',
  title:
    'hypercore in Chromium: blocks per second by cryptography; the limit is native code in Node, on the same storage',

  async run({ quick, log, signal }: BenchRunOptions): Promise<readonly Row[]> {
    const browser = await launchChromium()
    const stop = () => void browser.close()
    signal.addEventListener('abort', stop, { once: true })
    try {
      const rows: Row[] = []
      for (const blockBytes of blockSizes) {
        const measured: Record<Column, Speeds[]> = {
          ours: [],
          sodiumJavascript: [],
          sodiumJavascriptFilledIn: [],
          limit: [],
        }
        for (let round = 0; round < (quick ? 1 : 5); round++) {
          signal.throwIfAborted()
          log(`blocks of ${blockBytes / 1024} KiB, round ${round + 1}`)
          const ms = quick ? 500 : 1500
          for (const [column, sodium] of Object.entries(stacks) as [keyof typeof stacks, string | null][]) {
            measured[column].push(await measureInChromium(browser, sodium, blockBytes, ms))
          }
          measured.limit.push(await measureSpeeds(blockBytes, ms))
        }
        rows.push(...rowsOf(blockBytes, measured))
      }
      return rows
    } finally {
      signal.removeEventListener('abort', stop)
      await browser.close()
    }
  },
}

async function measureInChromium(
  browser: Browser,
  sodium: string | null,
  blockBytes: number,
  ms: number,
): Promise<Speeds> {
  const served = await servePage(pathOf('./page.ts'), {
    plugins: [...(sodium === null ? [] : [sodiumIs(sodium)]), hypercoreWeb()],
    // sodium-javascript looks for Node before it takes what the page has.
    external: ['crypto'],
    define: { global: 'globalThis' },
  })
  try {
    const page = await browser.newPage()
    await page.goto(served.url)
    const speeds = await page.evaluate(([bytes, time]) => measureInPage(bytes, time), [blockBytes, ms] as const)
    await page.close()
    return speeds
  } finally {
    served.close()
  }
}

/** Puts another sodium where hypercore and its connections import one. */
function sodiumIs(path: string): Plugin {
  return {
    name: 'sodium-is',
    setup: (build) => build.onResolve({ filter: /^sodium-(universal|native)$/ }, () => ({ path })),
  }
}

function rowsOf(blockBytes: number, measured: Record<Column, readonly Speeds[]>): Row[] {
  return (['append', 'verify', 'replicate'] as const).map((operation) => {
    const speed = (column: Column): number | null => {
      const values = measured[column].map((speeds) => speeds[operation]).filter((value) => value !== null)
      return values.length === 0 ? null : median(values)
    }
    const [ours, theirs, filledIn] = [speed('ours'), speed('sodiumJavascript'), speed('sodiumJavascriptFilledIn')]
    const rival = theirs ?? filledIn
    return {
      case: `${operation}, ${blockBytes / 1024} KiB`,
      ours,
      sodiumJavascript: theirs ?? `fails: ${measured.sodiumJavascript[0]?.failure}`,
      sodiumJavascriptFilledIn: filledIn,
      timesAsFast: ours === null || rival === null ? null : ours / rival,
      limit: speed('limit'),
    }
  })
}
