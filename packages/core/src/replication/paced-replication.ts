/**
 * Gives blocks by replication no faster than the node may upload. A request waits: an answer that the block is not available would have
 * hypercore ask again at once, and never more after some dozens of those. Internals of hypercore 11.37, held by
 * paced-replication.test.ts.
 */
import type Hypercore from 'hypercore'
import type { HypercorePeer, HypercoreRequest } from 'hypercore'
import { eachPeer } from '../storage/each-peer.ts'
import type { Clock } from '../swarm/clock.ts'
import type { UploadBudget } from '../swarm/upload-budget.ts'

/** Requests of one peer that wait; hypercore has no more than this under way. */
const maxHeldRequests = 512
/** hypercore's reason for an answer without data: the block is not here. */
const notAvailable = 1
/** A connection that is full is looked at again after this, ms. */
const fullMs = 50

interface Held {
  readonly peer: HypercorePeer
  readonly requests: Map<number, HypercoreRequest>
  readonly answer: (request: HypercoreRequest) => Promise<void>
}

/** Holds requests for blocks until the budget has something left. */
export class PacedReplication {
  readonly #budget: UploadBudget
  readonly #clock: Clock
  /** Whose turn it is comes first. */
  readonly #held = new Map<HypercorePeer, Held>()
  #isAnswering = false
  #stopWaiting: () => void = () => {}
  #isClosed = false

  constructor(core: Hypercore, budget: UploadBudget, clock: Clock) {
    this.#budget = budget
    this.#clock = clock
    eachPeer(core, (peer) => this.#watch(peer))
    core.on('peer-remove', (peer) => this.#held.delete(peer))
    core.on('upload', (_index, byteLength) => budget.spend(byteLength))
  }

  close(): void {
    this.#isClosed = true
    this.#stopWaiting()
  }

  #watch(peer: HypercorePeer): void {
    const { onrequest, oncancel } = peer
    const held: Held = { peer, requests: new Map(), answer: (request) => onrequest.call(peer, request) }
    this.#held.set(peer, held)
    peer.onrequest = async (request) => {
      // The proof of a length is small, and holds no media.
      if (request.block === null) return onrequest.call(peer, request)
      if (held.requests.size >= maxHeldRequests) {
        peer.wireNoData.send({ request: request.id, reason: notAvailable })
        return
      }
      held.requests.set(request.id, request)
      await this.#answer()
    }
    peer.oncancel = (message) => {
      if (!held.requests.delete(message.request)) oncancel.call(peer, message)
    }
  }

  /** Answers one of each peer in turn, as long as there is something left. */
  async #answer(): Promise<void> {
    if (this.#isAnswering) return
    this.#isAnswering = true
    try {
      while (!this.#isClosed && this.#budget.waitMs === 0) {
        const next = [...this.#held.values()].find(({ peer, requests }) => requests.size > 0 && peer.protomux.drained)
        const [request] = next?.requests.values() ?? []
        if (next === undefined || request === undefined) break
        next.requests.delete(request.id)
        // It is the others' turn.
        this.#held.delete(next.peer)
        this.#held.set(next.peer, next)
        await next.answer(request)
        this.#budget.noteWaiting(false)
      }
    } finally {
      this.#isAnswering = false
      this.#wait()
    }
  }

  #wait(): void {
    this.#stopWaiting()
    const isAsked = !this.#isClosed && [...this.#held.values()].some(({ requests }) => requests.size > 0)
    const { waitMs } = this.#budget
    // What waits for a connection that is full does not wait for the budget.
    this.#budget.noteWaiting(isAsked && waitMs > 0)
    if (isAsked) this.#stopWaiting = this.#clock.after(waitMs || fullMs, () => void this.#answer())
  }
}
