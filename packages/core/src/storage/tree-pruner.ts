/**
 * Deletes nodes of the Merkle tree that belong to deleted blocks. hypercore's own `clear()` leaves them, but where windows are narrow:
 * two nodes a block, for ever. Internals of hypercore 11.37, held by tree-pruner.test.ts.
 */
import type Hypercore from 'hypercore'
import { neededTreeNodes } from './needed-tree-nodes.ts'

/** Keeps the tree of one hypercore small. */
export class TreePruner {
  readonly #core: Hypercore
  /** Nodes below `2 * #cutoff` are deleted, but for those of `#needed`. */
  #cutoff = 0
  #needed: readonly number[] = []

  constructor(core: Hypercore) {
    this.#core = core
  }

  /**
   * Deletes the nodes that nothing needs which is kept.
   *
   * @param cutoff blocks below it are deleted; where it is lower than before, everything below it is gone through again
   * @param islands blocks below it that are kept all the same
   */
  async prune(cutoff: number, islands: readonly number[]): Promise<void> {
    const from = cutoff < this.#cutoff ? 0 : this.#cutoff
    const needed = neededTreeNodes(cutoff, islands)
    const isNeeded = new Set(needed)
    const batch = this.#core.core.state.storage.write()
    let start = 2 * from
    for (const node of needed) {
      if (node < start) continue
      if (node > start) batch.deleteTreeNodeRange(start, node)
      start = node + 1
    }
    if (start < 2 * cutoff) batch.deleteTreeNodeRange(start, 2 * cutoff)
    for (const node of this.#needed) if (node < 2 * from && !isNeeded.has(node)) batch.deleteTreeNode(node)
    await batch.flush()
    this.#cutoff = cutoff
    this.#needed = needed
  }
}
