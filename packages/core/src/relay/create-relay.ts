/** The relay: keeps a channel and serves it on. */
import { FeedReader } from '../feed/feed-reader.ts'
import { parseLink } from '../link/link.ts'
import type { ChannelNode } from '../node/channel-node.ts'
import { ChannelRole, openRole } from '../node/channel-role.ts'
import { checkNodeOptions, optionError } from '../node/check-options.ts'
import { liveSettings } from '../node/live-settings.ts'
import { readFromOutside } from '../sealing/outside.ts'
import { ratio } from '../swarm/rolling-rate.ts'
import type { NodeEvents } from '../swarm/types.ts'
import type { Relay, RelayOptions, RelayStats } from './types.ts'

/** A relay is there to pass on, as a rule on a line that carries more than a viewer's; where it does not, its places become fewer. */
const defaultMaxUploads = 4

/**
 * Keeps a channel and serves it to others. It resolves once the node takes part in the swarm. Of a private channel it keeps what is
 * encrypted: the secret in a link is not read, and not needed.
 *
 * @throws HypervisionError ERR_OPTION_…, ERR_FEED_STORAGE…, ERR_TRANSPORT_…
 */
export async function createRelay(options: RelayOptions): Promise<Relay> {
  checkNodeOptions(options)
  const { keep = 'live' } = options
  if (keep !== 'live' && keep !== 'all') throw optionError('keep', "'live' or 'all'", keep)
  const live = liveSettings({ maxUploads: defaultMaxUploads, ...options })
  return openRole({ ...options, live, key: parseLink(options.link) }, (node) => new NodeRelay(node, options))
}

class NodeRelay extends ChannelRole<NodeEvents> implements Relay {
  constructor(node: ChannelNode, options: RelayOptions) {
    super(node, options.signal)
    void this.#keep(options.keep ?? 'live')
  }

  stats(): RelayStats {
    const node = this.node.stats()
    const { received, log } = this.node
    const { items, bits } = received.perSecond()
    return {
      ...node,
      verifiedBlocks: received.items,
      feedBlocks: log.remoteLength,
      blocksPerSecond: items,
      bitsPerSecond: bits,
      streamBytes: received.bytes,
      relayedCopies: ratio(node.blockBytesUp, received.bytes),
    }
  }

  /** Fetches everything, or what a viewer who joined now would need. */
  async #keep(keep: 'live' | 'all'): Promise<void> {
    if (keep === 'all') return this.node.log.fetchFrom(0)
    const reader = new FeedReader(this.node.log, readFromOutside)
    try {
      await reader.seek('live', this.closing)
      // The init block lies before the place to begin: giving it out fetches it.
      await reader.next(this.closing)
    } catch (error) {
      if (!this.closing.aborted) this.fail(error)
    }
  }
}
