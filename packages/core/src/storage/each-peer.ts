import type Hypercore from 'hypercore'
import type { HypercorePeer } from 'hypercore'

/** Calls back once with each peer that a core has, now or later; returns how to hear of no more. */
export function eachPeer(core: Hypercore, onpeer: (peer: HypercorePeer) => void): () => void {
  for (const peer of core.peers) onpeer(peer)
  core.on('peer-add', onpeer)
  return () => core.off('peer-add', onpeer)
}
