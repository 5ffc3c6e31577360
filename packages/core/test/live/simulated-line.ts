// A line between two nodes of a simulated swarm: what one says arrives at the other in order, after the uplink and the delay.
import type { LivePeer, LivePeerEvents } from '../../src/swarm/live/live-peer.ts'
import type { LineEnd } from './simulated-node.ts'
import type { LineQueue } from './simulated-uplink.ts'
import type { VirtualClock } from './virtual-clock.ts'

const messageBytes = 60
/** A line is full when so much of what was said last waits for the uplink, bytes. */
const fullBytes = 32 * 1024

/** What a line is like. */
export interface LinePlan {
  readonly clock: VirtualClock
  readonly delayMs: number
  readonly transport: string
  /** How much later so many bytes come because some were lost and sent again, ms; what follows waits for them. */
  lossMs(bytes: number): number
  /** One end wants nothing more to do with the other. */
  onbanish(): void
}

/** What one end says to the other. */
export function createPeer(
  from: LineEnd,
  to: LineEnd,
  { clock, delayMs, transport, lossMs, onbanish }: LinePlan,
): LivePeer {
  let lastMs = 0
  let isFull = false
  const queue: LineQueue = {
    pieces: [],
    bytes: 0,
    ontaken() {
      if (!isFull || queue.bytes >= fullBytes || from.isGone) return
      isFull = false
      from.events?.ondrain()
    },
  }
  const send = (bytes: number, say: (events: LivePeerEvents) => void): boolean => {
    const { node } = from
    if (node.isDead || from.isGone) return true
    node.sentBytes += bytes
    node.uplink.send(queue, bytes, (leavesAtMs) => {
      lastMs = Math.max(lastMs, leavesAtMs + delayMs + lossMs(bytes))
      clock.after(lastMs - clock.now(), () => {
        const { events } = to
        if (to.isGone || to.node.isDead || events === null || !events.onany()) return
        say(events)
      })
    })
    isFull = queue.bytes >= fullBytes
    return !isFull
  }
  return {
    id: to.node.id,
    transport,
    manifest: () => {},
    advert: (advert) => void send(messageBytes * 3, (events) => events.onadvert(advert)),
    subscribe: (subscribe) => void send(messageBytes, (events) => events.onsubscribe(subscribe)),
    unsubscribe: (stripe) => void send(messageBytes, (events) => events.onunsubscribe(stripe)),
    accept: (stripe) => void send(messageBytes, (events) => events.onaccept(stripe)),
    deny: (deny) => void send(messageBytes, (events) => events.ondeny(deny)),
    drop: (stripe) => void send(messageBytes, (events) => events.ondropped(stripe)),
    heartbeat: (heartbeat) => void send(messageBytes, (events) => events.onheartbeat(heartbeat)),
    block: (block) => {
      from.node.sentBlocks++
      return send(block.value.byteLength + 400, (events) => events.onblock(block))
    },
    pull: (indices) => void send(messageBytes, (events) => events.onpull(indices)),
    leave: () => void send(messageBytes, (events) => events.onleave()),
    banish: (reason) => {
      from.node.banished.push({ id: to.node.id, reason })
      onbanish()
    },
  }
}
