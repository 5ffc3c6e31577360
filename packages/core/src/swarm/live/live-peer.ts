/** The two directions of the live channel with one peer. */
import type { Deny, Heartbeat, Subscribe } from './live-messages.ts'
import type { Advert, LiveBlock, NodeId } from './live-types.ts'

/** What can be said to a peer. */
export interface LivePeer {
  /** Authenticated: of the key that the connection was made with. */
  readonly id: NodeId
  /** Name of the transport that it is connected by. */
  readonly transport: string
  /** Who may sign, in hypercore's encoding. */
  manifest(bytes: Uint8Array): void
  advert(advert: Advert): void
  subscribe(subscribe: Subscribe): void
  unsubscribe(stripe: number): void
  accept(stripe: number): void
  deny(deny: Deny): void
  /** Takes back what was accepted. */
  drop(stripe: number): void
  heartbeat(heartbeat: Heartbeat): void
  /** False when the connection is full: `ondrain` follows. */
  block(block: LiveBlock): boolean
  pull(indices: readonly number[]): void
  leave(): void
  /** Ends the connection with a peer that broke the rules, and takes no other from it for a while. */
  banish(reason: string): void
}

/** What a peer says. */
export interface LivePeerEvents {
  /** Before each message; false where it is not to be looked at. */
  onany(): boolean
  onmanifest(bytes: Uint8Array): void
  onadvert(advert: Advert): void
  onsubscribe(subscribe: Subscribe): void
  onunsubscribe(stripe: number): void
  onaccept(stripe: number): void
  ondeny(deny: Deny): void
  ondropped(stripe: number): void
  onheartbeat(heartbeat: Heartbeat): void
  onblock(block: LiveBlock): void
  onpull(indices: readonly number[]): void
  onleave(): void
  /** The connection has room again. */
  ondrain(): void
  /** The peer is gone. */
  onclose(): void
}
