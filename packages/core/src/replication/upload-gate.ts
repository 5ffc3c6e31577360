/**
 * Lets a node take blocks without giving any. hypercore has no switch for it, so what a peer could learn of our blocks
 * (`range`, `bitfield`) is held back, and a request for a block all the same is answered with "not available", on which the peer
 * asks another one. Internals of hypercore 11.37, held by hypercore-internals.test.ts.
 */
import type Hypercore from 'hypercore'
import type { HypercorePeer } from 'hypercore'
import { eachPeer } from '../storage/each-peer.ts'

/** hypercore's reason for an answer without data: the block is not here. */
const notAvailable = 1

/** Opens and closes the way of blocks to peers; proofs of the length are given in any case, as they are small and hold no media. */
export class UploadGate {
  readonly #core: Hypercore
  readonly #announcers = new Map<HypercorePeer, HypercorePeer['broadcastRange']>()
  #isOpen: boolean

  constructor(core: Hypercore, isOpen: boolean) {
    this.#core = core
    this.#isOpen = isOpen
    eachPeer(core, (peer) => this.#watch(peer))
    core.on('peer-remove', (peer) => this.#announcers.delete(peer))
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Tells every peer what is stored here, or gives nothing more. */
  set isOpen(isOpen: boolean) {
    if (isOpen === this.#isOpen) return
    this.#isOpen = isOpen
    if (!isOpen) return
    for (const [start, length] of this.#storedRanges()) {
      for (const announce of this.#announcers.values()) announce(start, length, false)
    }
  }

  #watch(peer: HypercorePeer): void {
    const announce = peer.broadcastRange.bind(peer)
    const { onwant, onrequest } = peer
    this.#announcers.set(peer, announce)
    // The blocks from the first one on are offered before a peer is made known. Unless that is taken back in the same breath, the
    // peer asks for them, is turned away, asks again, and after so many times never asks here any more.
    if (!this.#isOpen && this.#core.contiguousLength > 0) announce(0, this.#core.contiguousLength, true)
    peer.broadcastRange = (start, length, isDropped) => {
      if (this.#isOpen || isDropped) announce(start, length, isDropped)
    }
    peer.onwant = (range) => {
      if (this.#isOpen) onwant.call(peer, range)
      // It is told once it may be: hypercore announces old blocks to those alone who have asked about them.
      else peer.remoteWants.add(range)
    }
    peer.onrequest = async (request) => {
      if (this.#isOpen || request.block === null) return onrequest.call(peer, request)
      peer.wireNoData.send({ request: request.id, reason: notAvailable })
    }
  }

  *#storedRanges(): Generator<[start: number, length: number]> {
    const { bitfield } = this.#core.core
    let start = bitfield.findFirst(true, 0)
    while (start >= 0) {
      const end = bitfield.findFirst(false, start)
      yield [start, (end < 0 ? this.#core.length : end) - start]
      start = end < 0 ? -1 : bitfield.findFirst(true, end)
    }
  }
}
