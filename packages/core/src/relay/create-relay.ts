/** The relay: keeps a channel and serves it on. */
import { FeedReader } from '../feed/feed-reader.ts'
import { parseLink } from '../link/link.ts'
import type { ChannelNode } from '../node/channel-node.ts'
import { ChannelRole, openRole } from '../node/channel-role.ts'
import { checkNodeOptions, optionError } from '../node/check-options.ts'
import { liveSettings } from '../node/live-settings.ts'
import { retainOption } from '../node/retain-option.ts'
import { readFromOutside } from '../sealing/outside.ts'
import { ratio } from '../swarm/rolling-rate.ts'
import type { NodeEvents } from '../swarm/types.ts'
import type { Relay, RelayOptions, RelayStats } from './types.ts'

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
  // Whoever asks for the whole history wants it kept, in a page too.
  const retain = keep === 'all' && options.retain === undefined ? null : retainOption(options.retain)
  if (keep === 'all' && retain !== null && retain.seconds === undefined) {
    throw optionError(
      'keep',
      "'live' where `retain` has no seconds: what it would delete again is not to be fetched",
      keep,
    )
  }
  const live = liveSettings(options)
  return openRole(
    { ...options, live, retain, key: parseLink(options.link) },
    (node) => new NodeRelay(node, options, retain?.seconds ?? null),
  )
}

class NodeRelay extends ChannelRole<NodeEvents> implements Relay {
  constructor(node: ChannelNode, { keep = 'live', signal }: RelayOptions, secondsAgo: number | null) {
    super(node, signal)
    void this.#keep(keep, secondsAgo)
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

  /** Fetches everything, as much of it as is kept here, or what a viewer who joined now would need. */
  async #keep(keep: 'live' | 'all', secondsAgo: number | null): Promise<void> {
    if (keep === 'all' && secondsAgo === null) return this.node.log.fetchFrom(0)
    const reader = new FeedReader(this.node.log, readFromOutside)
    try {
      await reader.seek(keep === 'live' || secondsAgo === null ? 'live' : { secondsAgo }, this.closing)
      // The init block lies before the place to begin: giving it out fetches it.
      await reader.next(this.closing)
    } catch (error) {
      if (!this.closing.aborted) this.fail(error)
    }
  }
}
