/**
 * Tells when a peer of a hypercore says what it has. hypercore has no event for it, so the two messages that say it
 * (`sync`: the length, `range`: the blocks) are observed on each peer. Internals of hypercore 11.37, held by
 * hypercore-internals.test.ts.
 */
import type Hypercore from 'hypercore'
import type { HypercorePeer } from 'hypercore'

/** Calls back after each message of any peer that says what it has, and when a peer comes or goes. */
export function watchRemoteChanges(core: Hypercore, onchange: () => void): () => void {
  const watched = new WeakSet<HypercorePeer>()
  const watch = (peer: HypercorePeer): void => {
    if (watched.has(peer)) return
    watched.add(peer)
    const { onsync, onrange, onbitfield } = peer
    peer.onsync = async (message) => {
      await onsync.call(peer, message)
      onchange()
    }
    peer.onrange = async (message) => {
      await onrange.call(peer, message)
      onchange()
    }
    peer.onbitfield = (message) => {
      onbitfield.call(peer, message)
      onchange()
    }
  }
  const onpeer = (peer: HypercorePeer): void => {
    watch(peer)
    onchange()
  }
  for (const peer of core.peers) watch(peer)
  core.on('peer-add', onpeer)
  core.on('peer-remove', onchange)
  return () => {
    core.off('peer-add', onpeer)
    core.off('peer-remove', onchange)
  }
}
