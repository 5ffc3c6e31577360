/** The metadata of a node's channel: kept beside its blocks, exchanged with peers and, by the broadcaster, said. */
import type Hypercore from 'hypercore'
import { type MetadataCipher, MetadataStore } from '../metadata/metadata-store.ts'
import type { ChannelMetadata } from '../metadata/types.ts'
import type { ChannelPeer } from '../swarm/channel/channel-peer.ts'
import { type MetadataEvents, MetadataExchange } from '../swarm/channel/metadata-exchange.ts'
import { systemClock } from '../swarm/clock.ts'

/** Where hypercore keeps the record: its user data of this name. */
const recordName = 'hypervision/metadata'

/** Options of {@link NodeMetadata}. */
export interface NodeMetadataOptions {
  /** Reads and writes the metadata of a private channel. */
  readonly cipher?: MetadataCipher | undefined
  /** Whether others are given what is here. */
  readonly isOpen: boolean
  /** Wall clock, ms since 1970. */
  readonly now: () => number
  /** There is news that can be read here. */
  onmetadata(metadata: ChannelMetadata): void
  /** Something is wrong that the node goes on with. */
  onwarning(error: Error): void
}

/** Reads what the storage has. */
export function readStoredMetadata(core: Hypercore): Promise<Uint8Array | null> {
  return core.getUserData(recordName)
}

/** What is known of the channel here. */
export class NodeMetadata {
  readonly #core: Hypercore
  readonly #store: MetadataStore
  readonly #exchange: MetadataExchange
  /** What this node has said of its own channel; null where it has not. */
  #said: ChannelMetadata | null = null

  /** @param stored what {@link readStoredMetadata} gave */
  constructor(core: Hypercore, stored: Uint8Array | null, options: NodeMetadataOptions) {
    this.#core = core
    const { cipher, now, isOpen, onmetadata, onwarning } = options
    const store = new MetadataStore(
      {
        key: core.key,
        cipher,
        now,
        save: (record) => core.setUserData(recordName, record),
        onchange: () => this.#exchange.tell(),
        onmetadata,
        onwarning,
      },
      stored,
    )
    this.#store = store
    const exchanged = {
      get revision() {
        return store.revision
      },
      get record() {
        return store.record
      },
      take: (record: Uint8Array) => this.#take(record),
    }
    this.#exchange = new MetadataExchange(exchanged, systemClock, isOpen)
  }

  /** What the broadcaster says; null where that is nothing, or not known. */
  get current(): ChannelMetadata | null {
    return this.#store.metadata
  }

  set isOpen(isOpen: boolean) {
    this.#exchange.isOpen = isOpen
  }

  /** A peer that speaks the protocol. */
  add(peer: ChannelPeer): MetadataEvents {
    return this.#exchange.add(peer)
  }

  /** Says something of one's own channel; resolves once it is stored. */
  async say(metadata: ChannelMetadata): Promise<void> {
    const { keyPair } = this.#core
    if (keyPair === null || keyPair.secretKey === null) throw new Error('The channel is not one of this node.')
    this.#said = metadata
    await this.#store.publish(metadata, { publicKey: keyPair.publicKey, secretKey: keyPair.secretKey })
  }

  /** Exchanges nothing any more; resolves when all is stored. */
  close(): Promise<void> {
    this.#exchange.close()
    return this.#store.settled()
  }

  #take(record: Uint8Array): number | null {
    const before = this.#store.revision
    const revision = this.#store.take(record)
    // Of an earlier session whose clock was ahead, or whose storage is lost: what holds is what is said now.
    if (this.#said !== null && revision !== null && revision > before) void this.say(this.#said)
    return revision
  }
}
