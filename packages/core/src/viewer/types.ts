/** The public face of a viewer. */
import type { TypedEventTarget } from '../events/typed-event-target.ts'
import type { StartPosition } from '../feed/start-position.ts'
import type { Timeline } from '../feed/timeline.ts'
import type { ChannelMetadata } from '../metadata/types.ts'
import type { RecordedFile, Recording, RecordOptions } from '../recording/types.ts'
import type { NodeEvents, NodeOptions, NodeStats } from '../swarm/types.ts'
import type { WebmTrack } from '../webm/index.ts'

/** Options of {@link createViewer}. */
export interface ViewerOptions extends NodeOptions {
  /** `hypervision:…`, with the secret where the channel is private, or the 64 hex digits of the key. */
  readonly link: string
  /** @default 'live' */
  readonly from?: StartPosition
  /**
   * Gives up with `ERR_FEED_NOT_FOUND` when nobody who has the channel was found within so many milliseconds.
   * @default undefined waits for ever
   */
  readonly timeoutMs?: number
  /**
   * Whether what was received is served to others; `viewer.uploads` changes it later. A viewer that serves nothing is a burden to
   * the others: leave it on unless a person has to be asked first.
   * @default true
   */
  readonly uploads?: boolean
  /**
   * Most copies of the live edge that this node passes on, 0 to 64, to the next stripe: an uplink of so many times the bitrate. All viewers together need
   * one copy each. It begins with one, has one and a half to give so that trees form without a search for the last place, and passes on more only where
   * others need it, as their uplinks carry less than the stream, and its own carries it. 0 makes it a leaf, which uploads nothing at all, whatever
   * `uploads` says. Those who fetch what is past are served beyond it.
   * @default 4
   */
  readonly maxUploads?: number
  /**
   * How far the stream may fall behind the live edge where it began there, seconds, 1 or more; `Infinity` gives every block. Beyond it, because its
   * reader was slow, the network was away or the machine asleep, the next read goes on at the live edge, and the event `skip` says what was left
   * out. Whoever went back with `from` or `seek()`, and a recording, is given every block. `viewer.maxLagSeconds` changes it later.
   * @default 120
   */
  readonly maxLagSeconds?: number
}

/**
 * `searching`: nobody with the channel found yet. `waiting`: found, but there is nothing to play yet (not begun, or
 * ended and not begun again). `playing`: blocks come. `stalled`: the next block is late. `ended`: the broadcaster ended.
 */
export type ViewerState = 'searching' | 'waiting' | 'playing' | 'stalled' | 'ended' | 'closed'

/** One verified block as a viewer gets it. */
export type ViewerBlock = ViewerInitBlock | ViewerClusterBlock

/** The init segment that the Clusters after it need. */
export interface ViewerInitBlock {
  readonly kind: 'init'
  /** Place in the feed. */
  readonly index: number
  /** EBML header, Segment, Info, Tracks (and a Void). */
  readonly bytes: Uint8Array
  /** Tracks of the epoch. */
  readonly tracks: readonly WebmTrack[]
  /** `video/webm; codecs="vp8,opus"`: what Media Source is asked for. */
  readonly mimeType: string
  /** Title of the show; null where the broadcaster gave none. */
  readonly title: string | null
}

/** A Cluster. */
export interface ViewerClusterBlock {
  readonly kind: 'cluster'
  /** Place in the feed. */
  readonly index: number
  /** A Void and one Cluster of known size. */
  readonly bytes: Uint8Array
  /** Whether its first video frame is a keyframe. */
  readonly key: boolean
  /** Cluster timestamp: milliseconds on the feed's timeline. */
  readonly timestampMs: number
  /** Wall-clock time at which its first frame was captured, by the broadcaster's clock. */
  readonly time: Date
  /** Whether playback begins anew here: after joining, a seek or a skip. An init block goes before it. */
  readonly discontinuity: boolean
}

/** Figures of a viewer. Rates are over the last five seconds. */
export interface ViewerStats extends NodeStats {
  /** Where the viewer stands. */
  readonly state: ViewerState
  /** Blocks that were received and verified in this session. */
  readonly verifiedBlocks: number
  /** Blocks in the feed as far as is known here. */
  readonly feedBlocks: number
  /** Index of the block that the stream gives next; null before it has begun. */
  readonly position: number | null
  /** Capture of the newest block's first frame → the block is here, ms, by the clocks of both ends; null away from the live edge, and where they differ by a minute. */
  readonly latencyMs: number | null
  /** Received and not yet taken from the stream, seconds; reckoned with the length of the newest block. */
  readonly bufferedSeconds: number
  /** Blocks received per second. */
  readonly blocksPerSecond: number
  /** Bits of blocks received per second. */
  readonly bitsPerSecond: number
  /** Bytes of blocks received in this session. */
  readonly streamBytes: number
  /** Bytes of blocks sent ÷ bytes of blocks received: how often this node passed the stream on. */
  readonly relayedCopies: number
  /** How often the reader waited for the next block for more than a second. */
  readonly stalls: number
  /** Epoch being played: how many init segments the stream gave. */
  readonly epochs: number
}

/**
 * Why blocks are left out. `deleted`: nobody keeps them any more, and the stream goes on with the oldest keyframe after them. `behind`: the stream
 * was further behind the live edge than `maxLagSeconds`, and goes on there.
 */
export type SkipReason = 'deleted' | 'behind'

/** Events of a viewer. */
export interface ViewerEvents extends NodeEvents {
  /** The state changed. */
  state: { readonly state: ViewerState }
  /** Blocks that were to come next are left out. `seconds` of the feed's timeline are, time off air among them. */
  skip: { readonly blocks: number; readonly seconds: number; readonly reason: SkipReason }
  /** A new epoch begins in the stream. */
  epoch: { readonly tracks: readonly WebmTrack[]; readonly mimeType: string; readonly title: string | null }
}

/** A running viewer, which serves what it has to others as well. */
export interface Viewer extends TypedEventTarget<ViewerEvents>, AsyncDisposable {
  /** The canonical link, with the secret where there is one. */
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
  /**
   * Init segment, then Clusters from a keyframe on: playable as it is. Ends when the broadcast ends or the viewer is
   * closed, throws what closed it otherwise. Iterated again after the broadcast ended, it waits for the next one.
   * `stream` and `blocks` are two forms of one cursor: read one of them, in one place.
   */
  readonly stream: AsyncIterable<Uint8Array>
  /** The same with what is known of each block. */
  readonly blocks: AsyncIterable<ViewerBlock>
  /** Whether what was received is served to others. Turned on, it is offered at once; turned off, no further block is given. Stays false where `maxUploads` is 0. */
  uploads: boolean
  /** How far the stream may fall behind the live edge, seconds; see {@link ViewerOptions.maxLagSeconds}. */
  maxLagSeconds: number
  /** Resolves when everything is closed; rejects with the error that closed it. */
  readonly closed: Promise<void>
  /** Figures as they are now. They stay readable after it is closed. */
  stats(): ViewerStats
  /**
   * Goes on from another place; resolves once the stream stands there. The live edge of a broadcast that is over, whose end the stream has not come
   * to, is its last keyframe; after the end it is the next broadcast.
   */
  seek(position: StartPosition, options?: { readonly signal?: AbortSignal }): Promise<void>
  /** `seek('live')`. */
  live(options?: { readonly signal?: AbortSignal }): Promise<void>
  /**
   * What of the channel can be watched: its epochs with their codecs, as far as somebody keeps them, and the times off air between
   * them. Takes about one round trip an epoch, however long they are; waits until there is something. The stream stays where it is.
   *
   * @throws HypervisionError ERR_FEED_FORMAT, ERR_FEED_VERSION, ERR_FEED_CLOSED; the signal's reason when it aborts
   */
  timeline(options?: { readonly signal?: AbortSignal }): Promise<Timeline>
  /**
   * Writes a span of the channel into seekable WebM files, while the stream goes on where it is: blocks that it fetches are served to others too.
   * Breaks between two epochs are shortened to a tenth of a second; where the codec, the size of the picture or the tracks change, another
   * file begins.
   *
   * @throws HypervisionError ERR_OPTION_INVALID
   */
  record(options: RecordOptions): Promise<Recording>
  /**
   * What the channel holds now, as seekable WebM files whose bytes are made when they are read: for a server with ranges. They need no more
   * memory than a block and their Cues, and can be read as long as the viewer is open. Waits until there is something.
   *
   * @throws HypervisionError ERR_RECORDING_EMPTY, ERR_FEED_FORMAT, ERR_FEED_VERSION, ERR_FEED_CLOSED, ERR_OPTION_INVALID for a private channel;
   * the signal's reason when it aborts
   */
  recordedFiles(options?: { readonly signal?: AbortSignal }): Promise<readonly RecordedFile[]>
  /** Closes everything. A second call is the same promise. It does not reject: `closed` tells what went wrong. */
  close(): Promise<void>
}
