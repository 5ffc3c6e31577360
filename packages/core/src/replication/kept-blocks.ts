/**
 * Tells peers which blocks are kept here, and hears which ones they have deleted. hypercore tells a new peer of the blocks from the
 * first one on without a hole, and of no other; and a peer that hears of a hole in those forgets all behind it. A channel whose
 * beginning is deleted would look empty. Internals of hypercore 11.37, held by kept-blocks.test.ts.
 */
import type Hypercore from 'hypercore'
import type { HypercorePeer } from 'hypercore'
import { eachPeer } from '../storage/each-peer.ts'

/** Stretches that a new peer is told of, the newest ones: one as a rule, and an init block before it. */
const maxStretches = 64

/** What {@link KeptBlocks} is told. */
export interface KeptBlocksOptions {
  /** Whether peers may know what is here. */
  isOpen(): boolean
  /** Whether a peer is the broadcaster: what that has deleted, nobody can be waited for to fetch. */
  isSource(peer: HypercorePeer): boolean
}

/** What is kept on both sides of each connection. */
export class KeptBlocks {
  readonly #core: Hypercore
  readonly #options: KeptBlocksOptions
  /** Up to where each peer has told of deleted blocks. */
  readonly #deletedBefore = new WeakMap<HypercorePeer, number>()

  constructor(core: Hypercore, options: KeptBlocksOptions) {
    this.#core = core
    this.#options = options
    eachPeer(core, (peer) => {
      this.#watch(peer)
      this.#tell(peer)
    })
  }

  /** Tells every peer what is here: after blocks were deleted, and when peers may know of it for the first time. */
  tell(): void {
    for (const peer of this.#core.peers) this.#tell(peer)
  }

  /** Whether the broadcaster is connected and says that it has deleted a block. */
  isDeleted(blockNumber: number): boolean {
    return this.#core.peers.some(
      (peer) => (this.#deletedBefore.get(peer) ?? 0) > blockNumber && this.#options.isSource(peer),
    )
  }

  #watch(peer: HypercorePeer): void {
    const { onrange } = peer
    peer.onrange = (message) => {
      const { drop, start, length } = message
      if (drop) this.#deletedBefore.set(peer, Math.max(this.#deletedBefore.get(peer) ?? 0, start + length))
      return onrange.call(peer, message)
    }
  }

  #tell(peer: HypercorePeer): void {
    const { contiguousLength, length } = this.#core
    if (contiguousLength === length || !this.#options.isOpen()) return
    for (const { hole, start, end } of this.#stretches()) {
      if (hole < start) peer.wireRange.send({ drop: true, start: hole, length: start - hole })
      peer.wireRange.send({ drop: false, start, length: end - start })
    }
  }

  /** What is stored here without a hole, each with where the hole before it begins; the newest ones, oldest first. */
  #stretches(): { readonly hole: number; readonly start: number; readonly end: number }[] {
    const { bitfield } = this.#core.core
    const stretches: { hole: number; start: number; end: number }[] = []
    for (let last = this.#core.length - 1; last >= 0 && stretches.length < maxStretches; ) {
      const end = bitfield.findLast(true, last) + 1
      if (end === 0) break
      const start = bitfield.findLast(false, end - 1) + 1
      last = start - 1
      stretches.push({ hole: last < 0 ? 0 : bitfield.findLast(true, last) + 1, start, end })
    }
    return stretches.reverse()
  }
}
