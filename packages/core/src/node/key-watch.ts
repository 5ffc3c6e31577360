/** Watches over a channel's key on one node: one broadcaster at a time, and one history. */
import type Hypercore from 'hypercore'
import type { HypervisionError, KeyPair } from '../contracts/index.ts'
import { CoreHeads, watchConflicts } from '../storage/core-heads.ts'
import type { ChannelPeer, ChannelPeerEvents } from '../swarm/channel/channel-peer.ts'
import { HeadWatch } from '../swarm/channel/heads.ts'
import { OnAirWatch } from '../swarm/channel/on-air.ts'
import { systemClock } from '../swarm/clock.ts'
import { conflict, onAir } from './channel-errors.ts'

/** Options of a {@link KeyWatch}. */
export interface KeyWatchOptions {
  readonly link: string
  /** The key pair that signs blocks; null for nodes that do not. */
  readonly signer: KeyPair | null
  /** Who this node is on every connection, 32 bytes. */
  readonly identity: Uint8Array
  /** The node cannot go on. */
  onfailure(error: HypervisionError): void
}

/** What a node tells others of the key's use, and hears of them. */
export class KeyWatch {
  readonly #options: KeyWatchOptions
  readonly #heads: HeadWatch
  readonly #onAir: OnAirWatch
  #longestHead = 0
  #isAppending = false
  #isRefused = false

  constructor(core: Hypercore, options: KeyWatchOptions) {
    this.#options = options
    const { signer, identity, link } = options
    const log = new CoreHeads(core)
    this.#heads = new HeadWatch({
      log,
      clock: systemClock,
      isWriter: signer !== null,
      onfork: () => options.onfailure(conflict(link)),
      onlonger: (length) => this.#onlonger(length),
    })
    watchConflicts(core, log, (head) => this.#heads.conflict(head))
    const since = systemClock.now()
    this.#onAir = new OnAirWatch({
      key: core.key,
      signer,
      identity,
      age: () => systemClock.now() - since,
      onother: () => this.#refuse(),
    })
  }

  /** Length of the longest head that a peer has told a broadcaster, and that is longer than its own was; signed. */
  get longestHead(): number {
    return this.#longestHead
  }

  /** Whether nothing is known of another broadcaster, or of what it has left behind. */
  get isAlone(): boolean {
    return !this.#isRefused && !this.#heads.hasForked
  }

  /** From now on nobody else may append. */
  startAppending(): void {
    this.#isAppending = true
  }

  /** @param remote who the peer is, 32 bytes; null where the transport does not know */
  add(peer: ChannelPeer, remote: Uint8Array | null): Partial<ChannelPeerEvents>[] {
    const heads = this.#heads.add(peer)
    return remote === null ? [heads] : [heads, this.#onAir.add(peer, remote)]
  }

  /** A block of another history has come. */
  conflict(): void {
    this.#heads.conflict(null)
  }

  close(): void {
    this.#heads.close()
  }

  #onlonger(length: number): void {
    this.#longestHead = Math.max(this.#longestHead, length)
    if (this.#isAppending) this.#refuse()
  }

  #refuse(): void {
    this.#isRefused = true
    this.#options.onfailure(onAir(this.#options.link))
  }
}
