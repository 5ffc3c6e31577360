/** What broadcaster, viewer and relay give the node that they stand on. */
import type { HypervisionError, KeyPair } from '../contracts/index.ts'
import type { Retain } from '../feed/cutoff.ts'
import type { MetadataCipher } from '../metadata/metadata-store.ts'
import type { LiveSettings } from '../swarm/live/live-options.ts'
import type { NodeEvents, NodeOptions } from '../swarm/types.ts'

/**
 * Connections per transport where the application does not say. A viewer needs some in each stripe, and each costs signs of life; the
 * broadcaster's are cheap, as most of them carry nothing else, and are who takes over when those that it serves die.
 */
const defaultMaxPeers = 20
const defaultBroadcasterPeers = 32

/** What a role gives its node. */
export interface ChannelNodeOptions extends Omit<NodeOptions, 'live' | 'retain'> {
  /** The channel to read; left out, the storage's own channel, to write. */
  readonly key?: Uint8Array | undefined
  /** That of the channel to write, where the storage is not to keep it. */
  readonly keyPair?: KeyPair | undefined
  /** Whether blocks are given to peers. @default true */
  readonly uploads?: boolean | undefined
  /** What to keep; null for everything. */
  readonly retain: Retain | null
  /** Wall clock, ms since 1970. */
  readonly now: () => number
  readonly live: LiveSettings
  /** Whether the channel that is written here is private. @default false */
  readonly private?: boolean | undefined
  /** Reads the metadata of a private channel that is read here. */
  readonly metadataCipher?: MetadataCipher | undefined
  /** Passes an event of the node on to the application. */
  onevent<Type extends keyof NodeEvents>(type: Type, detail: NodeEvents[Type]): void
  /** What the node cannot go on after. */
  onfailure(error: HypervisionError): void
}

/** Connections per transport. */
export function maxPeersOf({ maxPeers, key }: ChannelNodeOptions): number {
  return maxPeers ?? (key === undefined ? defaultBroadcasterPeers : defaultMaxPeers)
}
