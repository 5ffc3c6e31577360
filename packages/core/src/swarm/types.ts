/** What an application sees of the swarm: options that every node takes, the figures of its connections, its events. */
import type { KeyPair, Transport } from '../contracts/index.ts'
import type { Retain } from '../feed/cutoff.ts'
import type { ChannelMetadata } from '../metadata/types.ts'
import type { LiveTimers } from './live/live-options.ts'

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
   * How much of the channel to keep here, counted back from its newest block, by `seconds` (1 or more), by `bytes` (1 000 000 or more) or by
   * whichever of them is less; older blocks are deleted while new ones come, with their part of hypercore's tree. What is kept begins at a keyframe, so
   * a keyframe interval more stays. `'all'` deletes nothing.
   * @default 'all' in Node; in a page `{ seconds: 300 }`
   */
  readonly retain?: Retain | 'all'
  /**
   * Most connections per transport, 1 to 1024. More of them make the live overlay stronger and cost signs of life.
   * @default 32 for a broadcaster, 20 for viewers and relays
   */
  readonly maxPeers?: number
  /**
   * Most bytes of blocks that this node sends per second, over all transports, at the live edge and to those who fetch what is past; from 1000 up. The
   * live edge goes first, and gets no more copies than nine tenths of it pay for; what is past waits. Proofs, messages and packets come on
   * top, together about 7 % at 1 Mbit/s (`pnpm bench swarm`, "overhead"). A broadcaster needs more than the bitrate of the stream.
   * @default undefined no limit: as much as the line carries, in as many copies as are allowed
   */
  readonly uploadLimitBytesPerSecond?: number
  /**
   * Whom to serve: asked of each peer before anything is said to it, by its key. Whoever is not served is told so, is introduced to nobody, and is asked about again
   * when it comes back after a minute. An answer that takes more than 10 seconds, or fails, is a no. It is this node's list: others have their own,
   * so what is to be kept from people belongs into a private channel.
   * @default undefined everybody
   */
  readonly authorize?: (peer: PeerInfo) => boolean | Promise<boolean>
  /**
   * Who this node is to others: what their `authorize` is asked about. One node at a time may be it. See {@link createKeyPair}.
   * @default a new one each time, by which nobody is known again
   */
  readonly identity?: KeyPair
  /** Settings of the live overlay that hardly anybody has to change. */
  readonly live?: LiveOptions
  /** Closes the node when it aborts; before it is open, the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/**
 * Settings of the live overlay. The defaults are those that meet the aims of the swarm benchmark (`pnpm bench swarm`) with 30 to 300 viewers whose lines take
 * 20 to 80 ms.
 */
export interface LiveOptions {
  /**
   * Trees that blocks are dealt out to in turn, 1 to 16; the same on every node of a channel, or they serve each other by plain replication alone. With
   * four, a node that dies takes a quarter of the blocks of those below it, and upload comes in quarters of the stream. More are finer, and cost
   * more messages.
   * @default 4
   */
  readonly stripes?: number
  /**
   * Times in milliseconds, 50 to 60 000 each; those that are left out have their default. Nodes judge each other by them: give all nodes of a channel
   * the same. Longer ones spare lines that are slow or uneven, and find the dead later.
   */
  readonly timers?: Partial<LiveTimers>
}

/** A peer that wants to connect. */
export interface PeerInfo {
  /** The peer's public key in hex, 64 digits. That the peer has the key is proved. */
  readonly id: string
  /** The same, 32 bytes. */
  readonly publicKey: Uint8Array
  /** Name of the transport it comes by. */
  readonly transport: string
  /** `host:port`, where the transport knows one. */
  readonly remoteAddress: string | null
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

/** What a node does in the live overlay. Counts are since it opened; places are counted in stripes: as many as there are stripes pass on one copy. */
export interface LiveStats {
  /** Peers that take part in the overlay with this node. */
  readonly neighbours: number
  /** Places that others take here. */
  readonly children: number
  /** Places that there are: of a broadcast what `sourceCopies` comes to, of others one copy at first and up to `maxUploads` as they are needed; fewer while the uplink carries less, none while nothing is uploaded. */
  readonly places: number
  /** Stripes that have a parent; 0 for the broadcaster. */
  readonly parents: number
  /** Hops from the broadcaster, in the stripe where they are the most; null while some stripe has no way to it. */
  readonly depth: number | null
  /** Blocks pushed to others, those they asked for too. */
  readonly pushedBlocks: number
  /** Bytes of those. */
  readonly pushedBytes: number
  /** Blocks that came by the overlay and were stored. */
  readonly takenBlocks: number
  /** Blocks asked for because they did not come by themselves; one that is asked of two peers counts twice. */
  readonly repairs: number
  /** Blocks that came although they were here. */
  readonly duplicates: number
  /** Bytes of those. */
  readonly duplicateBytes: number
  /** Bytes of duplicates ÷ bytes of blocks that were of use. */
  readonly waste: number
  /** How often a stripe lost its parent before there was another: it failed, left or needed the place. */
  readonly parentsLost: number
  /** Peers that broke the rules and were dropped for a minute; each is a `warning` too. */
  readonly banished: number
  /** Blocks that somebody should have got and `uploadLimitBytesPerSecond` did not allow. */
  readonly heldBack: number
}

/** Figures of every node. */
export interface NodeStats extends SwarmStats {
  /** Bytes of blocks sent since the node opened, pushed and by replication; `bytesUp` has the overhead too. */
  readonly blockBytesUp: number
  /** The live overlay. */
  readonly live: LiveStats
}

/** Events of every node. */
export interface NodeEvents {
  /** A connection was made; `id` is the peer's public key in hex. */
  peeropen: { readonly id: string; readonly transport: string }
  /** A connection that was open ended. */
  peerclose: { readonly id: string; readonly transport: string }
  /** The broadcaster says something new about the channel: its title, description, poster or planned start. */
  metadata: { readonly metadata: ChannelMetadata }
  /** Trouble that the node goes on without: a transport that reconnects, a peer that was dropped. */
  warning: { readonly error: Error }
}
