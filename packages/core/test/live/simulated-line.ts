// A line between two nodes of a simulated swarm: what one says arrives at the other in order, after the uplink and the delay.
import type { LivePeer, LivePeerEvents } from '../../src/swarm/live/live-peer.ts'
import type { LineEnd } from './simulated-node.ts'
import type { VirtualClock } from './virtual-clock.ts'

const messageBytes = 60
/** A line is full when what waits for it takes longer than this, ms. */
const fullMs = 60

/** What one end says to the other; `onbanish` is called when it wants nothing more to do with it. */
export function createPeer(
  clock: VirtualClock,
  from: LineEnd,
  to: LineEnd,
  delayMs: number,
  onbanish: () => void,
): LivePeer {
  let lastMs = 0
  const send = (bytes: number, say: (events: LivePeerEvents) => void): boolean => {
    const { node } = from
    if (node.isDead || from.isGone) return true
    const now = clock.now()
    node.sentBytes += bytes
    node.busyUntilMs = Math.max(now, node.busyUntilMs) + (bytes * 8) / node.bitsPerMs
    const departs = node.busyUntilMs
    lastMs = Math.max(lastMs, departs + delayMs)
    clock.after(lastMs - now, () => {
      const { events } = to
      if (to.isGone || to.node.isDead || events === null || !events.onany()) return
      say(events)
    })
    if (departs - now < fullMs) return true
    clock.after(departs - now - fullMs / 2, () => from.events?.ondrain())
    return false
  }
  return {
    id: to.node.id,
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
