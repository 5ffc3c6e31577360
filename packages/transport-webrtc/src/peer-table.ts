/**
 * The peers of a session: with each at most one connection that is open, and one that is being made. The rules for two that
 * meet are such that both sides come to the same one.
 */
import type { Identity } from './identity.ts'
import type { PeerLink } from './peer-link.ts'

interface Peer {
  readonly identity: Identity
  readonly topic: string
  readonly link: PeerLink
  /** When it was begun, milliseconds of the monotonic clock. */
  readonly since: number
}

/**
 * An answer that has led to nothing by then was not wanted: whoever offered was full, or had another connection coming. No
 * word of that reaches the one who answered, so a new offer of the same peer counts for one. Milliseconds.
 */
const staleAnswerMs = 2000

/** Connections by peer. */
export class PeerTable {
  readonly #ownId: string
  readonly #open = new Map<string, Peer>()
  readonly #pending = new Map<string, Peer>()
  /** Streams that are open or on their way out. */
  #streams = 0
  #onclosed: (() => void)[] = []

  /** @param ownId public key of this node in hex */
  constructor(ownId: string) {
    this.#ownId = ownId
  }

  /** Connections that are open. */
  get open(): number {
    return this.#open.size
  }

  /** Peers that are connected or about to be. */
  get size(): number {
    let size = this.#open.size
    for (const id of this.#pending.keys()) if (!this.#open.has(id)) size++
    return size
  }

  /** Connections that this side offered. */
  get called(): number {
    return [...this.#open.values(), ...this.#pending.values()].filter(({ link }) => link.isOfferer).length
  }

  /** Whether a peer that came back could take the place of its former self. */
  get mayReplace(): boolean {
    return this.#open.size > 0
  }

  has(id: string): boolean {
    return this.#open.has(id) || this.#pending.has(id)
  }

  /** Whether there is a connection with this very session of the peer, or one is being made. */
  isKnown({ id, session }: Identity): boolean {
    if (this.#open.get(id)?.identity.session === session) return true
    const pending = this.#pending.get(id)
    if (pending?.identity.session !== session) return false
    return pending.link.isOfferer || performance.now() - pending.since < staleAnswerMs
  }

  /**
   * Whether the answer of a peer to an offer of ours is to be followed. Where both have called and both have answered, the
   * call of the one with the larger key counts.
   */
  prefersOwnOffer({ id, session }: Identity): boolean {
    if (this.#open.get(id)?.identity.session === session) return false
    const pending = this.#pending.get(id)
    if (pending?.identity.session !== session || pending.link.isOfferer) return true
    return this.#ownId > id
  }

  /** A connection is being made; one that was being made with the same peer is given up. */
  addPending(identity: Identity, topic: string, link: PeerLink): void {
    const before = this.#pending.get(identity.id)
    this.#pending.set(identity.id, { identity, topic, link, since: performance.now() })
    before?.link.destroy()
  }

  identityOf(link: PeerLink): Identity | null {
    return [...this.#pending.values()].find((peer) => peer.link === link)?.identity ?? null
  }

  /** A connection that was being made is open; one with a former self of the peer ends. */
  onopen(link: PeerLink): void {
    for (const [id, peer] of this.#pending) {
      if (peer.link !== link) continue
      this.#pending.delete(id)
      const before = this.#open.get(id)
      this.#open.set(id, peer)
      before?.link.destroy()
      this.#streams++
      link.stream?.on('close', () => this.#onstreamclose())
    }
  }

  /** A connection ended. @returns whether it was one that was open */
  remove(link: PeerLink): boolean {
    for (const [id, peer] of this.#pending) if (peer.link === link) this.#pending.delete(id)
    for (const [id, peer] of this.#open) {
      if (peer.link === link) return this.#open.delete(id)
    }
    return false
  }

  /** Gives up those that are being made by way of a topic. */
  dropPending(topic: string): void {
    for (const peer of [...this.#pending.values()]) if (peer.topic === topic) peer.link.destroy()
  }

  /** Ends all of them. */
  destroy(): void {
    for (const { link } of [...this.#pending.values(), ...this.#open.values()]) link.destroy()
  }

  /** Resolves when the streams of all connections are closed. */
  closed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#streams === 0) resolve()
      else this.#onclosed.push(resolve)
    })
  }

  #onstreamclose(): void {
    if (--this.#streams > 0) return
    for (const resolve of this.#onclosed.splice(0)) resolve()
  }
}
