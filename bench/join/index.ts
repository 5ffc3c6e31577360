// From createViewer() to the first byte that can be played, over a real DHT on this machine, one stage after the other: the
// time, and the round trips between the connection and the stage, which are what counts where the network is slower.
import { readFile } from 'node:fs/promises'
import { type Broadcast, createBroadcast, createViewer } from '@hypervision/core'
import { type BootstrapNode, bootstrapNode, dht } from '@hypervision/transport-dht'
import type { Bench, BenchRunOptions, Row } from '../bench.ts'
import { percentile } from '../statistics.ts'
import { slowed } from './slowed.ts'

/** What is added to each way of a connection to count round trips: far above what a join takes without it. */
const addedMs = 100

const clip = new URL('../../packages/cli/assets/clip.webm', import.meta.url)

/** Milliseconds since createViewer() was called. */
interface Join {
  readonly openedMs: number
  readonly connectedMs: number
  readonly initMs: number
  readonly firstClusterMs: number
}

export const bench: Bench = {
  name: 'join',
  title: 'From createViewer() to the first playable byte over a DHT on loopback; one viewer at a time joins live',

  async run({ quick, log, signal }: BenchRunOptions): Promise<readonly Row[]> {
    const network = await bootstrapNode({ port: 0 })
    const broadcast = await goLive(network)
    try {
      const joins: Join[] = []
      for (let count = 0; count < (quick ? 3 : 40); count++) {
        signal.throwIfAborted()
        joins.push(await join(broadcast.link, network))
      }
      log(`${joins.length} joins`)
      const slowJoins: Join[] = []
      for (let count = 0; count < (quick ? 2 : 10); count++) {
        signal.throwIfAborted()
        slowJoins.push(await join(broadcast.link, network, addedMs))
      }
      log(`${slowJoins.length} joins with ${addedMs} ms more each way`)
      return stages.map(([name, read]) => ({
        case: name,
        roundTrips: roundTrips(joins, slowJoins, read),
        p50Ms: percentile(joins.map(read), 0.5),
        p95Ms: percentile(joins.map(read), 0.95),
        maxMs: Math.max(...joins.map(read)),
      }))
    } finally {
      await broadcast.close()
      await network.close()
    }
  },
}

const stages: [string, (join: Join) => number][] = [
  ['createViewer() resolved', (join) => join.openedMs],
  ['first peer connected', (join) => join.connectedMs],
  ['init segment', (join) => join.initMs],
  ['first Cluster: playable', (join) => join.firstClusterMs],
]

/**
 * Round trips from the connection to a stage: by how much the stage comes later, in times of what was added to a round trip.
 * Of each kind the quickest join counts, which waited for the network and for little else.
 */
function roundTrips(joins: Join[], slowJoins: Join[], stage: (join: Join) => number): number | null {
  const leastMs = (of: Join[]): number => Math.min(...of.map((join) => stage(join) - join.connectedMs))
  if (leastMs(joins) <= 0) return null
  return Math.round(((leastMs(slowJoins) - leastMs(joins)) / (2 * addedMs)) * 10) / 10
}

/** A clip that is stored already and goes on: the source stays live without giving more. */
async function goLive(network: BootstrapNode): Promise<Broadcast> {
  const bytes = await readFile(clip)
  async function* capture(): AsyncGenerator<Uint8Array> {
    yield bytes
    await new Promise(() => {})
  }
  const broadcast = await createBroadcast({ capture: capture(), transports: [dht({ bootstrap: [network] })] })
  await new Promise<void>((resolve) => broadcast.addEventListener('live', () => resolve(), { once: true }))
  return broadcast
}

async function join(link: string, network: BootstrapNode, slowerByMs = 0): Promise<Join> {
  const startedAt = performance.now()
  const sinceStart = (): number => performance.now() - startedAt
  const transport = dht({ bootstrap: [network] })
  const viewer = await createViewer({
    link,
    transports: [slowerByMs === 0 ? transport : slowed(transport, slowerByMs)],
  })
  const openedMs = sinceStart()
  let connectedMs = Number.NaN
  viewer.addEventListener('peeropen', () => (connectedMs = sinceStart()), { once: true })
  let initMs = Number.NaN
  try {
    for await (const block of viewer.blocks) {
      if (block.kind === 'cluster') return { openedMs, connectedMs, initMs, firstClusterMs: sinceStart() }
      initMs = sinceStart()
    }
    throw new Error('the stream ended before its first Cluster')
  } finally {
    await viewer.close()
  }
}
