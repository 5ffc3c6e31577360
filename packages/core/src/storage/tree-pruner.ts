/**
 * Deletes nodes of the Merkle tree that belong to deleted blocks. hypercore's own `clear()` leaves them, but where windows are narrow:
 * two nodes a block, for ever. One of a hundred and thirty stays: see `landmarkNodes`. Internals of hypercore 11.37, held by tree-pruner.test.ts.
 */
import b4a from 'b4a'
import c from 'compact-encoding'
import type Hypercore from 'hypercore'
import { joinsLandmarks, landmarkNodes, neededTreeNodes } from './needed-tree-nodes.ts'

/** Name of the entry in hypercore's user data that says how far the tree is pruned: the cutoff, then the islands. */
const entry = 'hypervision/pruned'
const entryEncoding = c.array(c.uint)

/** Keeps the tree of one hypercore small. */
export class TreePruner {
  readonly #core: Hypercore
  /** Nodes below `2 * #cutoff` are deleted, but for landmarks and `#needed`. */
  #cutoff = 0
  #needed: readonly number[] = []
  #reading: Promise<void> | null = null

  constructor(core: Hypercore) {
    this.#core = core
  }

  /** Resolves once it is known how far the tree was pruned before. */
  ready(): Promise<void> {
    this.#reading ??= this.#read()
    return this.#reading
  }

  /**
   * Deletes the nodes that nothing needs which is kept.
   *
   * @param cutoff blocks below it are deleted; where it is lower than before, everything below it is gone through again
   * @param islands blocks below it that are kept all the same
   */
  async prune(cutoff: number, islands: readonly number[]): Promise<void> {
    await this.ready()
    const from = cutoff < this.#cutoff ? 0 : this.#cutoff
    const needed = neededTreeNodes(cutoff, islands)
    const isNeeded = new Set(needed)
    const batch = this.#core.core.state.storage.write()
    let start = 2 * from
    for (const node of [...needed, ...landmarkNodes(start, 2 * cutoff)].sort((a, b) => a - b)) {
      if (node < start) continue
      if (node > start) batch.deleteTreeNodeRange(start, node)
      start = node + 1
    }
    if (start < 2 * cutoff) batch.deleteTreeNodeRange(start, 2 * cutoff)
    for (const node of this.#needed) {
      if (node < 2 * from && !isNeeded.has(node) && !joinsLandmarks(node)) batch.deleteTreeNode(node)
    }
    batch.putUserData(entry, c.encode(entryEncoding, [cutoff, ...islands]))
    await batch.flush()
    this.#cutoff = cutoff
    this.#needed = needed
  }

  async #read(): Promise<void> {
    const stored = await this.#core.getUserData(entry)
    if (stored === null) return
    const [cutoff = 0, ...islands] = c.decode(entryEncoding, b4a.from(stored))
    this.#cutoff = cutoff
    this.#needed = neededTreeNodes(cutoff, islands)
  }
}
