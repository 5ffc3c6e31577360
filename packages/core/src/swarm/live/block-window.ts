/** The newest blocks with their proofs: what a node can push, repair others with, and has not applied yet. */
import { type Have, haveBits, type LiveBlock } from './live-types.ts'

/** Blocks that are kept for others: over six seconds at 100 ms each, which is longer than any repair takes. */
export const maxWindowBlocks = 64
/** Blocks past the length that may wait for it: what can come faster than it is stored. */
const maxWaitingBlocks = 512
/** Bytes that are kept for others; of large blocks there are fewer. Twice as many with those that wait. */
const maxWindowBytes = 24 * 1024 * 1024

/** Blocks by their place in the feed; the oldest of those that are stored make room for new ones. */
export class BlockWindow {
  readonly #blocks = new Map<number, LiveBlock>()
  #bytes = 0
  #head = 0

  /** One past the newest block that was ever here. */
  get head(): number {
    return this.#head
  }

  get(index: number): LiveBlock | undefined {
    return this.#blocks.get(index)
  }

  has(index: number): boolean {
    return this.#blocks.has(index)
  }

  /** Blocks of a stripe from `from` on, the oldest first. */
  *ofStripe(stripe: number, stripes: number, from: number): Generator<LiveBlock> {
    for (let index = Math.max(from, this.#head - maxWindowBlocks); index < this.#head; index++) {
      const block = index % stripes === stripe ? this.#blocks.get(index) : undefined
      if (block !== undefined) yield block
    }
  }

  /**
   * Takes a block in, unless more wait than may.
   *
   * @param length what is stored: blocks below it may be forgotten
   */
  add(block: LiveBlock, length: number): boolean {
    if (this.#blocks.has(block.index)) return true
    // The next one is what the others wait for: there is always room for it.
    const isFull = block.index > length && this.#bytes + block.value.byteLength > 2 * maxWindowBytes
    if (block.index >= length + maxWaitingBlocks || isFull) return false
    this.#blocks.set(block.index, block)
    this.#bytes += block.value.byteLength
    this.#head = Math.max(this.#head, block.index + 1)
    this.#trim(length)
    return true
  }

  /** What this node can give, as it tells it. */
  have(length: number): Have {
    let first = length
    while (this.#blocks.has(first - 1)) first--
    const bits: [number, number] = [0, 0]
    for (let place = 0; place < haveBits; place++) {
      if (this.#blocks.has(length + place)) bits[place < 32 ? 0 : 1] |= 1 << (place % 32)
    }
    return { first, next: length, bits: [bits[0] >>> 0, bits[1] >>> 0] }
  }

  #trim(length: number): void {
    while (this.#blocks.size > maxWindowBlocks || this.#bytes > maxWindowBytes) {
      const oldest = Math.min(...this.#blocks.keys())
      if (oldest >= length) return
      this.#bytes -= this.#blocks.get(oldest)?.value.byteLength ?? 0
      this.#blocks.delete(oldest)
    }
  }
}
