// One peer, in a process of its own: `peer.ts '{"role": …}'`, told what to do by its parent. It is the packages as they are built, on
// the DHT transport.
import { createBroadcast, createViewer } from '@hypervision/core'
import { fakeCapture } from '@hypervision/testkit'
import { bootstrapNode, dht } from '@hypervision/transport-dht'
import type { Arrival } from '../peers/phase.ts'
import type { PeerMessage, PeerOrder, PeerPlan } from './messages.ts'

/** An append is seen so much later at the most, ms. */
const pollMs = 4
const frameRate = 30

interface Running {
  readonly figures: () => Omit<Extract<PeerMessage, { type: 'figures' }>, 'type'>
  close(): Promise<void>
}

const plan: PeerPlan = JSON.parse(process.argv[2] ?? '{}')
const startedAt = performance.now()
const running = await start()
process.on('message', (order: PeerOrder) => {
  if (order === 'ask') tell({ type: 'figures', ...running.figures() })
  else void running.close().finally(() => process.exit(0))
})
// The parent is gone.
process.on('disconnect', () => process.exit(1))

function tell(message: PeerMessage): void {
  process.send?.(message)
}

function ready(value: string): void {
  tell({ type: 'ready', value, tookMs: performance.now() - startedAt })
}

function now(): number {
  return performance.timeOrigin + performance.now()
}

async function start(): Promise<Running> {
  const arrivals: Arrival[] = []
  if (plan.role === 'bootstrap') {
    const node = await bootstrapNode({ host: plan.host, port: 0 })
    ready(`${node.host}:${node.port}`)
    return { figures: () => ({ arrivals, stats: null }), close: () => node.close() }
  }
  const transports = [dht({ bootstrap: [plan.bootstrap] })]
  if (plan.role === 'broadcaster') {
    const frameBytes = Math.round(plan.bitsPerSecond / 8 / frameRate)
    const broadcast = await createBroadcast({
      capture: fakeCapture({ frameRate, frameBytes, keyframeEvery: frameRate }),
      transports,
    })
    let seen = 0
    setInterval(() => {
      for (const { blocks } = broadcast.stats(); seen < blocks; seen++) arrivals.push([seen, now()])
    }, pollMs)
    ready(broadcast.link)
    return { figures: () => ({ arrivals, stats: broadcast.stats() }), close: () => broadcast.close() }
  }
  const viewer = await createViewer({ link: plan.link, transports })
  const reading = (async () => {
    for await (const { kind, index } of viewer.blocks) {
      if (arrivals.length === 0 && kind === 'cluster') ready(String(index))
      if (kind === 'cluster') arrivals.push([index, now()])
    }
  })()
  reading.catch(() => {})
  return { figures: () => ({ arrivals, stats: viewer.stats() }), close: () => viewer.close() }
}
