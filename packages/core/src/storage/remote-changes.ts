/**
 * Tells when a peer of a hypercore says what it has. hypercore has no event for it, so the two messages that say it
 * (`sync`: the length, `range`: the blocks) are observed on each peer. Internals of hypercore 11.37, held by
 * hypercore-internals.test.ts.
 */
import type Hypercore from 'hypercore'
import { eachPeer } from './each-peer.ts'

/** Calls back after each message of any peer that says what it has, and when a peer comes or goes: at once for each that is there. */
export function watchRemoteChanges(core: Hypercore, onchange: () => void): () => void {
  const stop = eachPeer(core, (peer) => {
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
    onchange()
  })
  core.on('peer-remove', onchange)
  return () => {
    stop()
    core.off('peer-remove', onchange)
  }
}
