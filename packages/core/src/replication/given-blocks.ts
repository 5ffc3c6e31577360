/** What was given to peers by replication, by which it shows who is still fetching. */
import type Hypercore from 'hypercore'
import type { HypercorePeer } from 'hypercore'

/** The block that a peer was given last. */
interface Given {
  readonly blockNumber: number
  /** Whether it was given the one before right before it. */
  readonly isInTurn: boolean
}

/** Watches what one core gives. */
export class GivenBlocks {
  readonly #core: Hypercore
  readonly #now: () => number
  readonly #last = new WeakMap<HypercorePeer, Given>()
  #bytes = 0
  #atMs = Number.NEGATIVE_INFINITY

  /** @param now a clock that only rises, ms */
  constructor(core: Hypercore, now: () => number) {
    this.#core = core
    this.#now = now
    core.on('upload', (blockNumber, byteLength, peer) => {
      this.#bytes += byteLength
      this.#atMs = now()
      this.#last.set(peer, { blockNumber, isInTurn: this.#last.get(peer)?.blockNumber === blockNumber - 1 })
    })
  }

  /** Bytes of blocks given. */
  get bytes(): number {
    return this.#bytes
  }

  /** How long ago a block was given, ms. */
  get sinceMs(): number {
    return this.#now() - this.#atMs
  }

  /** Whether somebody who takes one block after the other has not said yet to have the next one. */
  get isUnderWay(): boolean {
    const { peers, length } = this.#core
    return peers.some((peer) => {
      const { blockNumber = length, isInTurn = false } = this.#last.get(peer) ?? {}
      const next = blockNumber + 1
      return isInTurn && next < length && next >= peer.remoteContiguousLength && !peer.remoteBitfield.get(next)
    })
  }
}
