/**
 * The feed's log on a hypercore.
 *
 * Reading: which blocks peers have is known from what they announce, before anything was fetched; asking for their
 * newest block brings the block and the proof of the length in one round trip.
 */
import Hypercore, { type HypercorePeer } from 'hypercore'
import type { AppendLog, FeedLog } from '../feed/feed-log.ts'
import { watchRemoteChanges } from './remote-changes.ts'
import { storageError } from './storage-error.ts'

/** Blocks that are asked for by name at a new place: more than lie between two keyframes as a rule. */
const namedBlocks = 100

/** Reads and writes one hypercore; does not own it. */
export class HypercoreLog implements FeedLog, AppendLog {
  readonly #core: Hypercore
  readonly #storage: string | undefined
  readonly #listeners = new Set<() => void>()
  readonly #stopWatching: () => void
  readonly #onappend = (): void => this.#changed()
  /** Peers that did not deliver what they said to have. */
  #distrusted = new WeakSet<HypercorePeer>()
  #fetching: { destroy(): void } | null = null
  #lengthAtClose: number | null = null
  /** Requests of single blocks under way. */
  #named: unknown[] = []

  /** @param storage the folder, for messages */
  constructor(core: Hypercore, storage?: string) {
    this.#core = core
    this.#storage = storage
    this.#stopWatching = watchRemoteChanges(core, () => this.#changed())
    core.on('append', this.#onappend)
  }

  get length(): number {
    return this.#lengthAtClose ?? this.#core.length
  }

  get remoteLength(): number {
    return Math.max(this.length, ...this.#core.peers.map((peer) => peer.remoteLength))
  }

  /** How many connected peers replicate this channel. */
  get peers(): number {
    return this.#core.peers.length
  }

  /** Highest block that is stored here; -1 where there is none. */
  newestHere(): number {
    return newestIn(this.#core.core.bitfield, this.#core.contiguousLength, this.#core.length)
  }

  newestAvailable(): number {
    const local = this.newestHere()
    const peers = this.#core.peers
    const trusted = peers.filter((peer) => !this.#distrusted.has(peer))
    const newest = newestOf(trusted)
    if (newest >= 0 || trusted.length === peers.length) return Math.max(local, newest)
    // Nobody else has anything: a slow peer is better than none.
    this.#distrusted = new WeakSet()
    return Math.max(local, newestOf(peers))
  }

  oldestAvailable(): number {
    const places = this.#core.peers.map((peer) =>
      peer.remoteContiguousLength > 0 ? 0 : peer.remoteBitfield.findFirst(true, 0),
    )
    places.push(this.#core.contiguousLength > 0 ? 0 : this.#core.core.bitfield.findFirst(true, 0))
    const known = places.filter((place) => place >= 0)
    return known.length === 0 ? -1 : Math.min(...known)
  }

  distrust(blockNumber: number): void {
    for (const peer of this.#core.peers) if (newestOf([peer]) >= blockNumber) this.#distrusted.add(peer)
  }

  async get(blockNumber: number, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted()
    const activeRequests: unknown[] = []
    const onabort = (): void => Hypercore.clearRequests(activeRequests, signal.reason)
    signal.addEventListener('abort', onabort)
    try {
      const block = await this.#core.get(blockNumber, { activeRequests })
      signal.throwIfAborted()
      if (block === null) throw new Error(`block ${blockNumber} is not here and was not waited for`)
      return block
    } catch (error) {
      signal.throwIfAborted()
      throw storageError(error, this.#storage)
    } finally {
      signal.removeEventListener('abort', onabort)
    }
  }

  fetchFrom(start: number): void {
    this.#stopFetching()
    // A range is asked for piecemeal while the core takes in a new length. What playing needs at once is asked for by
    // name, so that all of it comes in one round trip.
    const end = Math.min(this.#core.length, start + namedBlocks)
    for (let number = start; number < end; number++) {
      this.#core.get(number, { activeRequests: this.#named }).catch(() => {})
    }
    this.#fetching = this.#core.download({ start, end: -1, linear: true })
    // From here on a new length is asked for as soon as a peer tells of it.
    this.#core.replicator.eagerUpgrade = true
  }

  onchange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async read(blockNumber: number): Promise<Uint8Array> {
    const block = await this.#core.get(blockNumber, { wait: false }).catch((error: unknown) => {
      throw storageError(error, this.#storage)
    })
    if (block === null) throw storageError(new Error(`block ${blockNumber} is missing`), this.#storage)
    return block
  }

  async append(block: Uint8Array): Promise<void> {
    try {
      await this.#core.append(block)
    } catch (error) {
      throw storageError(error, this.#storage)
    }
  }

  /** How many connected peers say to have a block. */
  peersWith(blockNumber: number): number {
    return this.#core.peers.filter((peer) => newestOf([peer]) >= blockNumber).length
  }

  /** Stops watching and fetching; the core stays open. The length is remembered. */
  close(): void {
    this.#lengthAtClose ??= this.#core.length
    this.#stopFetching()
    this.#stopWatching()
    this.#core.off('append', this.#onappend)
    this.#listeners.clear()
  }

  #stopFetching(): void {
    this.#fetching?.destroy()
    Hypercore.clearRequests(this.#named, new Error('The place was left.'))
    this.#named = []
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}

function newestOf(peers: readonly HypercorePeer[]): number {
  let newest = -1
  for (const peer of peers) {
    const place = newestIn(peer.remoteBitfield, peer.remoteContiguousLength, peer.remoteLength)
    if (place > newest) newest = place
  }
  return newest
}

/** The newest block of a bitfield below `length`; the first `contiguous` ones may not be set in it. */
function newestIn(
  bitfield: { findLast(value: boolean, position: number): number },
  contiguous: number,
  length: number,
) {
  if (length === 0) return -1
  return Math.min(length, Math.max(contiguous, bitfield.findLast(true, length - 1) + 1)) - 1
}
