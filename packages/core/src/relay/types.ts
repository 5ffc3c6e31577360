/** The public face of a relay: a node that keeps and serves a channel without playing it. */
import type { TypedEventTarget } from '../events/typed-event-target.ts'
import type { NodeEvents, NodeOptions, SwarmStats } from '../swarm/types.ts'

/** Options of {@link createRelay}. */
export interface RelayOptions extends NodeOptions {
  /** `hypervision:…`, or the 64 hex digits of the key. */
  readonly link: string
  /**
   * What to fetch: blocks from the time of joining on, or the whole history too.
   * @default 'live'
   */
  readonly keep?: 'live' | 'all'
}

/** Figures of a relay. Rates are over the last five seconds. */
export interface RelayStats extends SwarmStats {
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
  /** Bytes sent ÷ bytes of blocks received. */
  readonly relayedCopies: number
}

/** A running relay. */
export interface Relay extends TypedEventTarget<NodeEvents>, AsyncDisposable {
  /** The canonical link. */
  readonly link: string
  /** The channel's public key, 32 bytes. */
  readonly key: Uint8Array
  /** Resolves when everything is closed; rejects with the error that closed it. */
  readonly closed: Promise<void>
  /** Figures as they are now. They stay readable after it is closed. */
  stats(): RelayStats
  /** Closes everything. A second call is the same promise. It does not reject: `closed` tells what went wrong. */
  close(): Promise<void>
}
