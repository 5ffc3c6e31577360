import type { HypercorePeer } from 'hypercore'

/** Whether a peer says that it has a block. */
export function hasBlock(peer: HypercorePeer, index: number): boolean {
  return index < peer.remoteContiguousLength || peer.remoteBitfield.get(index)
}
