/** What an application sees of the swarm: options that every node takes, the figures of its connections, its events. */
import type { Transport } from '../contracts/index.ts'

/** Options of every node: broadcaster, viewer and relay. */
export interface NodeOptions {
  /**
   * How peers are found and reached; several work side by side.
   * @default [] nobody is reached
   */
  readonly transports?: readonly Transport[]
  /**
   * Folder that keeps the channel across restarts, Node only. Left out: memory, gone when the node closes.
   */
  readonly storage?: string
  /**
   * Most connections per transport, 1 to 1024.
   * @default 64
   */
  readonly maxPeers?: number
  /** Closes the node when it aborts; before it is open, the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/** One connection. */
export interface PeerStats {
  /** The peer's public key in hex. */
  readonly id: string
  /** Name of the transport it came by. */
  readonly transport: string
  /** `host:port`, where the transport knows one. */
  readonly remoteAddress: string | null
  /** Sent to the peer, with all overhead of protocols and encryption. */
  readonly bytesUp: number
  /** Received from the peer, with all overhead of protocols and encryption. */
  readonly bytesDown: number
  /** Since the transport handed the connection over. */
  readonly connectedSeconds: number
}

/** The connections of a node; bytes are counted where they go to and come from the transport. */
export interface SwarmStats {
  /** Connections that are open now. */
  readonly peers: readonly PeerStats[]
  /** How many of them each transport has. */
  readonly peersByTransport: Readonly<Record<string, number>>
  /** Sent since the node opened, over all connections, closed ones too. */
  readonly bytesUp: number
  /** Received since the node opened, over all connections, closed ones too. */
  readonly bytesDown: number
}

/** Events of every node. */
export interface NodeEvents {
  /** A connection was made; `id` is the peer's public key in hex. */
  peeropen: { readonly id: string; readonly transport: string }
  /** A connection that was open ended. */
  peerclose: { readonly id: string; readonly transport: string }
  /** Trouble that the node goes on without: a transport that reconnects, a peer that was dropped. */
  warning: { readonly error: Error }
}
