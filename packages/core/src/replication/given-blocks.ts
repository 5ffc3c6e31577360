/** What was given to peers by replication, by which it shows who is still fetching. */
import type Hypercore from 'hypercore'
import type { HypercorePeer } from 'hypercore'
import { hasBlock } from './has-block.ts'

/** Of two blocks so near to each other, the second was fetched in turn: answers may overtake one another. */
const nearBlocks = 16

/** What a peer was given last. */
interface Given {
  readonly blockNumber: number
  /** The one right before it; null where there was none. */
  readonly before: number | null
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
      this.#last.set(peer, { blockNumber, before: this.#last.get(peer)?.blockNumber ?? null })
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
      const { blockNumber = 0, before = null } = this.#last.get(peer) ?? {}
      if (before === null || Math.abs(blockNumber - before) > nearBlocks) return false
      const next = Math.max(blockNumber, before) + 1
      return next < length && !hasBlock(peer, next)
    })
  }
}
