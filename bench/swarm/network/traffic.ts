/** Bytes as they are counted on the wire. */

/** A count so far. */
export interface TrafficCount {
  /** Everything that connections carry: blocks, protocols, encryption. */
  readonly bytes: number
  /** Blocks of the stream. */
  readonly blocks: number
}

/**
 * Counts bytes, and the blocks among them. What travels is encrypted, so a block is told by its size: all blocks of the
 * emulated stream are of one size, and whatever else a node sends at once is smaller.
 */
export class Traffic implements TrafficCount {
  bytes = 0
  blocks = 0
  readonly #blockBytes: number

  constructor(blockBytes: number) {
    this.#blockBytes = blockBytes
  }

  /** @param bytes of one write */
  add(bytes: number): void {
    this.bytes += bytes
    this.blocks += Math.floor(bytes / this.#blockBytes)
  }

  /** As it is now. */
  copy(): TrafficCount {
    return { bytes: this.bytes, blocks: this.blocks }
  }
}
