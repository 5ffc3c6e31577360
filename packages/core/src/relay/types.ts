/** The public face of a relay: a node that keeps and serves a channel without playing it. */
import type { TypedEventTarget } from '../events/typed-event-target.ts'
import type { ChannelMetadata } from '../metadata/types.ts'
import type { NodeEvents, NodeOptions, NodeStats } from '../swarm/types.ts'

/** Options of {@link createRelay}. */
export interface RelayOptions extends NodeOptions {
  /** `hypervision:…`, or the 64 hex digits of the key. A private channel's needs no secret here; one that is there is passed over. */
  readonly link: string
  /**
   * What to fetch: blocks from the time of joining on, or the whole history too; with `retain`, which has to have `seconds` then, the history so far back.
   * @default 'live'
   */
  readonly keep?: 'live' | 'all'
  /**
   * Most copies of the live edge that this node passes on, 0 to 64, to the next stripe: an uplink of so many times the bitrate. It begins with one, and
   * passes on more than one and a half only where others need it and the uplink carries it. 0 keeps the channel and uploads nothing. Those who
   * fetch what is past are served beyond it.
   * @default 4
   */
  readonly maxUploads?: number
}

/** Figures of a relay. Rates are over the last five seconds. */
export interface RelayStats extends NodeStats {
  /** Blocks that were received and verified in this session. */
  readonly verifiedBlocks: number
  /** Blocks in the feed as far as is known here. */
  readonly feedBlocks: number
  /** Blocks received per second. */
  readonly blocksPerSecond: number
  /** Bits of blocks received per second. */
  readonly bitsPerSecond: number
  /** Bytes of blocks received in this session. */
  readonly streamBytes: number
  /** Bytes of blocks sent ÷ bytes of blocks received: how often this node passed the stream on. */
  readonly relayedCopies: number
}

/** A running relay. */
export interface Relay extends TypedEventTarget<NodeEvents>, AsyncDisposable {
  /** The canonical link. */
  readonly link: string
  /** The channel's public key, 32 bytes. */
  readonly key: Uint8Array
  /** Who this node is to others: the public key of its `identity` in hex. */
  readonly id: string
  /**
   * What the broadcaster says of the channel: title, description, poster, planned start. It comes with the first peer that has it, whether or not
   * anything is on air, and is kept in the storage. Null where nothing is said, or known yet; the event `metadata` tells of news.
   */
  readonly metadata: ChannelMetadata | null
  /** Resolves when everything is closed; rejects with the error that closed it. */
  readonly closed: Promise<void>
  /** Figures as they are now. They stay readable after it is closed. */
  stats(): RelayStats
  /** Closes everything. A second call is the same promise. It does not reject: `closed` tells what went wrong. */
  close(): Promise<void>
}
