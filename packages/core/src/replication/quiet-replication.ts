/**
 * Keeps replication quiet where the live overlay speaks. hypercore tells every peer of each block and each new length; at the live edge
 * that is most of all messages, and nobody needs it there: who has what is in the overlay's heartbeats. So peers of the
 * overlay are told once a second what has come since. The length is told even where hypercore sees no use in it: it knows the peer's
 * own length from as long ago, and a peer that has not heard a length asks for nothing below it. Internals of hypercore 11.37, held by hypercore-internals.test.ts.
 */
import type Hypercore from 'hypercore'
import type { HypercorePeer } from 'hypercore'
import { eachPeer } from '../storage/each-peer.ts'

/** How often a peer of the overlay is told what is new, at the most, ms. */
const announceMs = 1000

/** Gathers what replication tells peers. */
export class QuietReplication {
  readonly #quiets = new Map<HypercorePeer, QuietPeer>()
  #isClosed = false

  /** @param isQuiet whether the peer on a stream takes part in the overlay */
  constructor(core: Hypercore, isQuiet: (stream: object) => boolean) {
    eachPeer(core, (peer) => {
      this.#quiets.set(peer, new QuietPeer(core, peer, () => !this.#isClosed && isQuiet(peer.stream)))
    })
    core.on('peer-remove', (peer) => {
      this.#quiets.get(peer)?.close()
      this.#quiets.delete(peer)
    })
  }

  /** Forgets what has not been told yet; what hypercore tells from now on is told at once. */
  close(): void {
    this.#isClosed = true
    for (const quiet of this.#quiets.values()) quiet.close()
  }
}

/** What one peer has not been told yet: at once after a quiet second, otherwise when the second is over. */
class QuietPeer {
  readonly #tellRange: HypercorePeer['broadcastRange']
  readonly #tellLength: HypercorePeer['sendSync']
  readonly #core: Hypercore
  #range: { start: number; end: number } | null = null
  /** Whether hypercore wanted to tell the length, or what else goes with it. */
  #hasSync = false
  /** The length that was told last. */
  #toldLength = -1
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(core: Hypercore, peer: HypercorePeer, isQuiet: () => boolean) {
    this.#core = core
    this.#tellRange = peer.broadcastRange.bind(peer)
    const { sendSync, signalUpgrade } = peer
    this.#tellLength = () => {
      // While hypercore looks at what the peer has told it, it puts this off.
      if (peer.syncsProcessing === 0) this.#toldLength = core.length
      sendSync.call(peer)
    }
    peer.broadcastRange = (start, length, isDropped) => {
      if (isDropped || !isQuiet()) this.#tellRange(start, length, isDropped)
      else this.#gather(start, start + length)
    }
    peer.sendSync = () => {
      if (isQuiet() && this.#timer !== undefined) this.#hasSync = true
      else this.#tellLength()
    }
    peer.signalUpgrade = () => {
      signalUpgrade.call(peer)
      if (isQuiet() && this.#toldLength !== core.length) this.#timer ??= setTimeout(() => this.#tell(), announceMs)
    }
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #gather(start: number, end: number): void {
    if (this.#timer === undefined) {
      this.#tellRange(start, end - start, false)
      this.#timer = setTimeout(() => this.#tell(), announceMs)
      return
    }
    const range = this.#range
    if (range !== null && start <= range.end && end >= range.start) {
      range.start = Math.min(range.start, start)
      range.end = Math.max(range.end, end)
      return
    }
    if (range !== null) this.#tellRange(range.start, range.end - range.start, false)
    this.#range = { start, end }
  }

  #tell(): void {
    this.#timer = undefined
    if (this.#hasSync || this.#toldLength !== this.#core.length) this.#tellLength()
    this.#hasSync = false
    const range = this.#range
    this.#range = null
    if (range === null) return
    this.#tellRange(range.start, range.end - range.start, false)
    this.#timer = setTimeout(() => this.#tell(), announceMs)
  }
}
