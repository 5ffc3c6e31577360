/**
 * The `hypervision/channel` protocol on one connection: what is to be known of a channel beside its blocks. It turns messages into calls and calls
 * into messages, and holds the peer to how many it may send.
 */
import Protomux from 'protomux'
import type { Clock } from '../clock.ts'
import type { PeerConnection } from '../peer-connection.ts'
import { TokenBucket } from '../token-bucket.ts'
import type { Head, OnAir } from './channel-messages.ts'
import * as messages from './channel-messages.ts'

/** Messages that a peer may send; an honest one sends one a second. */
const maxMessagesPerSecond = 8
const maxMessagesAtOnce = 64

/** What can be said to a peer. */
export interface ChannelPeer {
  have(revision: number): void
  get(): void
  record(bytes: Uint8Array): void
  head(head: Head): void
  onair(onair: OnAir): void
  /** Ends the connection with a peer that broke the rules, and takes no other from it for a while. */
  banish(reason: string): void
}

/** What a peer says. */
export interface ChannelPeerEvents {
  onhave(revision: number): void
  onget(): void
  onrecord(bytes: Uint8Array): void
  onhead(head: Head): void
  ononair(onair: OnAir): void
  /** The peer is gone. */
  onclose(): void
}

/** Puts the protocol on a connection; calls back when the other side speaks it as well. */
export function openChannelPeer(
  connection: PeerConnection,
  options: {
    /** The channel's discovery key, 32 bytes. */
    readonly id: Uint8Array
    readonly clock: Clock
    /** The peer is there: takes its messages from now on. */
    onopen(peer: ChannelPeer): readonly Partial<ChannelPeerEvents>[]
  },
): void {
  const bucket = new TokenBucket({
    perSecond: maxMessagesPerSecond,
    burst: maxMessagesAtOnce,
    now: () => options.clock.now(),
  })
  let listeners: readonly Partial<ChannelPeerEvents>[] = []
  const channel = Protomux.from(connection.stream).createChannel<messages.Hello>({
    protocol: 'hypervision/channel',
    id: options.id,
    handshake: messages.hello,
    onopen({ version }) {
      if (version === messages.channelVersion) listeners = options.onopen(peer)
      else channel?.close()
    },
    onclose() {
      for (const { onclose } of listeners) onclose?.()
    },
  })
  // A second channel of the name on one connection: the other side is confused, and the first one goes on.
  if (channel === null) return
  const add = <Value>(encoding: messages.Encoding<Value>, onmessage: (value: Value) => void) =>
    channel.addMessage({
      encoding,
      onmessage(value) {
        if (bucket.spend()) onmessage(value)
        else peer.banish('it says more about the channel than there is to say')
      },
    })
  // Their order is the protocol's.
  const have = add(messages.have, (revision) => listeners.forEach(({ onhave }) => void onhave?.(revision)))
  const get = add(messages.get, () => listeners.forEach(({ onget }) => void onget?.()))
  const record = add(messages.record, (bytes) => listeners.forEach(({ onrecord }) => void onrecord?.(bytes)))
  const head = add(messages.head, (value) => listeners.forEach(({ onhead }) => void onhead?.(value)))
  const onair = add(messages.onAir, (value) => listeners.forEach(({ ononair }) => void ononair?.(value)))
  const peer: ChannelPeer = {
    have: (revision) => void have.send(revision),
    get: () => void get.send(null),
    record: (bytes) => void record.send(bytes),
    head: (value) => void head.send(value),
    onair: (value) => void onair.send(value),
    banish: (reason) => connection.banish(reason),
  }
  channel.open({ version: messages.channelVersion })
}
