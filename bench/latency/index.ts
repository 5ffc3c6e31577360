// Glass to glass: a clock is drawn, recorded, sent and played, and read from the picture that is shown.
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { hypercoreWeb } from '@hypervision/hypercore-web/esbuild'
import { tracker } from '@hypervision/transport-webrtc/tracker'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../../scripts/chromium.mjs'
import type { Bench, BenchRunOptions, Row } from '../bench.ts'
import { servePage } from '../browser/serve-page.ts'
import { median, percentile } from '../statistics.ts'
import { cpuSeconds } from './cpu-time.ts'
import type { Seen } from './picture-reader.ts'
import { type Source, type Way, ways } from './sources.ts'

/** How much is measured. */
interface Amount {
  readonly rounds: number
  /** Of one viewer who stays, per round. */
  readonly lookMs: number
  /** Further viewers who come and go, per round. */
  readonly joins: number
}

/** One way, once. */
interface Round {
  readonly seen: Seen
  /** From the call to the first picture, of each viewer, ms. */
  readonly joinsMs: readonly number[]
  /** Of one processor core, percent; null where it cannot be told. */
  readonly broadcasterCpu: number | null
  readonly viewerCpu: number | null
}

/** Until a viewer who has come is where it stays. */
const settleMs = 4000
/** A broadcast has begun a while before somebody comes. */
const headStartMs = 2000

export const bench: Bench = {
  name: 'latency',
  title: 'Glass to glass, 640 × 360 at 500 kbit/s with sound, over WebRTC on this machine; Chromium shows it',

  async run({ quick, wants, log, signal }: BenchRunOptions): Promise<readonly Row[]> {
    const amount = quick ? { rounds: 1, lookMs: 4000, joins: 1 } : { rounds: 3, lookMs: 15_000, joins: 6 }
    const served = await servePage(fileURLToPath(new URL('./page.ts', import.meta.url)), { plugins: [hypercoreWeb()] })
    const wanted = ways.filter(({ name }) => wants(name))
    const rounds = new Map<Way, Round[]>(wanted.map((way) => [way, []]))
    try {
      for (let round = 1; round <= amount.rounds; round++) {
        for (const way of wanted) {
          signal.throwIfAborted()
          log(`round ${round} of ${amount.rounds}: ${way.name}`)
          rounds.get(way)?.push(await measure(way, served.url, amount, log))
        }
      }
    } finally {
      served.close()
    }
    const [oldWay] = ways
    const reference = oldWay === undefined ? [] : (rounds.get(oldWay) ?? [])
    return [...rounds].map(([way, of]) => rowOf(way, of, reference))
  },
}

async function measure(way: Way, url: string, amount: Amount, log: (line: string) => void): Promise<Round> {
  const meetingPoint = await tracker({ port: 0, host: '127.0.0.1' })
  const [sending, watching] = await Promise.all([launchChromium(), launchChromium()])
  try {
    const source = await way.start({ tracker: meetingPoint.url, openPage: () => openPage(sending, url, log) })
    try {
      await wait(headStartMs)
      return await watch(source, { sending, watching, open: () => openPage(watching, url, log) }, amount)
    } finally {
      await source.close()
    }
  } finally {
    await Promise.all([sending.close(), watching.close()])
    await meetingPoint.close()
  }
}

interface Browsers {
  readonly sending: Browser
  readonly watching: Browser
  /** A new viewer, as if on another machine. */
  open(): Promise<Page>
}

async function watch(source: Source, { sending, watching, open }: Browsers, amount: Amount): Promise<Round> {
  const pids = await Promise.all([source.pid ?? browserPid(sending), browserPid(watching)])
  const join = async (): Promise<{ viewer: Page; joinMs: number }> => {
    const viewer = await open()
    await source.watch(viewer)
    return { viewer, joinMs: await viewer.evaluate(() => benchPage.firstPicture()) }
  }
  const staying = await join()
  await wait(settleMs)
  const before = pids.map(cpuSeconds)
  const seen = await staying.viewer.evaluate((ms) => benchPage.look(ms), amount.lookMs)
  const [broadcasterCpu, viewerCpu] = pids.map((pid, at) => share(before[at], cpuSeconds(pid), amount.lookMs))
  await staying.viewer.context().close()
  const joinsMs = [staying.joinMs]
  for (let count = 0; count < amount.joins; count++) {
    const { viewer, joinMs } = await join()
    joinsMs.push(joinMs)
    await viewer.context().close()
  }
  return { seen, joinsMs, broadcasterCpu: broadcasterCpu ?? null, viewerCpu: viewerCpu ?? null }
}

async function openPage(browser: Browser, url: string, log: (line: string) => void): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 800, height: 600 } })
  const page = await context.newPage()
  page.on('pageerror', (error) => log(`in a page: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') log(`in a page: ${message.text()}`)
  })
  await page.goto(url)
  return page
}

async function browserPid(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo.find(({ type }) => type === 'browser')?.id ?? Number.NaN
}

function share(before: number | null | undefined, after: number | null, ms: number): number | null {
  return before == null || after === null ? null : Math.round(((after - before) / ms) * 100_000)
}

/** Medians of the rounds; joins and stalls of all of them. */
function rowOf({ name }: Way, rounds: readonly Round[], reference: readonly Round[]): Row {
  const p50Ms = middle(rounds, ({ seen }) => percentile(seen.latenciesMs, 0.5))
  const joinsMs = rounds.flatMap((round) => round.joinsMs)
  return {
    case: name,
    p50Ms: Math.round(p50Ms),
    p95Ms: Math.round(middle(rounds, ({ seen }) => percentile(seen.latenciesMs, 0.95))),
    ofOldWay:
      reference.length === 0 ? null : p50Ms / middle(reference, ({ seen }) => percentile(seen.latenciesMs, 0.5)),
    joinP50Ms: Math.round(percentile(joinsMs, 0.5)),
    joinP95Ms: Math.round(percentile(joinsMs, 0.95)),
    stalls: rounds.reduce((sum, { seen }) => sum + seen.stalls, 0),
    stalledMs: Math.round(rounds.reduce((sum, { seen }) => sum + seen.stalledMs, 0)),
    pictures: rounds.reduce((sum, { seen }) => sum + seen.latenciesMs.length, 0),
    unreadable: rounds.reduce((sum, { seen }) => sum + seen.unreadable, 0),
    broadcasterCpuPercent: middle(rounds, ({ broadcasterCpu }) => broadcasterCpu),
    viewerCpuPercent: middle(rounds, ({ viewerCpu }) => viewerCpu),
  }
}

function middle(rounds: readonly Round[], read: (round: Round) => number): number
function middle(rounds: readonly Round[], read: (round: Round) => number | null): number | null
function middle(rounds: readonly Round[], read: (round: Round) => number | null): number | null {
  const values = rounds.map(read).filter((value) => value !== null)
  return values.length === 0 ? null : median(values)
}
