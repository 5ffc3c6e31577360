// The overlay among pages: a broadcaster in Node and viewers in Chromium over WebRTC, each page in a browser context of its own. Then one of them is
// closed without a word to the others. One clock times all.
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Broadcast, createBroadcast } from '@hypervision/core'
import { hypercoreWeb } from '@hypervision/hypercore-web/esbuild'
import { fakeCapture } from '@hypervision/testkit'
import { webrtc } from '@hypervision/transport-webrtc'
import { tracker } from '@hypervision/transport-webrtc/tracker'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../../scripts/chromium.mjs'
import type { Bench, BenchRunOptions, Row } from '../bench.ts'
import { servePage } from '../browser/serve-page.ts'
import { type Arrival, type MeasuredPeer, measurePhase } from '../peers/phase.ts'
import { percentile } from '../statistics.ts'
import type {} from './page.ts'

const bitsPerSecond = 1_000_000
const frameRate = 30
/** An append is seen so much later at the most, ms. */
const pollMs = 4

export const bench: Bench = {
  name: 'pages',
  title:
    'Pages over WebRTC and a broadcaster in Node, 1 Mbit/s: source copies and append → available, before and after one is killed',

  async run({ quick, log, signal }: BenchRunOptions): Promise<readonly Row[]> {
    const [count, measureMs] = quick ? [3, 5000] : [6, 20_000]
    const meeting = await tracker({ port: 0, host: '127.0.0.1' })
    const served = await servePage(fileURLToPath(new URL('./page.ts', import.meta.url)), { plugins: [hypercoreWeb()] })
    const browser = await launchChromium()
    const source = await Source.start(meeting.url)
    const stop = (): void => void browser.close()
    signal.addEventListener('abort', stop, { once: true })
    try {
      const pages: WatchingTab[] = []
      while (pages.length < count) {
        signal.throwIfAborted()
        pages.push(await WatchingTab.open(browser, served.url, source.link, meeting.url))
      }
      log(`${count} pages play`)
      await sleep(3000, undefined, { signal })
      const steady = await measurePhase(source, pages, measureMs, async () => {}, signal)
      const [victim, ...survivors] = pages
      const kill = async (): Promise<void> => {
        await sleep(measureMs / 4, undefined, { signal })
        await victim?.kill()
      }
      const killed = await measurePhase(source, survivors, measureMs, kill, signal)
      const joins = pages.map(({ joinMs }) => joinMs)
      return [
        { case: `${count} pages`, ...steady, joinP95Ms: percentile(joins, 0.95) },
        { case: 'the same, one of them killed', ...killed, joinP95Ms: null },
      ]
    } finally {
      signal.removeEventListener('abort', stop)
      await source.close()
      await browser.close()
      served.close()
      await meeting.close()
    }
  },
}

/** The broadcaster, in this process. */
class Source implements MeasuredPeer {
  readonly #broadcast: Broadcast
  readonly #arrivals: Arrival[] = []
  readonly #timer: ReturnType<typeof setInterval>

  static async start(meeting: string): Promise<Source> {
    const frameBytes = Math.round(bitsPerSecond / 8 / frameRate)
    return new Source(
      await createBroadcast({
        capture: fakeCapture({ frameRate, frameBytes, keyframeEvery: frameRate }),
        transports: [webrtc({ trackers: [meeting], iceServers: [] })],
      }),
    )
  }

  private constructor(broadcast: Broadcast) {
    this.#broadcast = broadcast
    this.#timer = setInterval(() => {
      for (const { blocks } = broadcast.stats(); this.#arrivals.length < blocks; ) {
        this.#arrivals.push([this.#arrivals.length, performance.timeOrigin + performance.now()])
      }
    }, pollMs)
  }

  get link(): string {
    return this.#broadcast.link
  }

  async figures() {
    return { arrivals: this.#arrivals, stats: this.#broadcast.stats() }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#broadcast.close()
  }
}

/** One page that watches. */
class WatchingTab implements MeasuredPeer {
  readonly joinMs: number
  readonly #page: Page

  static async open(browser: Browser, url: string, link: string, meeting: string): Promise<WatchingTab> {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(url)
    return new WatchingTab(page, await page.evaluate((to) => watchingPage.watch(...to), [link, meeting] as const))
  }

  private constructor(page: Page, joinMs: number) {
    this.#page = page
    this.joinMs = joinMs
  }

  figures() {
    return this.#page.evaluate(() => watchingPage.figures())
  }

  /** Its process is gone: nobody in it can say good-bye. */
  async kill(): Promise<void> {
    const session = await this.#page.context().newCDPSession(this.#page)
    // It does not live to answer.
    void session.send('Page.crash').catch(() => {})
  }
}
