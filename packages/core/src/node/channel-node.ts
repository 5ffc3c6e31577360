/**
 * What broadcaster, viewer and relay have in common: the channel's core in its storage, replicated over a swarm. The
 * roles differ in who appends to it and who reads it.
 */
import b4a from 'b4a'
import type Hypercore from 'hypercore'
import type { HypercorePeer } from 'hypercore'
import { keyPair } from 'hypercore-crypto'
import { HypervisionError, type KeyPair } from '../contracts/index.ts'
import type { Retain } from '../feed/cutoff.ts'
import { formatLink } from '../link/link.ts'
import type { MetadataCipher } from '../metadata/metadata-store.ts'
import { ChannelSecrets } from '../sealing/channel-secrets.ts'
import { metadataCipher } from '../sealing/sealed-metadata.ts'
import { CoreLiveLog } from '../storage/core-live-log.ts'
import { HypercoreLog } from '../storage/hypercore-log.ts'
import { KeptBlocks } from '../storage/kept-blocks.ts'
import { openCore } from '../storage/open-core.ts'
import { watchOutdated } from '../storage/outdated-storage.ts'
import { passOverOutgrownProofs } from '../storage/outgrown-proofs.ts'
import { PacedReplication } from '../storage/paced-replication.ts'
import { QuietReplication } from '../storage/quiet-replication.ts'
import { SecretRecord } from '../storage/secret-record.ts'
import { SpareSource } from '../storage/spare-source.ts'
import { nameOf, storageError } from '../storage/storage-error.ts'
import { StoredBlocks } from '../storage/stored-blocks.ts'
import { UploadGate } from '../storage/upload-gate.ts'
import { watchWrites } from '../storage/watch-writes.ts'
import { openChannelPeer } from '../swarm/channel/channel-peer.ts'
import { systemClock } from '../swarm/clock.ts'
import { nodeIdOf, openLiveChannel } from '../swarm/live/live-channel.ts'
import type { LiveSettings } from '../swarm/live/live-options.ts'
import { LiveOverlay } from '../swarm/live/live-overlay.ts'
import { stripeTopic } from '../swarm/live/stripe-topic.ts'
import { RollingRate, ratio } from '../swarm/rolling-rate.ts'
import { Swarm } from '../swarm/swarm.ts'
import type { NodeEvents, NodeOptions, NodeStats } from '../swarm/types.ts'
import { UploadBudget } from '../swarm/upload-budget.ts'
import { checkNumber } from './check-options.ts'
import { KeyWatch } from './key-watch.ts'
import { NodeMetadata, readStoredMetadata } from './node-metadata.ts'
import { type ReadingStretch, Retention } from './retention.ts'

/**
 * Connections per transport where the application does not say. A viewer needs some in each stripe, and each costs signs of life; the
 * broadcaster's are cheap, as most of them carry nothing else, and are who takes over when those that it serves die.
 */
const defaultMaxPeers = 20
const defaultBroadcasterPeers = 32

/** A smaller limit would not carry the signs of life, bytes per second. */
const leastUploadLimit = 1000

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

/** What the storage has beside the blocks. */
interface StoredState {
  /** The newest record; null where there is none. */
  readonly metadata: Uint8Array | null
  readonly secrets: ChannelSecrets | null
}

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
  readonly #uploadGate: UploadGate
  readonly #kept: KeptBlocks
  readonly #retention: Retention | null
  readonly #overlay: LiveOverlay
  readonly #quiet: QuietReplication
  readonly #budget: UploadBudget
  readonly #pace: PacedReplication | null
  readonly #spareSource: SpareSource
  /** Of peers that take part in the overlay. */
  readonly #liveStreams = new WeakSet<object>()
  readonly #core: Hypercore
  readonly #swarm: Swarm
  readonly #storage: string | undefined
  #stopWatching: () => void = () => {}
  /** Bytes of blocks given by replication. */
  #replicatedBytes = 0

  private constructor(core: Hypercore, options: ChannelNodeOptions, { metadata, secrets }: StoredState) {
    this.#core = core
    this.#storage = options.storage
    this.key = core.key
    this.link = formatLink(core.key)
    this.log = new HypercoreLog(core, options.storage)
    this.secrets = secrets
    const isSource = ({ remotePublicKey }: HypercorePeer): boolean => this.#overlay.isSource(nodeIdOf(remotePublicKey))
    this.#spareSource = new SpareSource(core, isSource)
    this.#quiet = new QuietReplication(core, (stream) => this.#liveStreams.has(stream))
    this.#canUpload = options.key === undefined || options.live.maxUploads > 0
    // Nobody can have the key of a channel that is made just now.
    const isNew = core.length === 0 && options.keyPair === undefined
    this.mustLookAround = options.key === undefined && !isNew && (options.transports ?? []).length > 0
    const isUploading = this.#canUpload && (options.uploads ?? true)
    this.#uploadGate = new UploadGate(core, isUploading)
    this.#kept = new KeptBlocks(core, { isOpen: () => this.#uploadGate.isOpen, isSource })
    this.log.deletions = this.#kept
    const { uploadLimitBytesPerSecond = Number.POSITIVE_INFINITY } = options
    this.#budget = new UploadBudget({ bytesPerSecond: uploadLimitBytesPerSecond, now: systemClock.now })
    this.#pace =
      uploadLimitBytesPerSecond < Number.POSITIVE_INFINITY
        ? new PacedReplication(core, this.#budget, systemClock)
        : null
    this.#retention =
      options.retain === null
        ? null
        : new Retention({
            core,
            stored: new StoredBlocks(core, options.storage === undefined ? 'memory' : 'folder'),
            kept: this.#kept,
            retain: options.retain,
            now: () => performance.now(),
            reading: () => this.reading(),
            onfailure: (error) => options.onfailure(storageError(error, options.storage)),
          })
    this.received = new RollingRate(options.now)
    core.on('download', (_blockNumber, byteLength) => this.received.add(byteLength))
    core.on('upload', (_blockNumber, byteLength) => {
      this.#replicatedBytes += byteLength
    })
    passOverOutgrownProofs(core)
    if (options.key !== undefined) {
      this.#stopWatching = watchOutdated(core, isSource, () => options.onfailure(outdated(this.link, options.storage)))
    }
    watchWrites(core, options.storage, (error) => options.onfailure(error))
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
      signer: options.key === undefined ? signerOf(core) : null,
      identity: identity.publicKey,
      onfailure: (error) => options.onfailure(error),
    })
    this.#overlay = this.#makeOverlay(identity.publicKey, isUploading, options)
    core.on('append', () => this.#overlay.onlength())
    this.log.onproved = (block) => this.#overlay.publish(block)
    this.#swarm = new Swarm({
      keyPair: identity,
      authorize: options.authorize,
      transports: options.transports ?? [],
      maxPeers: maxPeersOf(options),
      now: options.now,
      onopen: (connection) => {
        core.replicate(connection.stream)
        openLiveChannel(connection, {
          id: core.discoveryKey,
          hello: this.#overlay.hello,
          onopen: (peer) => {
            this.#liveStreams.add(connection.stream)
            return this.#overlay.add(peer)
          },
        })
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
    checkNumber(
      'uploadLimitBytesPerSecond',
      options.uploadLimitBytesPerSecond,
      leastUploadLimit,
      Number.MAX_SAFE_INTEGER,
    )
    options.signal?.throwIfAborted()
    const core = await openCore({ storage: options.storage, key: options.key, keyPair: options.keyPair })
    const stored = await readState(core, options).catch(async (error: unknown) => {
      await core.close()
      throw storageError(error, options.storage)
    })
    const node = new ChannelNode(core, options, stored)
    try {
      options.signal?.throwIfAborted()
      const topics = [core.discoveryKey]
      // The broadcaster is at home in no stripe: it has all of them first.
      if (options.key !== undefined) {
        topics.push(stripeTopic(core.discoveryKey, node.#overlay.home, options.live.stripes))
      }
      await node.#swarm.open(topics, options.signal)
      options.signal?.throwIfAborted()
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
      blockBytesUp: figures.pushedBytes + this.#replicatedBytes,
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

  /** Whether blocks are given to peers. */
  get isUploading(): boolean {
    return this.#uploadGate.isOpen
  }

  set isUploading(isWanted: boolean) {
    const isUploading = isWanted && this.#canUpload
    this.#uploadGate.isOpen = isUploading
    this.#kept.tell()
    this.#overlay.isOpen = isUploading
    this.metadata.isOpen = isUploading
  }

  #makeOverlay(publicKey: Uint8Array, isOpen: boolean, options: ChannelNodeOptions): LiveOverlay {
    const core = this.#core
    const log = new CoreLiveLog(core, this.log)
    const overlay = new LiveOverlay({
      id: nodeIdOf(publicKey),
      role: options.key === undefined ? 'source' : 'node',
      isOpen,
      settings: options.live,
      clock: systemClock,
      random: Math.random,
      log,
      budget: this.#budget,
      manifest: () => log.manifest,
      onmanifest: (bytes) => log.setManifest(bytes),
      onactive: (isActive) => {
        this.log.isPushed = isActive && options.key !== undefined
      },
      onlonely: () => {
        const { introductions } = this.#swarm
        introductions.want(Math.min(introductions.wanted + 1, maxPeersOf(options)))
      },
      onheldback: () => {
        if (options.key === undefined) options.onevent('warning', { error: limitTooLow(options) })
      },
      ontaken: ({ value }) => this.received.add(value.byteLength),
      onconflict: () => this.keyWatch.conflict(),
    })
    core.on('manifest', () => {
      if (log.manifest !== null) overlay.tellManifest(log.manifest)
    })
    return overlay
  }

  /** Hands those that it serves over to others, then closes transports, then storage. */
  async close(): Promise<void> {
    await this.#overlay.leave()
    this.#overlay.close()
    this.#stopWatching()
    this.#quiet.close()
    this.#spareSource.close()
    this.#pace?.close()
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

async function readState(
  core: Hypercore,
  { key, storage, private: isPrivate }: ChannelNodeOptions,
): Promise<StoredState> {
  const metadata = await readStoredMetadata(core)
  if (key !== undefined) return { metadata, secrets: null }
  const secrets = await ChannelSecrets.open({
    record: new SecretRecord(core, storage),
    channelKey: core.key,
    isPrivate: isPrivate ?? false,
    isEmpty: core.length === 0 && metadata === null,
    storageName: nameOf(storage),
  })
  return { metadata, secrets }
}

function outdated(link: string, storage: string | undefined): HypervisionError {
  return new HypervisionError(
    'ERR_FEED_STORAGE_OUTDATED',
    `${nameOf(storage)} ends so long ago that the broadcaster of ${link} has deleted what would join it to the blocks of today. ` +
      'Delete it, or choose another one.',
    { detail: { link, storage: storage ?? null } },
  )
}

function signerOf({ keyPair: pair }: Hypercore): KeyPair | null {
  return pair === null || pair.secretKey === null ? null : { publicKey: pair.publicKey, secretKey: pair.secretKey }
}

function limitTooLow({ uploadLimitBytesPerSecond }: ChannelNodeOptions): HypervisionError {
  return new HypervisionError(
    'ERR_TRANSPORT_UPLOAD_LIMIT',
    `The upload limit of ${uploadLimitBytesPerSecond} bytes per second is less than the stream takes, so viewers get blocks late. ` +
      'Raise uploadLimitBytesPerSecond above the bitrate of the stream, or lower the bitrate.',
    { detail: { uploadLimitBytesPerSecond } },
  )
}

function maxPeersOf({ maxPeers, key }: ChannelNodeOptions): number {
  return maxPeers ?? (key === undefined ? defaultBroadcasterPeers : defaultMaxPeers)
}
