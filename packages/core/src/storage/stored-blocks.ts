/** The blocks of a hypercore that are stored here: what there is, how large it is, and how to delete it with all that belongs to it. */
import type Hypercore from 'hypercore'
import type { StoredLog } from '../feed/cutoff.ts'
import { rootsOf } from './needed-tree-nodes.ts'
import { TreePruner } from './tree-pruner.ts'

/**
 * Blocks before the oldest one kept whose proofs are kept: a peer that was away goes on from any length among them, and beyond that from
 * the last landmark that it has.
 */
const provedBlocks = { folder: 2 ** 18, memory: 2 ** 13 }

/** Deletes what is no longer kept. */
export class StoredBlocks implements StoredLog {
  readonly #core: Hypercore
  readonly #pruner: TreePruner
  readonly #provedBlocks: number

  /** @param kind memory holds fewer proofs */
  constructor(core: Hypercore, kind: 'folder' | 'memory') {
    this.#core = core
    this.#pruner = new TreePruner(core)
    leaveTree(core)
    this.#provedBlocks = provedBlocks[kind]
  }

  get length(): number {
    return this.#core.length
  }

  storedFrom(start: number): number {
    return this.#core.core.bitfield.findFirst(true, start)
  }

  newestStored(): number {
    const { length } = this.#core
    return length === 0 ? -1 : this.#core.core.bitfield.findLast(true, length - 1)
  }

  async read(blockNumber: number): Promise<Uint8Array> {
    const block = await this.#core.get(blockNumber, { wait: false })
    if (block === null) throw new Error(`block ${blockNumber} was deleted meanwhile`)
    return block
  }

  async bytesFrom(start: number): Promise<number | null> {
    const { state } = this.#core.core
    const total = state.byteLength
    const reading = state.storage.read()
    const nodes = rootsOf(start).map((node) => reading.getTreeNode(node))
    reading.tryFlush()
    let before = 0
    for (const node of await Promise.all(nodes)) {
      if (node === null) return null
      before += node.size
    }
    return total - before
  }

  /**
   * Deletes the blocks below `cutoff`.
   *
   * @param spared stretches that are kept all the same, each with its end excluded
   * @returns how many were deleted
   */
  async deleteBelow(cutoff: number, spared: readonly (readonly [start: number, end: number])[]): Promise<number> {
    let deleted = 0
    const { bitfield } = this.#core.core
    for (let start = this.storedFrom(0); start >= 0 && start < cutoff; start = this.storedFrom(start)) {
      const keeper = spared.find(([from, to]) => from <= start && start < to)
      if (keeper !== undefined) {
        start = keeper[1]
        continue
      }
      const next = Math.min(...spared.map(([from]) => from).filter((from) => from > start), cutoff)
      const end = Math.min(next, bitfield.findFirst(false, start))
      await this.#core.clear(start, end)
      deleted += end - start
    }
    return deleted
  }

  /** Deletes proofs of what was deleted long ago. */
  async prune(cutoff: number, islands: readonly number[]): Promise<void> {
    await this.#pruner.ready()
    // An answer that is on its way was asked for by the tree as it is: without the nodes that it builds on it would look forged.
    if (this.#core.peers.some((peer) => peer.inflight > 0)) return
    const proved = Math.max(0, cutoff - this.#provedBlocks)
    if (proved > 0)
      await this.#pruner.prune(
        proved,
        islands.filter((island) => island < proved),
      )
  }
}

/**
 * Has `clear()` leave the Merkle tree to the pruner. On the way up from where it starts it deletes nodes, and takes every subtree to the left for one
 * that holds nothing: an init block that is kept there could never be proved again, and a peer that asks for it loses its connection.
 */
function leaveTree({ core }: Hypercore): void {
  const { state } = core
  const { createWriteBatch } = state
  state.createWriteBatch = () => {
    const batch = createWriteBatch.call(state)
    batch.deleteTreeNode = () => {}
    return batch
  }
}
