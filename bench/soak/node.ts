// One node of the swarm in real time, in a process of its own: `node.ts '{"role": …}'`, asked for figures by its parent.
import { readdir } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { createBroadcast, createViewer, type NodeStats } from '@hypervision/core'
import { fakeCapture } from '@hypervision/testkit'
import { dht } from '@hypervision/transport-dht'
import { webrtc } from '@hypervision/transport-webrtc'
import { heapMB } from '../heap.ts'
import { percentile } from '../statistics.ts'
import { bytesIn } from './disk-use.ts'

/** What the process is to do; its last argument, as JSON. */
export type NodePlan = { readonly bootstrap: string; readonly storage: string | undefined } & (
  | { readonly role: 'broadcaster'; readonly tracker: string }
  | { readonly role: 'viewer'; readonly link: string }
)

/** What a node takes, and what its viewer sees. */
export interface NodeFigures {
  readonly heapMB: number
  readonly rssMB: number | null
  /** Sockets, timers and the like that keep the process alive; listeners of a page. */
  readonly handles: number
  /** Open file descriptors. */
  readonly files: number | null
  readonly diskMB: number | null
  /** Capture to readable, or shown in a page, since the last time that it was asked for; by the one clock of the machine. */
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  readonly peers: number
  readonly stalls: number | null
  /** Blocks that were left out. */
  readonly lost: number | null
}

/** What a node tells. */
export type NodeMessage =
  | { readonly type: 'ready'; readonly value: string }
  | { readonly type: 'figures'; readonly figures: NodeFigures }

/** Half a megabit per second. */
const media = { frameRate: 25, frameBytes: 2500, keyframeEvery: 50 }
const retain = { seconds: 300 }

const plan: NodePlan = JSON.parse(process.argv[2] ?? '{}')
const node = plan.role === 'broadcaster' ? await broadcast(plan.tracker) : await watch(plan.link)
process.on('message', () => void tellFigures())
// The parent is gone.
process.on('disconnect', () => process.exit(1))

function tell(message: NodeMessage): void {
  process.send?.(message)
}

async function tellFigures(): Promise<void> {
  const { storage } = plan
  const heap = await heapMB()
  tell({
    type: 'figures',
    figures: {
      heapMB: heap,
      rssMB: process.memoryUsage().rss / 1e6,
      handles: process.getActiveResourcesInfo().length,
      files: await readdir('/proc/self/fd').then(
        (files) => files.length,
        () => null,
      ),
      diskMB: storage === undefined ? null : (await bytesIn(storage)) / 1e6,
      ...node.seen(),
      peers: node.stats().peers.length,
    },
  })
}

interface Running {
  stats(): NodeStats
  seen(): Pick<NodeFigures, 'p50Ms' | 'p99Ms' | 'stalls' | 'lost'>
}

async function broadcast(tracker: string): Promise<Running> {
  const broadcast = await createBroadcast({
    capture: onTime(),
    transports: [transport(), webrtc({ trackers: [tracker], iceServers: [] })],
    storage: plan.storage,
    retain,
  })
  tell({ type: 'ready', value: broadcast.link })
  return {
    stats: () => broadcast.stats(),
    seen: () => ({ p50Ms: null, p99Ms: null, stalls: null, lost: null }),
  }
}

/** Frames when they are due; those that are late come at once, and the timeline stays that of the clock, or delays would be those of the machine. */
async function* onTime(): AsyncGenerator<Uint8Array> {
  const capture = fakeCapture({ ...media, isPaced: false })
  const startedAt = performance.now()
  let chunks = 0
  for await (const chunk of capture.open({ signal: new AbortController().signal })) {
    await wait(startedAt + (chunks++ * 1000) / media.frameRate - performance.now())
    yield chunk
  }
}

async function watch(link: string): Promise<Running> {
  const viewer = await createViewer({ link, transports: [transport()], storage: plan.storage, retain })
  let lost = 0
  let delays: number[] = []
  const reading = (async () => {
    let next: number | null = null
    for await (const block of viewer.blocks) {
      if (block.kind !== 'cluster') continue
      if (next === null) tell({ type: 'ready', value: '' })
      lost += next === null ? 0 : block.index - next
      next = block.index + 1
      delays.push(Date.now() - block.time.getTime())
    }
  })()
  reading.catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
  return {
    stats: () => viewer.stats(),
    seen() {
      const [p50Ms, p99Ms] = [percentile(delays, 0.5), percentile(delays, 0.99)]
      delays = []
      return { p50Ms, p99Ms, stalls: viewer.stats().stalls, lost }
    },
  }
}

function transport() {
  return dht({ bootstrap: [plan.bootstrap] })
}
