/** The relay: keeps a channel and serves it on. */
import { EventSource } from '../events/typed-event-target.ts'
import { FeedReader } from '../feed/feed-reader.ts'
import { parseLink } from '../link/link.ts'
import { ChannelNode } from '../node/channel-node.ts'
import { checkNodeOptions, optionError } from '../node/check-options.ts'
import { Lifecycle } from '../node/lifecycle.ts'
import type { NodeEvents } from '../swarm/types.ts'
import type { Relay, RelayOptions, RelayStats } from './types.ts'

/**
 * Keeps a channel and serves it to others. It resolves once the node takes part in the swarm.
 *
 * @throws HypervisionError ERR_OPTION_…, ERR_FEED_STORAGE…, ERR_TRANSPORT_…
 */
export async function createRelay(options: RelayOptions): Promise<Relay> {
  checkNodeOptions(options)
  const { keep = 'live' } = options
  if (keep !== 'live' && keep !== 'all') throw optionError('keep', "'live' or 'all'", keep)
  return NodeRelay.open(options, parseLink(options.link))
}

class NodeRelay extends EventSource<NodeEvents> implements Relay {
  readonly #node: ChannelNode
  readonly #closing = new AbortController()
  readonly #lifecycle = new Lifecycle(() => this.#teardown())

  private constructor(node: ChannelNode, options: RelayOptions) {
    super()
    this.#node = node
    void this.#keep(options.keep ?? 'live')
    options.signal?.addEventListener('abort', () => this.close(), { once: true, signal: this.#closing.signal })
  }

  static async open(options: RelayOptions, key: Uint8Array): Promise<NodeRelay> {
    let relay: NodeRelay | null = null
    const node = await ChannelNode.open({
      ...options,
      key,
      now: Date.now,
      onevent: (type, detail) => relay?.dispatch(type, detail),
      onfailure: (error) => relay?.fail(error),
    })
    relay = new NodeRelay(node, options)
    return relay
  }

  get link(): string {
    return this.#node.link
  }

  get key(): Uint8Array {
    return this.#node.key
  }

  get closed(): Promise<void> {
    return this.#lifecycle.closed
  }

  stats(): RelayStats {
    const swarm = this.#node.stats()
    const { received, log } = this.#node
    const { items, bits } = received.perSecond()
    return {
      ...swarm,
      verifiedBlocks: received.items,
      feedBlocks: log.remoteLength,
      blocksPerSecond: items,
      bitsPerSecond: bits,
      streamBytes: received.bytes,
      relayedCopies: received.bytes === 0 ? 0 : swarm.bytesUp / received.bytes,
    }
  }

  close(): Promise<void> {
    return this.#lifecycle.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Closes with an error. */
  fail(error: unknown): void {
    void this.#lifecycle.close(error)
  }

  /** Fetches everything, or what a viewer who joined now would need. */
  async #keep(keep: 'live' | 'all'): Promise<void> {
    if (keep === 'all') return this.#node.log.fetchFrom(0)
    const reader = new FeedReader(this.#node.log)
    try {
      await reader.seek('live', this.#closing.signal)
      // The init block lies before the place to begin: giving it out fetches it.
      await reader.next(this.#closing.signal)
    } catch (error) {
      if (!this.#closing.signal.aborted) this.fail(error)
    }
  }

  async #teardown(): Promise<void> {
    this.#closing.abort()
    await this.#node.close()
  }
}
