/**
 * What this project makes of hypercore's replication: who is given blocks and how fast, who is asked for them, what peers are
 * told, and what ends it. Each part wraps methods of every peer, or of the core: the last one made is asked first.
 */
import type Hypercore from 'hypercore'
import type { HypercorePeer } from 'hypercore'
import type { HypervisionError } from '../contracts/index.ts'
import { formatLink } from '../link/link.ts'
import { storageError } from '../storage/storage-error.ts'
import { systemClock } from '../swarm/clock.ts'
import type { UploadBudget } from '../swarm/upload-budget.ts'
import { GivenBlocks } from './given-blocks.ts'
import { KeptBlocks } from './kept-blocks.ts'
import { askLongerPeers } from './longer-peers.ts'
import { answerLongAbsence, LongAbsence, outdated } from './outdated-storage.ts'
import { passOverOutgrownProofs } from './outgrown-proofs.ts'
import { PacedReplication } from './paced-replication.ts'
import { QuietReplication } from './quiet-replication.ts'
import { SilentPeers } from './silent-peers.ts'
import { SpareSource } from './spare-source.ts'
import { UploadGate } from './upload-gate.ts'
import { watchWrites } from './watch-writes.ts'

/** What {@link ChannelReplication} goes by. */
export interface ChannelReplicationOptions {
  /** Folder or database, for messages; undefined for memory. */
  readonly storage: string | undefined
  /** Whether the channel is written here. */
  readonly isWriter: boolean
  /** Whether blocks are given to peers; can be changed later. */
  readonly isUploading: boolean
  readonly budget: UploadBudget
  /** Whether a peer is the broadcaster. */
  isSource(peer: HypercorePeer): boolean
  /** Whether a peer's log has at least a length, by what the live overlay knows of it. */
  isAsLong(peer: HypercorePeer, length: number): boolean
  /** Whether the peer on a stream takes part in the live overlay. */
  isLive(stream: object): boolean
  /** What the node cannot go on after. */
  onfailure(error: HypervisionError): void
}

/** Replication of one core with all of its peers. */
export class ChannelReplication {
  /** What is kept here, and what the broadcaster has deleted. */
  readonly kept: KeptBlocks
  /** What was given. */
  readonly given: GivenBlocks
  readonly #silentPeers: SilentPeers
  readonly #spareSource: SpareSource
  readonly #quiet: QuietReplication
  readonly #gate: UploadGate
  /** Null where there is no limit. */
  readonly #pace: PacedReplication | null
  /** Null where the channel is written. */
  readonly #absence: LongAbsence | null

  constructor(core: Hypercore, options: ChannelReplicationOptions) {
    const { storage, isWriter, isUploading, budget, isSource, isAsLong, isLive, onfailure } = options
    askLongerPeers(core, isAsLong)
    const silentPeers = new SilentPeers(core, systemClock, () => this.#absence?.check())
    this.#silentPeers = silentPeers
    const isSilent = (peer: HypercorePeer): boolean => silentPeers.isSilent(peer)
    this.#spareSource = new SpareSource(core, { isSource, isSilent })
    this.#quiet = new QuietReplication(core, isLive)
    this.#gate = new UploadGate(core, isUploading)
    this.kept = new KeptBlocks(core, { isOpen: () => this.#gate.isOpen, isSource })
    this.#pace = Number.isFinite(budget.bytesPerSecond) ? new PacedReplication(core, budget, systemClock) : null
    this.given = new GivenBlocks(core, systemClock.now)
    passOverOutgrownProofs(core)
    answerLongAbsence(core)
    const onoutdated = (): void => onfailure(outdated(formatLink(core.key), storage))
    this.#absence = isWriter
      ? null
      : new LongAbsence(core, {
          isSource,
          isSilent,
          onoutdated,
          onfailure: (error) => onfailure(storageError(error, storage)),
        })
    watchWrites(core, storage, onfailure)
  }

  /** Whether blocks are given to peers, who are told of them when that begins. */
  get isUploading(): boolean {
    return this.#gate.isOpen
  }

  set isUploading(isUploading: boolean) {
    this.#gate.isOpen = isUploading
    this.kept.tell()
  }

  /** Tells, holds and watches nothing any more; the core stays open. */
  close(): void {
    this.#absence?.close()
    this.#silentPeers.close()
    this.#quiet.close()
    this.#spareSource.close()
    this.#pace?.close()
  }
}
