/**
 * Keeps replication quiet where the live overlay speaks. hypercore tells every peer of each block and each new length; at the live edge
 * that is most of all messages, and nobody needs it there: who has what is in the overlay's heartbeats. So peers of the
 * overlay are told once a second what has come since. Internals of hypercore 11.37, held by hypercore-internals.test.ts.
 */
import type Hypercore from 'hypercore'
import type { HypercorePeer } from 'hypercore'

/** How often a peer of the overlay is told what is new, at the most, ms. */
const announceMs = 1000

/** Gathers what replication tells peers. */
export class QuietReplication {
  readonly #isQuiet: (stream: object) => boolean
  readonly #quiets = new Map<HypercorePeer, QuietPeer>()

  /** @param isQuiet whether the peer on a stream takes part in the overlay */
  constructor(core: Hypercore, isQuiet: (stream: object) => boolean) {
    this.#isQuiet = isQuiet
    for (const peer of core.peers) this.#watch(peer)
    core.on('peer-add', (peer) => this.#watch(peer))
    core.on('peer-remove', (peer) => {
      this.#quiets.get(peer)?.close()
      this.#quiets.delete(peer)
    })
  }

  /** Forgets what has not been told yet. */
  close(): void {
    for (const quiet of this.#quiets.values()) quiet.close()
  }

  #watch(peer: HypercorePeer): void {
    if (this.#quiets.has(peer)) return
    this.#quiets.set(peer, new QuietPeer(peer, () => this.#isQuiet(peer.stream)))
  }
}

/** What one peer has not been told yet: at once after a quiet second, otherwise when the second is over. */
class QuietPeer {
  readonly #tellRange: HypercorePeer['broadcastRange']
  readonly #tellLength: HypercorePeer['sendSync']
  #range: { start: number; end: number } | null = null
  #hasLength = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(peer: HypercorePeer, isQuiet: () => boolean) {
    this.#tellRange = peer.broadcastRange.bind(peer)
    this.#tellLength = peer.sendSync.bind(peer)
    peer.broadcastRange = (start, length, isDropped) => {
      if (isDropped || !isQuiet()) this.#tellRange(start, length, isDropped)
      else this.#gather(start, start + length)
    }
    peer.sendSync = () => {
      if (isQuiet() && this.#timer !== undefined) this.#hasLength = true
      else this.#tellLength()
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
    if (this.#hasLength) this.#tellLength()
    this.#hasLength = false
    const range = this.#range
    this.#range = null
    if (range === null) return
    this.#tellRange(range.start, range.end - range.start, false)
    this.#timer = setTimeout(() => this.#tell(), announceMs)
  }
}
