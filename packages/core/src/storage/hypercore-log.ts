/**
 * The feed's log on a hypercore.
 *
 * Reading: which blocks peers have is known from what they announce, before anything was fetched; asking for their
 * newest block brings the block and the proof of the length in one round trip. While the live overlay brings the newest
 * blocks, none past the length is asked for by replication: it would come twice.
 */
import Hypercore, { type HypercorePeer } from 'hypercore'
import type { AppendLog, MeasuredLog } from '../feed/feed-log.ts'
import type { LiveBlock } from '../swarm/live/live-types.ts'
import { appendWithProof } from './block-proof.ts'
import { byteOffsetOf } from './byte-offset.ts'
import { watchRemoteChanges } from './remote-changes.ts'
import { storageError } from './storage-error.ts'

/** Blocks that are asked for by name at a new place: more than lie between two keyframes as a rule. */
const namedBlocks = 100
/** How long a peer has for the block that is asked for to catch up, ms. */
const catchUpMs = 5000
/** How long peers have for a block that the broadcaster needs of its own past, ms. */
const readMs = 3000

/** Reads and writes one hypercore; does not own it. */
export class HypercoreLog implements MeasuredLog, AppendLog {
  readonly #core: Hypercore
  readonly #storage: string | undefined
  readonly #listeners = new Set<() => void>()
  readonly #stopWatching: () => void
  readonly #onappend = (): void => this.#onlength()
  /** Peers that did not deliver what they said to have. */
  #distrusted = new WeakSet<HypercorePeer>()
  #fetching: { destroy(): void } | null = null
  /** Where fetching in the background began; null before it did. */
  #fetchStart: number | null = null
  /** Whether it goes on for ever, as the log grows. */
  #isFetchOpen = false
  #readAhead = Number.POSITIVE_INFINITY
  #catchingUp: { destroy(): void } | null = null
  #isPushed = false
  #isAwaited = false
  #onproved: (block: LiveBlock) => void = () => {}
  #isDeleted: (blockNumber: number) => boolean = () => false
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
    if (this.#isBeginning) return local
    const peers = this.#core.peers
    const trusted = peers.filter((peer) => !this.#distrusted.has(peer))
    const newest = newestOf(trusted)
    if (newest >= 0 || trusted.length === peers.length) return Math.max(local, newest)
    // Nobody else has anything: a slow peer is better than none.
    this.#distrusted = new WeakSet()
    return Math.max(local, newestOf(peers))
  }

  availableFrom(start: number): number {
    const core = this.#core
    const places = core.peers.map((peer) => firstIn(peer.remoteBitfield, peer.remoteContiguousLength, start))
    places.push(firstIn(core.core.bitfield, core.contiguousLength, start))
    const known = places.filter((place) => place >= 0)
    return known.length === 0 ? -1 : Math.min(...known)
  }

  isDeleted(blockNumber: number): boolean {
    return this.#isDeleted(blockNumber)
  }

  async byteOffset(blockNumber: number): Promise<number> {
    try {
      return await byteOffsetOf(this.#core.core.state, blockNumber)
    } catch (error) {
      throw storageError(error, this.#storage)
    }
  }

  async blockAt(byteOffset: number, signal: AbortSignal): Promise<number> {
    const found = await this.#request(signal, (activeRequests) => this.#core.seek(byteOffset, { activeRequests }))
    if (found === null) throw new RangeError(`There is no byte ${byteOffset} in the channel.`)
    return found[0]
  }

  distrust(blockNumber: number): void {
    for (const peer of this.#core.peers) if (newestOf([peer]) >= blockNumber) this.#distrusted.add(peer)
  }

  /** Hears of each block that is appended here, with its proof. */
  set onproved(listener: (block: LiveBlock) => void) {
    this.#onproved = listener
  }

  /** How many blocks are fetched ahead of what is read. */
  set readAhead(blocks: number) {
    this.#readAhead = blocks
  }

  /** Knows what the broadcaster has deleted. */
  set deletions(kept: { isDeleted(blockNumber: number): boolean }) {
    this.#isDeleted = (blockNumber) => kept.isDeleted(blockNumber)
  }

  /** Whether the first block of all comes by itself: nothing is asked for before it is here. */
  set isAwaited(isAwaited: boolean) {
    if (isAwaited === this.#isAwaited) return
    this.#isAwaited = isAwaited
    this.#fetch()
    this.#changed()
  }

  /** Whether blocks past the length come by themselves. */
  set isPushed(isPushed: boolean) {
    if (isPushed === this.#isPushed) return
    this.#isPushed = isPushed
    this.#fetch()
    this.#changed()
  }

  async get(blockNumber: number, signal: AbortSignal): Promise<Uint8Array> {
    this.#slide(blockNumber)
    if (this.#willCome(blockNumber)) await this.#untilHere(blockNumber, signal)
    return this.#request(signal, async (activeRequests) => {
      const block = await this.#core.get(blockNumber, { activeRequests })
      if (block === null) throw new Error(`block ${blockNumber} is not here and was not waited for`)
      return block
    })
  }

  /** Asks the core, and peers where need be, until the signal aborts. */
  async #request<Answer>(signal: AbortSignal, ask: (activeRequests: unknown[]) => Promise<Answer>): Promise<Answer> {
    signal.throwIfAborted()
    const activeRequests: unknown[] = []
    // Also what the core has not put on the list yet, as it reads its storage first.
    const onabort = (): void => Hypercore.destroyRequests(activeRequests, signal.reason)
    signal.addEventListener('abort', onabort)
    try {
      const answer = await ask(activeRequests)
      signal.throwIfAborted()
      return answer
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
    this.#fetchStart = start
    this.#fetch()
  }

  /** Fetches what lies between here and the newest block by replication, although newer blocks are pushed. */
  catchUp(): void {
    if (this.#catchingUp !== null || this.#lengthAtClose !== null) return
    void this.#catchUp()
  }

  onchange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** From a peer where it is not here: a broadcaster may have lost its storage. */
  async read(blockNumber: number): Promise<Uint8Array> {
    const block = await this.#core.get(blockNumber, { timeout: readMs }).catch((error: unknown) => {
      throw storageError(error, this.#storage)
    })
    if (block === null) throw storageError(new Error(`block ${blockNumber} is missing`), this.#storage)
    return block
  }

  async append(block: Uint8Array): Promise<void> {
    try {
      this.#onproved(await appendWithProof(this.#core, block))
    } catch (error) {
      throw storageError(error, this.#storage)
    }
  }

  peersWith(blockNumber: number, peers: readonly HypercorePeer[] = this.#core.peers): number {
    return peers.filter((peer) => newestOf([peer]) >= blockNumber).length
  }

  /** Stops watching and fetching; the core stays open. The length is remembered. */
  close(): void {
    this.#lengthAtClose ??= this.#core.length
    this.#stopFetching()
    this.#catchingUp?.destroy()
    this.#stopWatching()
    this.#core.off('append', this.#onappend)
    this.#listeners.clear()
  }

  async #catchUp(): Promise<void> {
    // What came next may be deleted by now.
    const start = Math.max(this.#core.length, this.availableFrom(this.#core.length))
    this.#catchingUp = { destroy() {} }
    try {
      // Brings the proof of the new length with it.
      await this.#core.get(start, { timeout: catchUpMs })
      const range = this.#core.download({ start, end: this.#core.length, linear: true })
      this.#catchingUp = range
      if (this.#lengthAtClose !== null) range.destroy()
      await range.done()
    } catch {
      // Nobody had it: whoever misses it asks again.
    } finally {
      this.#catchingUp = null
    }
  }

  /** Fetches from where it was told to: to the end, or for ever where nothing is pushed. */
  #fetch(): void {
    const start = this.#fetchStart
    if (start === null || this.#lengthAtClose !== null) return
    this.#fetching?.destroy()
    this.#isFetchOpen = !this.#isBeginning && (!this.#isPushed || this.#core.length === 0)
    const end = Math.min(this.#isFetchOpen ? Number.POSITIVE_INFINITY : this.#core.length, start + this.#readAhead)
    const range = { start, end: Number.isFinite(end) ? end : -1, linear: true }
    this.#fetching = start < end ? this.#core.download(range) : null
    // From here on a new length is asked for as soon as a peer tells of it.
    this.#core.replicator.eagerUpgrade = this.#isFetchOpen
  }

  /** Fetches further ahead once half of what was fetched is read. */
  #slide(blockNumber: number): void {
    const start = this.#fetchStart
    if (start === null || blockNumber < start + this.#readAhead / 2 || blockNumber >= start + this.#readAhead) return
    this.#fetchStart = blockNumber
    this.#fetch()
  }

  /** Whether there is nothing yet, and what comes first comes by itself. */
  get #isBeginning(): boolean {
    return this.#isAwaited && this.#core.length === 0
  }

  /** Whether a block is left to come by itself. */
  #willCome(blockNumber: number): boolean {
    return this.#isPushed && this.#core.length > 0 && blockNumber >= this.#core.length
  }

  #untilHere(blockNumber: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (this.#willCome(blockNumber) && !signal.aborted) return
        stop()
        signal.removeEventListener('abort', check)
        resolve()
      }
      const stop = this.onchange(check)
      signal.addEventListener('abort', check)
      check()
    })
  }

  #onlength(): void {
    // The first length has come: all that is newer is pushed.
    if (this.#isPushed && this.#isFetchOpen) this.#fetch()
    this.#changed()
  }

  #stopFetching(): void {
    this.#fetching?.destroy()
    this.#fetching = null
    this.#fetchStart = null
    Hypercore.destroyRequests(this.#named, new Error('The place was left.'))
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

/** The first block of a bitfield from `start` on; the first `contiguous` ones may not be set in it. */
function firstIn(
  bitfield: { findFirst(value: boolean, position: number): number },
  contiguous: number,
  start: number,
): number {
  return start < contiguous ? start : bitfield.findFirst(true, start)
}
