/**
 * Finds out that a channel has two histories. Every node tells its neighbours the head of its log, signed by the broadcaster: length and hash of the
 * tree. One that does not fit what is here is proof of a fork, which anybody can check; it is shown to all neighbours before the node stops.
 */
import type { Clock } from '../clock.ts'
import type { Head } from './channel-messages.ts'
import type { ChannelPeer, ChannelPeerEvents } from './channel-peer.ts'

/** A head that has changed is told so often at the most, ms. */
const tellMs = 2000
/** After a fork was found the others are shown it, and have so long to take it, ms. */
const farewellMs = 250

/** What it takes to compare heads. */
export interface HeadLog {
  readonly length: number
  /** The newest head here; null while there is none. */
  readonly head: Head | null
  /** Whether the broadcaster has signed a head. */
  isSigned(head: Head): boolean
  /** Whether a head is one of the history that is here; null where that cannot be told, as it is longer or has been forgotten. */
  fits(head: Head): Promise<boolean | null>
}

/** Options of a {@link HeadWatch}. */
export interface HeadWatchOptions {
  readonly log: HeadLog
  readonly clock: Clock
  /** Whether this node appends: it has the longest head, or somebody else appends too. */
  readonly isWriter: boolean
  /** There are two histories. */
  onfork(): void
  /** Somebody has a longer head than the writer; it is signed. Its length, in blocks. */
  onlonger(length: number): void
}

/** What the watch says to a peer. */
type HeadPeer = Pick<ChannelPeer, 'head' | 'banish'>

interface Neighbour {
  readonly peer: HeadPeer
  /** Length that it was told last. */
  told: number
  /** Its head, longer than what was here. */
  ahead: Head | null
}

/** The heads of one node and its neighbours. */
export class HeadWatch {
  readonly #options: HeadWatchOptions
  readonly #neighbours = new Set<Neighbour>()
  #stop: () => void
  #hasForked = false
  #isClosed = false

  constructor(options: HeadWatchOptions) {
    this.#options = options
    this.#stop = options.clock.after(tellMs, () => this.#tick())
  }

  add(peer: HeadPeer): Pick<ChannelPeerEvents, 'onhead' | 'onclose'> {
    const neighbour: Neighbour = { peer, told: 0, ahead: null }
    this.#neighbours.add(neighbour)
    this.#tell(neighbour, this.#options.log.head)
    return {
      onhead: (head) => void this.#take(neighbour, head),
      onclose: () => void this.#neighbours.delete(neighbour),
    }
  }

  /** Whether there are two histories. */
  get hasForked(): boolean {
    return this.#hasForked
  }

  /** A head of another history was found by other means. */
  conflict(head: Head | null): void {
    if (this.#hasForked || this.#isClosed) return
    this.#hasForked = true
    const own = this.#options.log.head
    for (const { peer } of this.#neighbours) {
      if (own !== null) peer.head(own)
      if (head !== null) peer.head(head)
    }
    this.#stop()
    this.#stop = this.#options.clock.after(farewellMs, () => this.#options.onfork())
  }

  close(): void {
    this.#isClosed = true
    this.#stop()
    this.#neighbours.clear()
  }

  #tick(): void {
    this.#stop = this.#options.clock.after(tellMs, () => this.#tick())
    const { log } = this.#options
    const { head, length } = { head: log.head, length: log.length }
    for (const neighbour of this.#neighbours) {
      this.#tell(neighbour, head)
      const { ahead } = neighbour
      if (ahead === null || ahead.length > length) continue
      neighbour.ahead = null
      void this.#compare(neighbour, ahead)
    }
  }

  #tell(neighbour: Neighbour, head: Head | null): void {
    if (head === null || head.length === neighbour.told) return
    neighbour.told = head.length
    neighbour.peer.head(head)
  }

  async #take(neighbour: Neighbour, head: Head): Promise<void> {
    const { log, isWriter, onlonger } = this.#options
    if (head.length <= log.length) return this.#compare(neighbour, head)
    neighbour.ahead = head
    if (!isWriter) return
    if (log.isSigned(head)) onlonger(head.length)
    else neighbour.peer.banish('its head is not signed by the broadcaster')
  }

  /** Signatures are dear: they are looked at where a head does not fit, and nowhere else. */
  async #compare(neighbour: Neighbour, head: Head): Promise<void> {
    const { log } = this.#options
    if ((await log.fits(head)) !== false || this.#isClosed) return
    if (log.isSigned(head)) this.conflict(head)
    else neighbour.peer.banish('its head is not signed by the broadcaster')
  }
}
