/**
 * What broadcaster, viewer and relay have in common: the channel's core in its storage, replicated over a swarm. The
 * roles differ in who appends to it and who reads it.
 */
import b4a from 'b4a'
import type Hypercore from 'hypercore'
import { keyPair } from 'hypercore-crypto'
import type { KeyPair } from '../contracts/index.ts'
import { formatLink } from '../link/link.ts'
import { ChannelReplication } from '../replication/channel-replication.ts'
import type { GivenBlocks } from '../replication/given-blocks.ts'
import type { ChannelSecrets } from '../sealing/channel-secrets.ts'
import { metadataCipher } from '../sealing/sealed-metadata.ts'
import { HypercoreLog } from '../storage/hypercore-log.ts'
import { openCore } from '../storage/open-core.ts'
import { storageError } from '../storage/storage-error.ts'
import { StoredBlocks } from '../storage/stored-blocks.ts'
import { openChannelPeer } from '../swarm/channel/channel-peer.ts'
import { systemClock } from '../swarm/clock.ts'
import { nodeIdOf, openLiveChannel } from '../swarm/live/live-channel.ts'
import type { LiveOverlay } from '../swarm/live/live-overlay.ts'
import { stripeTopic } from '../swarm/live/stripe-topic.ts'
import { RollingRate, ratio } from '../swarm/rolling-rate.ts'
import { Swarm } from '../swarm/swarm.ts'
import type { NodeStats } from '../swarm/types.ts'
import { UploadBudget } from '../swarm/upload-budget.ts'
import { type ChannelNodeOptions, maxPeersOf } from './channel-node-options.ts'
import { checkNumber } from './check-options.ts'
import { KeyWatch } from './key-watch.ts'
import { NodeMetadata } from './node-metadata.ts'
import { openNodeOverlay } from './node-overlay.ts'
import { type ReadingStretch, Retention } from './retention.ts'
import { readState, type StoredState } from './stored-state.ts'

/** A smaller limit would not carry the signs of life, bytes per second. */
const leastUploadLimit = 1000

/** An open channel. */
export class ChannelNode {
  readonly log: HypercoreLog
  /** Without a secret: it stands in messages. */
  readonly link: string
  readonly key: Uint8Array
  /** Public key of its identity, in hex. */
  readonly id: string
  /** What the broadcaster says of the channel. */
  readonly metadata: NodeMetadata
  /** Of a private channel that is written here; null otherwise. */
  readonly secrets: ChannelSecrets | null
  /** Who else uses the channel's key. */
  readonly keyWatch: KeyWatch
  /** Blocks that came from peers, verified. */
  readonly received: RollingRate
  /** What a reader away from the live edge needs is not deleted under it. */
  reading: () => ReadingStretch | null = () => null
  /** Whether there may be others who use the channel's key: a broadcaster looks for them before it appends. */
  readonly mustLookAround: boolean
  /** Whether it has anything to upload with: a node whose `maxUploads` is 0 never does. */
  readonly #canUpload: boolean
  readonly #replication: ChannelReplication
  readonly #retention: Retention | null
  readonly #overlay: LiveOverlay
  /** Of peers that take part in the overlay. */
  readonly #liveStreams = new WeakSet<object>()
  readonly #core: Hypercore
  readonly #swarm: Swarm
  readonly #storage: string | undefined

  private constructor(core: Hypercore, options: ChannelNodeOptions, { metadata, secrets }: StoredState) {
    this.#core = core
    this.#storage = options.storage
    this.key = core.key
    this.link = formatLink(core.key)
    this.log = new HypercoreLog(core, options.storage)
    this.secrets = secrets
    const isWriter = options.key === undefined
    this.#canUpload = isWriter || options.live.maxUploads > 0
    // Nobody can have the key of a channel that is made just now.
    const isNew = core.length === 0 && options.keyPair === undefined
    this.mustLookAround = isWriter && !isNew && (options.transports ?? []).length > 0
    const isUploading = this.#canUpload && (options.uploads ?? true)
    const { uploadLimitBytesPerSecond: bytesPerSecond = Number.POSITIVE_INFINITY } = options
    const budget = new UploadBudget({ bytesPerSecond, now: systemClock.now })
    this.#replication = new ChannelReplication(core, {
      storage: options.storage,
      isWriter,
      isUploading,
      budget,
      isSource: ({ remotePublicKey }) => this.#overlay.isSource(nodeIdOf(remotePublicKey)),
      isAsLong: ({ remotePublicKey }, length) => this.#overlay.isAsLong(nodeIdOf(remotePublicKey), length),
      isLive: (stream) => this.#liveStreams.has(stream),
      onfailure: (error) => options.onfailure(error),
    })
    this.log.deletions = this.#replication.kept
    this.#retention =
      options.retain === null
        ? null
        : new Retention({
            core,
            stored: new StoredBlocks(core, options.storage === undefined ? 'memory' : 'folder'),
            kept: this.#replication.kept,
            retain: options.retain,
            now: () => performance.now(),
            reading: () => this.reading(),
            onfailure: (error) => options.onfailure(storageError(error, options.storage)),
          })
    this.received = new RollingRate(systemClock.now)
    core.on('download', (_blockNumber, byteLength) => this.received.add(byteLength))
    this.metadata = new NodeMetadata(core, metadata, {
      cipher: secrets === null ? options.metadataCipher : metadataCipher(secrets),
      isOpen: isUploading,
      now: options.now,
      onmetadata: (news) => options.onevent('metadata', { metadata: news }),
      onwarning: (error) => options.onevent('warning', { error }),
    })
    const identity = options.identity ?? keyPair()
    this.id = b4a.toString(identity.publicKey, 'hex')
    this.keyWatch = new KeyWatch(core, {
      link: this.link,
      signer: isWriter ? signerOf(core) : null,
      identity: identity.publicKey,
      onfailure: (error) => options.onfailure(error),
    })
    this.#overlay = openNodeOverlay(core, this.log, {
      identity: identity.publicKey,
      isOpen: isUploading,
      budget,
      node: options,
      onlonely: () => {
        const { introductions } = this.#swarm
        introductions.want(Math.min(introductions.wanted + 1, maxPeersOf(options)))
      },
      ontaken: ({ value }) => this.received.add(value.byteLength),
      onconflict: () => this.keyWatch.conflict(),
    })
    this.#swarm = new Swarm({
      keyPair: identity,
      authorize: options.authorize,
      transports: options.transports ?? [],
      maxPeers: maxPeersOf(options),
      now: systemClock.now,
      onopen: (connection) => {
        // First: replication is to keep still where the overlay brings the newest blocks.
        openLiveChannel(connection, {
          id: core.discoveryKey,
          hello: this.#overlay.hello,
          onopen: (peer) => {
            this.#liveStreams.add(connection.stream)
            return this.#overlay.add(peer)
          },
        })
        core.replicate(connection.stream)
        openChannelPeer(connection, {
          id: core.discoveryKey,
          clock: systemClock,
          onopen: (peer) => [this.metadata.add(peer), ...this.keyWatch.add(peer, connection.stream.remotePublicKey)],
        })
        options.onevent('peeropen', { id: connection.id, transport: connection.transport })
      },
      onclose: ({ id, transport }) => options.onevent('peerclose', { id, transport }),
      onwarning: (error) => options.onevent('warning', { error }),
    })
  }

  /**
   * Opens storage, then transports. What was opened is closed again when something fails.
   *
   * @throws HypervisionError ERR_FEED_STORAGE…, ERR_TRANSPORT_…; the signal's reason when it aborts
   */
  static async open(options: ChannelNodeOptions): Promise<ChannelNode> {
    const { storage, key, signal, uploadLimitBytesPerSecond: uploadLimit } = options
    checkNumber('uploadLimitBytesPerSecond', uploadLimit, leastUploadLimit, Number.MAX_SAFE_INTEGER)
    signal?.throwIfAborted()
    const core = await openCore({ storage, key, keyPair: options.keyPair })
    const stored = await readState(core, options).catch(async (error: unknown) => {
      await core.close()
      throw storageError(error, storage)
    })
    const node = new ChannelNode(core, options, stored)
    try {
      signal?.throwIfAborted()
      const topics = [core.discoveryKey]
      // The broadcaster is at home in no stripe: it has all of them first.
      if (key !== undefined) topics.push(stripeTopic(core.discoveryKey, node.#overlay.home, options.live.stripes))
      await node.#swarm.open(topics, signal)
      signal?.throwIfAborted()
      return node
    } catch (error) {
      await node.close()
      throw error
    }
  }

  /** Resolves once the transports have looked for peers, whether or not there are any. Never rejects. */
  get found(): Promise<void> {
    return this.#swarm.found
  }

  stats(): NodeStats {
    const figures = this.#overlay.figures()
    return {
      ...this.#swarm.stats(),
      blockBytesUp: figures.pushedBytes + this.#replication.given.bytes,
      live: { ...figures, waste: ratio(figures.duplicateBytes, this.received.bytes) },
    }
  }

  /** How many peers have not told yet that they have a block. */
  waitingFor(blockNumber: number): number {
    const others = this.#core.peers.filter((peer) => !this.#liveStreams.has(peer.stream))
    // Counted by connections: a peer that has just come has not said yet what it has.
    const strangers = this.#swarm.stats().peers.length - this.#overlay.neighbours
    return this.#overlay.waitingFor(blockNumber) + strangers - this.log.peersWith(blockNumber, others)
  }

  /** What peers were given that they had asked for: those who fetch what is older do it again and again. */
  get given(): Pick<GivenBlocks, 'sinceMs' | 'isUnderWay'> {
    return this.#replication.given
  }

  /** Whether blocks are given to peers. */
  get isUploading(): boolean {
    return this.#replication.isUploading
  }

  set isUploading(isWanted: boolean) {
    const isUploading = isWanted && this.#canUpload
    this.#replication.isUploading = isUploading
    this.#overlay.isOpen = isUploading
    this.metadata.isOpen = isUploading
  }

  /** Hands those that it serves over to others, then closes transports, then storage. */
  async close(): Promise<void> {
    await this.#overlay.leave()
    this.#overlay.close()
    this.#replication.close()
    this.log.close()
    this.keyWatch.close()
    const stored = this.metadata.close()
    await this.#swarm.close()
    await stored
    await this.#retention?.close()
    try {
      await this.#core.close()
    } catch (error) {
      throw storageError(error, this.#storage)
    }
  }
}

function signerOf({ keyPair: pair }: Hypercore): KeyPair | null {
  return pair === null || pair.secretKey === null ? null : { publicKey: pair.publicKey, secretKey: pair.secretKey }
}
