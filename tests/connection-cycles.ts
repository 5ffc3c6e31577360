// Peers that come and go, over and over, and how much of them is left behind: for a short test and a long bench.
import { EventEmitter } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { queryObjects } from 'node:v8'
import { type Broadcast, createBroadcast, createViewer, type Viewer } from '@hypervision/core'
import { fakeCapture, memoryNetwork } from '@hypervision/testkit'

/** What of each kind is in use after everything unused was collected. */
export type Remains = Readonly<Record<keyof typeof kinds | 'timers', number>>

/** A listener is a function, a wait a promise, and a peer has a stream and signals: whatever is kept of one shows in these. */
const kinds = { functions: Function, promises: Promise, emitters: EventEmitter }

/** A swarm whose peers come and go. */
export interface Cycles {
  /** What is cycled. */
  readonly name: string
  /** Peers come and go so often. */
  run(times: number): Promise<void>
  /** What is there now, with nobody connected that was not before. */
  remains(): Promise<Remains>
  close(): Promise<void>
}

/** A broadcaster whose viewers come, play and go. */
export async function guests(): Promise<Cycles> {
  const { broadcast, join } = await goLive()
  return {
    name: 'viewers that come and go',
    async run(times) {
      for (let time = 0; time < times; time++) {
        const viewer = await join()
        await firstCluster(viewer)
        await viewer.close()
      }
    },
    async remains() {
      await until(() => broadcast.stats().peers.length === 0)
      return count()
    },
    close: () => broadcast.close(),
  }
}

/** A viewer that loses its only peer and finds it again. */
export async function losses(): Promise<Cycles> {
  const { broadcast, join, disconnect } = await goLive()
  const viewer = await join()
  await firstCluster(viewer)
  return {
    name: 'a viewer that loses its peer',
    async run(times) {
      for (let time = 0; time < times; time++) {
        const back = new Promise((resolve) => viewer.addEventListener('peeropen', resolve, { once: true }))
        disconnect()
        await back
      }
    },
    async remains() {
      await until(() => viewer.stats().peers.length === 1 && broadcast.stats().peers.length === 1)
      return count()
    },
    async close() {
      await viewer.close()
      await broadcast.close()
    },
  }
}

async function goLive(): Promise<{ broadcast: Broadcast; join(): Promise<Viewer>; disconnect(): void }> {
  const network = memoryNetwork({ retryMs: 1 })
  const [source, guest] = [network.transport({ host: 'broadcaster' }), network.transport({ host: 'guest' })]
  const capture = fakeCapture({ keyframeEvery: 5, frameBytes: 200 })
  const broadcast = await createBroadcast({ capture, transports: [source] })
  await until(() => broadcast.stats().blocks > 1)
  return {
    broadcast,
    join: () => createViewer({ link: broadcast.link, transports: [guest] }),
    disconnect: () => network.disconnect(source, guest),
  }
}

async function firstCluster(viewer: Viewer): Promise<void> {
  for await (const { kind } of viewer.blocks) if (kind === 'cluster') return
}

/** Counts them. */
export async function count(): Promise<Remains> {
  // Whatever ends in a later turn has ended by then.
  for (let turn = 0; turn < 20; turn++) await setImmediate()
  const counts = Object.entries(kinds).map(([name, kind]) => [name, queryObjects(kind, { format: 'count' })])
  const timers = process.getActiveResourcesInfo().length
  return { ...Object.fromEntries(counts), timers }
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error('It did not come to that within half a minute.')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
