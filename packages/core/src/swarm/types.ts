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
   * Keeps the channel across restarts: in Node a folder, in a page the name of an IndexedDB database, of up to 4096
   * characters. One process, or one tab of a site, has it open at a time. Left out: memory, gone when the node closes.
   *
   * In a page a block is given to peers once IndexedDB has committed it, so a reload or a crash takes nothing back; of
   * what came in the last moments before a power failure some may be missing. A browser that is short of disk deletes
   * such databases unless the site was granted `navigator.storage.persist()`.
   */
  readonly storage?: string
  /**
   * Most connections per transport, 1 to 1024. More of them make the live overlay stronger and cost signs of life.
   * @default 32 for a broadcaster, 20 for viewers and relays
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
  /**
   * How many others are in the swarm, as far as is known here: those that it is connected with, or as many as a tracker has counted.
   * Broadcaster and relays are among them.
   */
  readonly others: number
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
