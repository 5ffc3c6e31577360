/** What the feed needs of an append-only log that peers replicate. The storage folder implements it on hypercore. */

/** A log to read from, part of which may be with other peers only. */
export interface FeedLog {
  /** Verified length: every block below it can be had, here or from a peer that has it. */
  readonly length: number
  /** The greatest length that this node or a connected peer says to have. */
  readonly remoteLength: number
  /** How many connected peers say to have a block, or later ones. */
  peersWith(blockNumber: number): number
  /** Highest block that is here or that a connected peer says to have; -1 where there is none. */
  newestAvailable(): number
  /** Lowest block from `start` on that is here or that a connected peer says to have; -1 where there is none. */
  availableFrom(start: number): number
  /** Whether the broadcaster says that it has deleted a block: nobody who lacks it is about to get it. */
  isDeleted(blockNumber: number): boolean
  /**
   * The block's bytes, verified, from here or from a peer; waits for one that has it. Asking for a block past `length`
   * fetches the block and the proof of the new length in one round trip.
   */
  get(blockNumber: number, signal: AbortSignal): Promise<Uint8Array>
  /** Takes the peers that said to have this block, and did not deliver it, for the last choice from now on. */
  distrust(blockNumber: number): void
  /**
   * Fetches the blocks from `start` on in the background and keeps fetching as the log grows. It replaces the range
   * that was asked for before.
   */
  fetchFrom(start: number): void
  /** Tells of each change of a length or of what peers have. Returns how to stop listening. */
  onchange(listener: () => void): () => void
}

/** A log whose bytes can be counted: where each block stands among all of them. */
export interface MeasuredLog extends FeedLog {
  /** Bytes of all blocks before this one, which has to have been read. */
  byteOffset(blockNumber: number): Promise<number>
  /** The block that a byte is in. */
  blockAt(byteOffset: number, signal: AbortSignal): Promise<number>
}

/** A log that this node writes. */
export interface AppendLog {
  readonly length: number
  /** The block's bytes, which are here. */
  read(blockNumber: number): Promise<Uint8Array>
  /** Stores one block; when it resolves the block survives the death of the process. */
  append(block: Uint8Array): Promise<void>
}
