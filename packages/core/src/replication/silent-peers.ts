/**
 * Has others asked where a peer does not answer. hypercore waits for it for as long as it is connected, and it asks one peer at a time for the
 * proof of a new length and for the way to a byte, and three at the most for a block. Internals of hypercore 11.37, held by
 * silent-peers.test.ts.
 */
import type Hypercore from 'hypercore'
import type { HypercoreAsked, HypercorePeer } from 'hypercore'
import { eachPeer } from '../storage/each-peer.ts'
import type { Clock } from '../swarm/clock.ts'
import { hasBlock } from './has-block.ts'

/** For so long a peer may owe what it should give first; twice as long each time that it was too long. */
const patienceMs = 10_000
/** How often it is looked at what peers owe, ms. */
const lookMs = 1000

/** What is known of a peer. */
interface Debtor {
  readonly canRequest: HypercorePeer['_canRequest']
  /** What it was asked for, each with its turn: 0 for what nobody else is asked for meanwhile, otherwise the look at which it was first seen. */
  asked: ReadonlyMap<HypercoreAsked, number>
  /** The turn of what it should give first; infinite where it owes nothing. */
  turn: number
  /** What it has done since the last look: given something whose turn it was (1), said no (-1), or neither. */
  answer: number
  /** For how long it has not given what it should give first. What is not asked for any more counts on. */
  owedMs: number
  /** How often that was too long. Whoever has fewer of these is asked, where there is somebody. */
  strikes: number
}

/** Watches what the peers of one core owe. */
export class SilentPeers {
  readonly #core: Hypercore
  readonly #clock: Clock
  readonly #onsilent: () => void
  readonly #debtors = new Map<HypercorePeer, Debtor>()
  #looks = 0
  #stopWaiting: () => void = () => {}

  /** @param onsilent hears that a peer has owed something for too long */
  constructor(core: Hypercore, clock: Clock, onsilent: () => void) {
    this.#core = core
    this.#clock = clock
    this.#onsilent = onsilent
    eachPeer(core, (peer) => this.#watch(peer))
    core.on('peer-remove', (peer) => this.#debtors.delete(peer))
    const { replicator } = core
    const { _shouldUpgrade, _ondata, _onnodata } = replicator
    replicator._shouldUpgrade = (peer) => _shouldUpgrade.call(replicator, peer) && this.#mayAsk(peer, -1)
    replicator._ondata = (peer, asked, message) => {
      const debtor = this.#debtors.get(peer)
      if (debtor !== undefined && asked !== null && turnOf(debtor, asked) <= debtor.turn) debtor.answer = 1
      _ondata.call(replicator, peer, asked, message)
    }
    replicator._onnodata = (peer, asked, reason) => {
      const debtor = this.#debtors.get(peer)
      if (debtor !== undefined) debtor.answer ||= -1
      _onnodata.call(replicator, peer, asked, reason)
    }
    this.#wait()
  }

  /** Whether a peer has owed something for too long. */
  isSilent(peer: HypercorePeer): boolean {
    return this.#strikesOf(peer) > 0
  }

  close(): void {
    this.#stopWaiting()
  }

  #strikesOf(peer: HypercorePeer): number {
    return this.#debtors.get(peer)?.strikes ?? 0
  }

  #watch(peer: HypercorePeer): void {
    const canRequest = peer._canRequest
    const owesNothing = { asked: new Map(), turn: Number.POSITIVE_INFINITY, answer: 0, owedMs: 0, strikes: 0 }
    this.#debtors.set(peer, { canRequest, ...owesNothing })
    peer._canRequest = (blockNumber, isForced) =>
      canRequest.call(peer, blockNumber, isForced) && this.#mayAsk(peer, blockNumber)
  }

  #wait(): void {
    this.#stopWaiting = this.#clock.after(lookMs, () => {
      this.#wait()
      this.#look()
    })
  }

  #look(): void {
    const { replicator } = this.#core
    const underWay = [...replicator._inflight]
    this.#looks++
    for (const [peer, debtor] of this.#debtors) {
      const asked = underWay.filter((request) => request.peer === peer)
      const hasWaited = asked.some((request) => debtor.asked.has(request))
      if (debtor.answer > 0) debtor.owedMs = 0
      else if (debtor.answer < 0 || hasWaited) debtor.owedMs += lookMs
      debtor.answer = 0
      debtor.asked = new Map(asked.map((request) => [request, Math.min(turnOf(debtor, request), this.#looks)]))
      debtor.turn = Math.min(...debtor.asked.values())
      if (debtor.owedMs < patienceMs * 2 ** debtor.strikes) continue
      debtor.owedMs = 0
      debtor.strikes++
      for (const request of asked) this.#takeBack(request)
      this.#onsilent()
    }
    // Whether somebody else can be asked changes without a word.
    if (replicator.peers.some((peer) => this.isSilent(peer))) replicator.updateAll()
  }

  /** From whoever is the only one to have it nothing is taken back: the answer of a slow peer comes late, but it comes. */
  #takeBack(request: HypercoreAsked): void {
    const { peer, upgrade, block, hash } = request
    const blockNumber = upgrade === null ? (block?.index ?? (hash === null ? -1 : hash.index / 2)) : -1
    if (!this.#canAnother(peer, blockNumber, Number.POSITIVE_INFINITY)) return
    peer._cancelRequest(request)
    this.#core.replicator._clearRequest(peer, request)
  }

  /** @param blockNumber -1 for the proof of the length alone */
  #mayAsk(peer: HypercorePeer, blockNumber: number): boolean {
    return !this.isSilent(peer) || !this.#canAnother(peer, blockNumber, this.#strikesOf(peer))
  }

  #canAnother(peer: HypercorePeer, blockNumber: number, fewerThan: number): boolean {
    for (const [other, { strikes, canRequest }] of this.#debtors) {
      if (other !== peer && strikes < fewerThan && this.#can(other, blockNumber, canRequest)) return true
    }
    return false
  }

  /** Whether hypercore would ask a peer: one that it does not ask proves nothing by its silence. */
  #can(peer: HypercorePeer, blockNumber: number, canRequest: HypercorePeer['_canRequest']): boolean {
    const { length, fork } = this.#core
    if (!peer.isActive() || !peer.remoteUploading || peer.remoteFork !== fork || peer.syncsProcessing > 0) return false
    const canProve = peer.remoteCanUpgrade && peer.remoteLength > length && peer.lengthAcked === length
    if (blockNumber < 0) return canProve
    const isProved = blockNumber < length || canProve
    return (
      isProved &&
      blockNumber < peer.remoteLength &&
      hasBlock(peer, blockNumber) &&
      canRequest.call(peer, blockNumber, false)
    )
  }
}

function turnOf({ asked }: Debtor, request: HypercoreAsked): number {
  if (request.block === null || request.upgrade !== null) return 0
  return asked.get(request) ?? Number.POSITIVE_INFINITY
}
