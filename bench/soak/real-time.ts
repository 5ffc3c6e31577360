// A swarm in real time, each of its nodes in a process of its own on a DHT of this machine, and a page beside them over WebRTC. What a node
// takes must be the same at the end as when all that is kept was there for the first time.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { hypercoreWeb } from '@hypervision/hypercore-web/esbuild'
import { bootstrapNode } from '@hypervision/transport-dht'
import { tracker } from '@hypervision/transport-webrtc/tracker'
import type { CDPSession, Page } from 'playwright-core'
import { launchChromium } from '../../scripts/chromium.mjs'
import type { Row } from '../bench.ts'
import { servePage } from '../browser/serve-page.ts'
import type { NodeFigures, NodeMessage, NodePlan } from './node.ts'

/** Name of the case. */
export const realTimeName = '30 real minutes'

/** When it is measured, minutes from the start; what is kept is there from the fifth one on. */
const minutes = [2, 6, 10, 15, 20, 25, 30]
const quickMinutes = [0.2, 0.4]

/**
 * Runs a broadcaster with a folder, three viewers, one of them with a folder too, and a page. Each keeps five minutes.
 *
 * @param folder for what is stored
 */
export async function soakRealTime(
  folder: string,
  quick: boolean,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<Row[]> {
  const opened: { close(): unknown }[] = []
  const keep = <One extends { close(): unknown }>(one: One): One => {
    opened.push(one)
    return one
  }
  try {
    const swarm = await startSwarm(folder, keep)
    return await measure(swarm, quick, log, signal)
  } finally {
    for (const one of opened.reverse()) await one.close()
  }
}

interface Measured {
  readonly name: string
  figures(): Promise<NodeFigures>
}

async function startSwarm(
  folder: string,
  keep: <One extends { close(): unknown }>(one: One) => One,
): Promise<readonly Measured[]> {
  const network = keep(await bootstrapNode({ port: 0 }))
  const meeting = keep(await tracker({ port: 0, host: '127.0.0.1' }))
  const bootstrap = `${network.host}:${network.port}`
  const start = async (name: string, plan: NodePlan): Promise<NodeProcess> => {
    const node = keep(new NodeProcess(name, plan))
    await node.ready
    return node
  }
  const broadcaster = await start('broadcaster, folder', {
    role: 'broadcaster',
    bootstrap,
    tracker: meeting.url,
    storage: join(folder, 'broadcaster'),
  })
  const link = await broadcaster.ready
  const nodes = [broadcaster]
  for (const [name, storage] of [
    ['viewer, folder', join(folder, 'viewer')],
    ['viewer, memory', undefined],
    ['viewer, memory, another', undefined],
  ] as const) {
    nodes.push(await start(name, { role: 'viewer', bootstrap, link, storage }))
  }
  return [...nodes, keep(await WatchingPage.open(link, meeting.url))]
}

async function measure(
  swarm: readonly Measured[],
  quick: boolean,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<Row[]> {
  const rows: Row[] = []
  const startedAt = performance.now()
  for (const minute of quick ? quickMinutes : minutes) {
    await wait(startedAt + minute * 60_000 - performance.now(), undefined, { signal })
    for (const node of swarm) {
      const row = { case: `${realTimeName}, minute ${minute}, ${node.name}`, ...(await node.figures()) }
      rows.push(row)
      log(JSON.stringify(row))
    }
  }
  return rows
}

class NodeProcess {
  readonly name: string
  /** The link of a broadcaster; a viewer has its first block. */
  readonly ready: Promise<string>
  readonly #child: ChildProcess

  constructor(name: string, plan: NodePlan) {
    this.name = name
    this.#child = fork(fileURLToPath(new URL('node.ts', import.meta.url)), [JSON.stringify(plan)])
    this.ready = this.#hear('ready').then(({ value }) => value)
  }

  async figures(): Promise<NodeFigures> {
    const answer = this.#hear('figures')
    this.#child.send('ask')
    const { figures } = await answer
    return figures
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exit = once(this.#child, 'exit')
    this.#child.kill()
    await exit
  }

  #hear<Type extends NodeMessage['type']>(type: Type): Promise<Extract<NodeMessage, { type: Type }>> {
    return new Promise((resolve, reject) => {
      const onmessage = (message: NodeMessage): void => {
        if (message.type !== type) return
        this.#child.off('message', onmessage)
        this.#child.off('exit', onexit)
        resolve(message as Extract<NodeMessage, { type: Type }>)
      }
      const onexit = (): void => reject(new Error(`The process of "${this.name}" has ended.`))
      this.#child.on('message', onmessage)
      this.#child.on('exit', onexit)
    })
  }
}

/** A player in Chromium, measured from without. */
class WatchingPage {
  readonly name = 'page'
  readonly #page: Page
  readonly #devTools: CDPSession
  readonly #close: () => Promise<void>

  private constructor(page: Page, devTools: CDPSession, close: () => Promise<void>) {
    this.#page = page
    this.#devTools = devTools
    this.#close = close
  }

  static async open(link: string, trackerUrl: string): Promise<WatchingPage> {
    const script = fileURLToPath(new URL('page.ts', import.meta.url))
    const served = await servePage(script, { plugins: [hypercoreWeb()] })
    const browser = await launchChromium()
    const page = await browser.newPage()
    await page.goto(served.url)
    await page.evaluate(([channel, url]) => watch(channel, url), [link, trackerUrl] as const)
    const devTools = await page.context().newCDPSession(page)
    await devTools.send('Performance.enable')
    return new WatchingPage(page, devTools, async () => {
      await browser.close()
      served.close()
    })
  }

  async figures(): Promise<NodeFigures> {
    await this.#devTools.send('HeapProfiler.collectGarbage')
    const { metrics } = await this.#devTools.send('Performance.getMetrics')
    const metric = (name: string): number => metrics.find((one) => one.name === name)?.value ?? Number.NaN
    const { p50Ms, p99Ms, ...seen } = await this.#page.evaluate(() => figures())
    return {
      heapMB: metric('JSHeapUsedSize') / 1e6,
      rssMB: null,
      // As many as there are of what may leak in a page.
      handles: metric('JSEventListeners'),
      files: null,
      diskMB: null,
      p50Ms,
      p99Ms,
      ...seen,
    }
  }

  close(): Promise<void> {
    return this.#close()
  }
}
