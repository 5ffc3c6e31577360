/**
 * What broadcaster, viewer and relay have in common: the channel's core in its storage, replicated over a swarm. The
 * roles differ in who appends to it and who reads it.
 */
import type Hypercore from 'hypercore'
import { HypervisionError } from '../contracts/index.ts'
import { formatLink } from '../link/link.ts'
import { HypercoreLog } from '../storage/hypercore-log.ts'
import { openCore } from '../storage/open-core.ts'
import { storageError } from '../storage/storage-error.ts'
import { UploadGate } from '../storage/upload-gate.ts'
import { watchWrites } from '../storage/watch-writes.ts'
import { Swarm } from '../swarm/swarm.ts'
import type { NodeEvents, NodeOptions, SwarmStats } from '../swarm/types.ts'
import { RollingRate } from './rolling-rate.ts'

/** Connections per transport where the application does not say. */
const defaultMaxPeers = 64

/** What a role gives its node. */
export interface ChannelNodeOptions extends NodeOptions {
  /** The channel to read; left out, the storage's own channel, to write. */
  readonly key?: Uint8Array | undefined
  /** Whether blocks are given to peers. @default true */
  readonly uploads?: boolean | undefined
  /** Wall clock, ms since 1970. */
  readonly now: () => number
  /** Passes an event of the node on to the application. */
  onevent<Type extends keyof NodeEvents>(type: Type, detail: NodeEvents[Type]): void
  /** What the node cannot go on after. */
  onfailure(error: HypervisionError): void
}

/** An open channel. */
export class ChannelNode {
  readonly log: HypercoreLog
  readonly link: string
  readonly key: Uint8Array
  /** Blocks that came from peers, verified. */
  readonly received: RollingRate
  readonly uploads: UploadGate
  readonly #core: Hypercore
  readonly #swarm: Swarm
  readonly #storage: string | undefined

  private constructor(core: Hypercore, options: ChannelNodeOptions) {
    this.#core = core
    this.#storage = options.storage
    this.key = core.key
    this.link = formatLink(core.key)
    this.log = new HypercoreLog(core, options.storage)
    this.uploads = new UploadGate(core, options.uploads ?? true)
    this.received = new RollingRate(options.now)
    core.on('download', (_blockNumber, byteLength) => this.received.add(byteLength))
    watchWrites(core, options.storage, (error) => options.onfailure(error))
    core.on('conflict', () => options.onfailure(conflict(this.link)))
    core.on('truncate', () => options.onfailure(conflict(this.link)))
    this.#swarm = new Swarm({
      transports: options.transports ?? [],
      maxPeers: options.maxPeers ?? defaultMaxPeers,
      now: options.now,
      onopen: (connection) => {
        core.replicate(connection.stream)
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
    options.signal?.throwIfAborted()
    const core = await openCore({ storage: options.storage, key: options.key })
    const node = new ChannelNode(core, options)
    try {
      options.signal?.throwIfAborted()
      await node.#swarm.open(core.discoveryKey, options.signal)
      options.signal?.throwIfAborted()
      return node
    } catch (error) {
      await node.close()
      throw error
    }
  }

  stats(): SwarmStats {
    return this.#swarm.stats()
  }

  /** Closes transports, then storage. */
  async close(): Promise<void> {
    this.log.close()
    await this.#swarm.close()
    try {
      await this.#core.close()
    } catch (error) {
      throw storageError(error, this.#storage)
    }
  }
}

function conflict(link: string): HypervisionError {
  return new HypervisionError(
    'ERR_FEED_CONFLICT',
    `The channel ${link} has two histories: its key was used by two broadcasters at once, or an old copy of its storage ` +
      'was used again. What was received stays stored; the broadcaster has to begin a new channel.',
    { detail: { link } },
  )
}
