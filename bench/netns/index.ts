// The overlay on the real DHT transport, each peer a process: on loopback, and where this machine can make network namespaces each with its
// own address and uplink. Then a fifth of the viewers is killed. One clock times all.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench, BenchRunOptions, Row } from '../bench.ts'
import { measurePhase } from '../peers/phase.ts'
import { percentile } from '../statistics.ts'
import { PeerProcess } from './child.ts'
import { loopback, type Network, namespaces, type Uplink } from './networks.ts'

const bitsPerSecond = 1_000_000

export const bench: Bench = {
  name: 'netns',
  title:
    'Processes on the DHT transport, 1 Mbit/s: source copies and append → available, before and after a fifth is killed',

  async run(options: BenchRunOptions): Promise<readonly Row[]> {
    const { quick, log } = options
    const viewers = quick ? 6 : 20
    const rows: Row[] = []
    if (options.wants('loopback')) rows.push(...(await measure(loopback, viewers, options)))
    if (!options.wants('own addresses')) return rows
    const network = await namespaces(uplinks(viewers + 2)).catch((error: unknown) => {
      log(`no network namespaces here: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
    })
    if (network === undefined) return rows
    try {
      rows.push(...(await measure(network, viewers, options)))
    } finally {
      await network.close()
    }
    return rows
  },
}

/** The bootstrap node, the broadcaster with ten times the bitrate, viewers with five times. */
function uplinks(peers: number): Uplink[] {
  return Array.from({ length: peers }, (_, peer) => ({
    bitsPerSecond: (peer < 2 ? 10 : 5) * bitsPerSecond,
    delayMs: 10 + ((peer * 7) % 31),
    lossPercent: 0.5,
  }))
}

async function measure(network: Network, count: number, { quick, log, signal }: BenchRunOptions): Promise<Row[]> {
  const measureMs = quick ? 6000 : 20_000
  const all: PeerProcess[] = []
  const start = (plan: ConstructorParameters<typeof PeerProcess>[0]): PeerProcess => {
    const peer = new PeerProcess(plan, network.enter(all.length))
    all.push(peer)
    return peer
  }
  const stop = (): void => all.forEach((peer) => void peer.kill())
  signal.addEventListener('abort', stop)
  try {
    const { value: bootstrap } = await start({ role: 'bootstrap', host: network.host(0) }).ready()
    const broadcaster = start({ role: 'broadcaster', bootstrap, bitsPerSecond })
    const { value: link } = await broadcaster.ready()
    const viewers: PeerProcess[] = []
    const joins: number[] = []
    for (let number = 0; number < count; number++) {
      signal.throwIfAborted()
      const viewer = start({ role: 'viewer', bootstrap, link })
      viewers.push(viewer)
      // One after the other: two cores start no twenty processes at once.
      joins.push((await viewer.ready()).tookMs)
    }
    log(`${network.lines}: ${count} viewers play`)
    await sleep(3000, undefined, { signal })
    const steady = await measurePhase(broadcaster, viewers, measureMs, async () => {}, signal)
    const survivors = viewers.filter((_, number) => number % 5 !== 2)
    const killed = await measurePhase(
      broadcaster,
      survivors,
      measureMs,
      async () => {
        await sleep(measureMs / 4, undefined, { signal })
        for (const viewer of viewers) if (!survivors.includes(viewer)) viewer.kill()
      },
      signal,
    )
    return [
      { case: `${count} viewers, ${network.lines}`, ...steady, joinP95Ms: percentile(joins, 0.95) },
      { case: `the same, ${viewers.length - survivors.length} of them killed`, ...killed, joinP95Ms: null },
    ]
  } finally {
    signal.removeEventListener('abort', stop)
    await Promise.all(all.reverse().map((peer) => peer.close()))
  }
}
