/** The public face of a broadcaster. */
import type { Capture, KeyPair } from '../contracts/index.ts'
import type { TypedEventTarget } from '../events/typed-event-target.ts'
import type { ChannelMetadata, MetadataOptions } from '../metadata/types.ts'
import type { NodeEvents, NodeOptions, NodeStats } from '../swarm/types.ts'
import type { WebmTrack } from '../webm/index.ts'

/** Options of {@link createBroadcast}. */
export interface BroadcastOptions extends NodeOptions, MetadataOptions {
  /** A capture backend, or the bytes of a live WebM stream as they come. */
  readonly capture: Capture | AsyncIterable<Uint8Array>
  /**
   * Encrypts the stream end to end. The secret is the part of `link` behind the `#`: who has the whole link can watch, and a relay that has the
   * rest passes on what it cannot read. A channel stays what it began as: with the same storage, give the same value.
   * @default false
   */
  readonly private?: boolean
  /**
   * Key pair of the channel, for an application that keeps it itself: the same one is the same link. Its secret key is not written into the storage. Without
   * a storage, or with one that is lost, the broadcast goes on where the viewers are who are there.
   * @default that of the storage, made where there is none
   */
  readonly keyPair?: KeyPair
  /**
   * Longest span of one block in milliseconds, 20 to 5000. Shorter blocks mean less delay and more overhead.
   * @default 100
   */
  readonly blockDurationMs?: number
  /**
   * Copies of the live edge that leave this node, 1 to 64; with a fraction some stripes leave once more than others. Viewers pass on the rest. With two,
   * the loss of one who is served cuts nobody off from the whole of a stripe; one is enough for a narrow uplink, and more shorten the way in a large
   * audience a little. It does not hold back those who fetch what is past, or ask for what nobody else has.
   * @default 2
   */
  readonly sourceCopies?: number
}

/** `starting`: no media yet. `live`: blocks are being appended. `ended`: the capture ended. `closed`: nothing runs. */
export type BroadcastState = 'starting' | 'live' | 'ended' | 'closed'

/** Figures of a broadcaster. Rates are over the last five seconds. */
export interface BroadcastStats extends NodeStats {
  /** Where the broadcast stands. */
  readonly state: BroadcastState
  /** Blocks in the feed, those of earlier sessions too. */
  readonly blocks: number
  /** Epochs begun in this session: how often the source sent a new EBML header. */
  readonly epochs: number
  /** Blocks appended per second. */
  readonly blocksPerSecond: number
  /** Bits of blocks appended per second: the bitrate of the stream with the overhead of WebM. */
  readonly bitsPerSecond: number
  /** Bytes of blocks appended in this session. */
  readonly streamBytes: number
  /** Bytes of blocks sent ÷ bytes appended: how often the stream left this node. Those who fetch what is past count too. */
  readonly sourceCopies: number
  /** Seconds since the first block of this session was stored; 0 before it. */
  readonly liveSeconds: number
}

/** Events of a broadcaster. */
export interface BroadcastEvents extends NodeEvents {
  /** The init block of an epoch was stored; `epoch` counts from 1 in this session, `mimeType` is for Media Source. */
  live: { readonly epoch: number; readonly tracks: readonly WebmTrack[]; readonly mimeType: string }
  /**
   * The capture ended by itself and the end is on record; `blocks` is the length of the feed. The node still serves the
   * feed until it is closed.
   */
  ended: { readonly blocks: number }
}

/** A running broadcast. */
export interface Broadcast extends TypedEventTarget<BroadcastEvents>, AsyncDisposable {
  /** `hypervision:…`, what viewers need. That of a private channel ends in `#` and the secret: give it to nobody else. */
  readonly link: string
  /** The channel's public key, 32 bytes. */
  readonly key: Uint8Array
  /** Who this node is to others: the public key of its `identity` in hex. */
  readonly id: string
  /** What this broadcaster says of its channel, in earlier sessions with the same storage too; null where it has never said anything. */
  readonly metadata: ChannelMetadata | null
  /** Resolves when the capture has ended by itself or the broadcast was closed; rejects if the capture failed. */
  readonly ended: Promise<void>
  /** Resolves when everything is closed; rejects with the error that closed it. */
  readonly closed: Promise<void>
  /** Figures as they are now. They stay readable after it is closed. */
  stats(): BroadcastStats
  /**
   * Says something new about the channel, on air or before: what is left out stays, null takes it away. Viewers are told at once, or half a second
   * later where there was news just before. A new title stands in the init segment from the next epoch on.
   *
   * @returns resolves once it is stored
   * @throws HypervisionError ERR_OPTION_INVALID, and ERR_FEED_CLOSED after `close()`
   */
  setMetadata(metadata: MetadataOptions): Promise<void>
  /**
   * Changes the secret of a private channel for what comes after it, from the next keyframe on. Viewers with the old link stop there with
   * `ERR_SECRET_CHANGED`; the new link opens what was sent before too. Relays notice nothing.
   *
   * @returns the new link, once it opens what is sent
   * @throws HypervisionError ERR_OPTION_INVALID for a public channel, ERR_FEED_CLOSED, ERR_FEED_STORAGE…
   */
  rotateSecret(): Promise<string>
  /**
   * Stops the capture, flushes the last block, marks the end, lets connected viewers fetch it (two seconds at the most), and what is older
   * for as long as they go on asking for it (ten seconds at the most), and closes everything. A second call is the same promise. It does not reject: `closed` tells what went wrong.
   */
  close(): Promise<void>
}
