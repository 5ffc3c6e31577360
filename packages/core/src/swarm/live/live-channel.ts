/**
 * The live channel on one connection: a protomux channel beside hypercore's own. It turns messages into calls and calls into
 * messages, and holds the peer to how many it may send; what they mean is the overlay's.
 */
import b4a from 'b4a'
import Protomux, { type ProtomuxMessage } from 'protomux'
import type { PeerConnection } from '../peer-connection.ts'
import type { Hello } from './live-messages.ts'
import * as messages from './live-messages.ts'
import type { LivePeer, LivePeerEvents } from './live-peer.ts'

const protocol = 'hypervision/live'

/** Puts the live channel on a connection; calls back when the other side speaks it as well. */
export function openLiveChannel(
  connection: PeerConnection,
  options: {
    /** The channel's discovery key, 32 bytes. */
    readonly id: Uint8Array
    readonly hello: Hello
    /** The peer is there: takes its messages from now on. */
    onopen(peer: LivePeer): LivePeerEvents
  },
): void {
  const mux = Protomux.from(connection.stream)
  let events: LivePeerEvents | null = null
  const channel = mux.createChannel<Hello>({
    protocol,
    id: options.id,
    handshake: messages.hello,
    onopen(hello) {
      const isAlike = hello.version === messages.liveVersion && hello.stripes === options.hello.stripes
      // Nodes that differ in it serve each other by replication alone.
      if (isAlike) events = options.onopen(peer)
      else channel?.close()
    },
    onclose: () => events?.onclose(),
    ondrain: () => events?.ondrain(),
  })
  // A second channel of the name on one connection: the other side is confused, and the first one goes on.
  if (channel === null) return
  const add = <Value>(encoding: messages.Encoding<Value>, onmessage: (value: Value) => void): ProtomuxMessage<Value> =>
    channel.addMessage({ encoding, onmessage: (value) => events?.onany() !== false && onmessage(value) })

  const manifest = add(messages.manifest, (value) => events?.onmanifest(value))
  const advert = add(messages.advert, (value) => events?.onadvert(value))
  const subscribe = add(messages.subscribe, (value) => events?.onsubscribe(value))
  const unsubscribe = add(messages.onlyStripe, ({ stripe }) => events?.onunsubscribe(stripe))
  const accept = add(messages.onlyStripe, ({ stripe }) => events?.onaccept(stripe))
  const deny = add(messages.deny, (value) => events?.ondeny(value))
  const drop = add(messages.onlyStripe, ({ stripe }) => events?.ondropped(stripe))
  const heartbeat = add(messages.heartbeat, (value) => events?.onheartbeat(value))
  const block = add(messages.block, (value) => events?.onblock(value))
  const pull = add(messages.pull, (indices) => events?.onpull(indices))
  const leave = add(messages.nothing, () => events?.onleave())

  const { remotePublicKey } = connection.stream
  const peer: LivePeer = {
    id: remotePublicKey === null ? '' : nodeIdOf(remotePublicKey),
    transport: connection.transport,
    manifest: (value) => void manifest.send(value),
    advert: (value) => void advert.send(value),
    subscribe: (value) => void subscribe.send(value),
    unsubscribe: (stripe) => void unsubscribe.send({ stripe }),
    accept: (stripe) => void accept.send({ stripe }),
    deny: (value) => void deny.send(value),
    drop: (stripe) => void drop.send({ stripe }),
    heartbeat: (value) => void heartbeat.send(value),
    block: (value) => block.send(value),
    pull: (indices) => void pull.send(indices),
    leave: () => void leave.send({}),
    banish: (reason) => connection.banish(reason),
  }
  channel.open(options.hello)
}

/** How a node is called in the overlay: the first eight bytes of its public key. */
export function nodeIdOf(publicKey: Uint8Array): string {
  return b4a.toString(publicKey.subarray(0, 8), 'hex')
}
