/**
 * Has what is stored here go on though it ends so long ago that peers can no longer show that it belongs to what is broadcast now: they have
 * deleted the proofs from that length on. hypercore waits for ever then. The proofs from landmarks are kept, so they are asked for
 * one from the last landmark that is stored here. Internals of hypercore 11.37, held by outdated-storage.test.ts.
 */
import type Hypercore from 'hypercore'
import type { HypercorePeer } from 'hypercore'
import { HypervisionError } from '../contracts/index.ts'
import { eachPeer } from '../storage/each-peer.ts'
import { lengthenFrom } from '../storage/lengthen-from.ts'
import { landmarkBefore } from '../storage/needed-tree-nodes.ts'
import { watchRemoteChanges } from '../storage/remote-changes.ts'
import { nameOf } from '../storage/storage-error.ts'

/** For so long all who have more have said nothing of a proof, and no block came. */
const settleMs = 10_000
/** Of requests that hypercore does not count: its own of that number are for proofs from the first block on. */
const requestId = 0
/** hypercore's reason for an answer without data: it is not here. */
const notAvailable = 1

/** What {@link LongAbsence} is told. */
export interface LongAbsenceOptions {
  /** Whether a peer is the broadcaster. */
  isSource(peer: HypercorePeer): boolean
  /** Whether a peer does not answer: whatever it says to be able to, nobody waits for it. */
  isSilent(peer: HypercorePeer): boolean
  /** Not even the broadcaster can prove its length to us. */
  onoutdated(): void
  /** What came cannot be stored. */
  onfailure(error: unknown): void
}

/** Watches over one core that is not written here; and answers others who ask the same. */
export class LongAbsence {
  readonly #core: Hypercore
  readonly #options: LongAbsenceOptions
  readonly #asked = new WeakSet<HypercorePeer>()
  readonly #stopWatching: () => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #watchedLength = -1

  constructor(core: Hypercore, options: LongAbsenceOptions) {
    this.#core = core
    this.#options = options
    this.#stopWatching = watchRemoteChanges(core, () => this.check())
  }

  close(): void {
    this.#stopWatching()
    clearTimeout(this.#timer)
  }

  /** Looks anew, when peers have told something, or have turned out to be silent. */
  check(): void {
    const { length } = this.#core
    const isStuck = this.#stuckPeers().length > 0
    if (isStuck && this.#timer !== undefined && this.#watchedLength === length) return
    clearTimeout(this.#timer)
    this.#watchedLength = length
    this.#timer = isStuck ? setTimeout(() => this.#ask(), settleMs) : undefined
  }

  /** Who has more and cannot prove it, and was not asked yet; none while anybody can. */
  #stuckPeers(): HypercorePeer[] {
    const { length, fork, peers } = this.#core
    const longer = peers.filter(
      (peer) =>
        length > 0 &&
        peer.remoteSynced &&
        peer.remoteFork === fork &&
        peer.remoteLength > length &&
        !this.#options.isSilent(peer),
    )
    // A peer says that it can as soon as it knows our length.
    if (longer.some((peer) => peer.lengthAcked === length && peer.remoteCanUpgrade)) return []
    return longer.filter((peer) => !this.#asked.has(peer))
  }

  /** The broadcaster, or else anybody: a peer is asked once, as nothing changes that on the same connection. */
  #ask(): void {
    this.#timer = undefined
    const stuck = this.#stuckPeers()
    const peer = stuck.find(this.#options.isSource) ?? stuck[0]
    if (peer === undefined) return
    this.#asked.add(peer)
    const { length } = this.#core
    const start = landmarkBefore(length)
    const { ondata, onnodata } = peer
    peer.ondata = async (message) => {
      if (message.request !== requestId || message.upgrade?.start !== start) return ondata.call(peer, message)
      if (this.#core.length === length) await lengthenFrom(this.#core, start, message).catch(this.#options.onfailure)
      this.check()
    }
    peer.onnodata = (message) => {
      if (message.request !== requestId) return onnodata.call(peer, message)
      // Others may lack proofs because they came later: only the broadcaster's word counts.
      if (this.#options.isSource(peer)) this.#options.onoutdated()
      else this.check()
    }
    const upgrade = { start, length: peer.remoteLength - start }
    peer.wireRequest.send({ id: requestId, fork: peer.remoteFork, block: null, hash: null, seek: null, upgrade })
    // Whoever does not answer is not the last one.
    this.check()
  }
}

/** Says so where there is no such proof; hypercore ends the connection then. */
export function answerLongAbsence(core: Hypercore): void {
  eachPeer(core, (peer) => {
    const fulfill = peer._fulfillRequest
    peer._fulfillRequest = async (request, isPushing) => {
      const { id } = request.msg
      await fulfill.call(peer, request, isPushing).catch((error: unknown) => {
        if (id !== requestId) throw error
        peer.wireNoData.send({ request: id, reason: notAvailable })
      })
    }
  })
}

/** What the application is told where the broadcaster has no proof either. */
export function outdated(link: string, storage: string | undefined): HypervisionError {
  return new HypervisionError(
    'ERR_FEED_STORAGE_OUTDATED',
    `${nameOf(storage)} ends so long ago that the broadcaster of ${link} has lost what would join it to the blocks of today. ` +
      'Delete it, or choose another one.',
    { detail: { link, storage: storage ?? null } },
  )
}
