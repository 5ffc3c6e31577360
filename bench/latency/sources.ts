// The ways from a picture to a viewer that are compared: what broadcasts, and how a page begins to watch it.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import type { BroadcasterOrder } from './broadcaster.ts'
import { clockCamera } from './clock-camera.ts'
import type { OldWayOptions } from './old-way.ts'
import type {} from './page.ts'

/** What a source is started with. */
export interface SourceSetting {
  /** Opens a page of the bench, in a browser that is there for broadcasting only. */
  openPage(): Promise<Page>
  /** Address of the tracker. */
  readonly tracker: string
}

/** A running broadcast. */
export interface Source {
  /** The process that broadcasts, where it is not the browser of {@link SourceSetting.openPage}. */
  readonly pid: number | null
  /** Makes a page of the bench watch it; resolves at once. */
  watch(page: Page): Promise<void>
  close(): Promise<void>
}

/** One row of the table. */
export interface Way {
  readonly name: string
  start(setting: SourceSetting): Promise<Source>
}

const asIn2016: OldWayOptions = { keyframeIntervalMs: null, clustersBack: 4 }
/** The same design with a keyframe each second and a start at the newest Cluster. */
const atItsBest: OldWayOptions = { keyframeIntervalMs: 1000, clustersBack: 0 }

/** The old way first: the others are compared with it. */
export const ways: readonly Way[] = [
  { name: 'old way, at its best', start: (setting) => oldWay(setting, atItsBest) },
  { name: 'old way, as in 2016', start: (setting) => oldWay(setting, asIn2016) },
  { name: 'page → page', start: page },
  { name: 'Node → page', start: node },
  { name: 'limit: no recording, no network', start: direct },
]

async function oldWay({ openPage, tracker }: SourceSetting, options: OldWayOptions): Promise<Source> {
  const broadcaster = await openPage()
  const key = await broadcaster.evaluate(([url, chosen]) => benchPage.broadcastOldWay(url, chosen), [
    tracker,
    options,
  ] as const)
  return {
    pid: null,
    watch: (viewer) =>
      viewer.evaluate(([of, url, chosen]) => benchPage.watchOldWay(of, url, chosen), [key, tracker, options] as const),
    close: () => broadcaster.context().close(),
  }
}

async function page({ openPage, tracker }: SourceSetting): Promise<Source> {
  const broadcaster = await openPage()
  const link = await broadcaster.evaluate((url) => benchPage.broadcast(url), tracker)
  return { pid: null, watch: watcher(link, tracker), close: () => broadcaster.context().close() }
}

async function node({ tracker }: SourceSetting): Promise<Source> {
  const camera = await clockCamera()
  const broadcaster = fork(fileURLToPath(new URL('./broadcaster.ts', import.meta.url)))
  const order: BroadcasterOrder = { tracker, inputArgs: camera.inputArgs }
  broadcaster.send(order)
  const [link] = (await once(broadcaster, 'message')) as [string]
  return {
    pid: broadcaster.pid ?? null,
    watch: watcher(link, tracker),
    close: async () => {
      camera.close()
      if (!broadcaster.connected) return
      const exited = once(broadcaster, 'exit')
      broadcaster.disconnect()
      await exited
    },
  }
}

async function direct(): Promise<Source> {
  return { pid: null, watch: (viewer) => viewer.evaluate(() => benchPage.showDirectly()), close: async () => {} }
}

function watcher(link: string, tracker: string): Source['watch'] {
  return (viewer) => viewer.evaluate(([of, url]) => benchPage.watch(of, url), [link, tracker] as const)
}
