/**
 * Keeps requests of replication away from the broadcaster while somebody else has the block: those who come together would all take
 * their first picture from it, since it is the one that surely has it. Internals of hypercore 11.37, held by
 * hypercore-internals.test.ts.
 */
import type Hypercore from 'hypercore'
import type { HypercorePeer } from 'hypercore'
import { eachPeer } from '../storage/each-peer.ts'
import { hasBlock } from './has-block.ts'

/** A block that has not come from anybody else by then is asked of the broadcaster too, ms. */
const spareMs = 700
/** Blocks that are remembered as waited for; the oldest are forgotten. */
const maxWaited = 512

/** What {@link SpareSource} is told. */
export interface SpareSourceOptions {
  /** Whether a peer is the broadcaster. */
  isSource(peer: HypercorePeer): boolean
  /** Whether a peer does not answer: nobody waits for what it says to have. */
  isSilent(peer: HypercorePeer): boolean
}

/** Decides for each block whether the broadcaster may be asked. */
export class SpareSource {
  readonly #core: Hypercore
  readonly #options: SpareSourceOptions
  /** When each block was first wanted of the broadcaster. */
  readonly #sinceMs = new Map<number, number>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #isClosed = false

  constructor(core: Hypercore, options: SpareSourceOptions) {
    this.#core = core
    this.#options = options
    eachPeer(core, (peer) => this.#watch(peer))
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  #watch(peer: HypercorePeer): void {
    const canRequest = peer._canRequest
    peer._canRequest = (index, isForced) => {
      if (this.#options.isSource(peer) && !this.#mayAsk(peer, index)) return false
      return canRequest.call(peer, index, isForced)
    }
  }

  #mayAsk(source: HypercorePeer, index: number): boolean {
    // Peers stay for a while after that, and ask on.
    if (this.#isClosed) return true
    const hasAnother = this.#core.peers.some(
      (peer) => peer !== source && !this.#options.isSilent(peer) && hasBlock(peer, index),
    )
    if (!hasAnother) return true
    const now = performance.now()
    const since = this.#sinceMs.get(index) ?? now
    if (since === now) this.#remember(index, now)
    if (now - since >= spareMs) return true
    // hypercore looks again when something changes, and time alone changes nothing.
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#core.replicator.updateAll()
    }, spareMs)
    return false
  }

  #remember(index: number, nowMs: number): void {
    const [oldest] = this.#sinceMs.keys()
    if (oldest !== undefined && this.#sinceMs.size >= maxWaited) this.#sinceMs.delete(oldest)
    this.#sinceMs.set(index, nowMs)
  }
}
