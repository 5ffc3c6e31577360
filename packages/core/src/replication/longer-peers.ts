/**
 * Asks peers for what is older although they have not told yet that they are as long as what is here: pushed blocks run ahead of what
 * {@link QuietReplication} tells, and hypercore asks nothing of a peer that it takes to be shorter, since that might lack
 * the tree nodes of a proof. The overlay knows better. Internals of hypercore 11.37, held by longer-peers.test.ts.
 */
import type Hypercore from 'hypercore'
import type { HypercorePeer } from 'hypercore'
import { eachPeer } from '../storage/each-peer.ts'

/** @param isAsLong whether a peer's log has at least a length, by what else is known of it */
export function askLongerPeers(core: Hypercore, isAsLong: (peer: HypercorePeer, length: number) => boolean): void {
  eachPeer(core, (peer) => {
    const canRequest = peer._canRequest
    peer._canRequest = (index, isForced) =>
      canRequest.call(peer, index, isForced) || (peer.remoteFork === core.fork && isAsLong(peer, core.length))
  })
}
