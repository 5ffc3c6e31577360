/** Where a block begins among all bytes of a core, by its tree: about as many reads as the number of blocks has binary digits. */

import type { HypercoreTreeState } from 'hypercore'
import { MerkleTree } from 'hypercore/lib/merkle-tree.js'

/**
 * Sums up what lies before a block. hypercore's own `MerkleTree.byteOffset` answers NaN for blocks behind the first root (11.37).
 *
 * @param blockNumber up to the length, which gives the bytes of all blocks
 * @throws Error where a node of the tree is not here: those beside the way to a block come with the block
 */
export async function byteOffsetOf(state: HypercoreTreeState, blockNumber: number): Promise<number> {
  let offset = 0
  let first = 0
  for (const root of state.roots) {
    // A root over n blocks from `first` on is node 2 × first + n - 1.
    const span = root.index - 2 * first + 1
    if (blockNumber < first + span) return offset + (await offsetBelow(state, first, span, blockNumber))
    offset += root.size
    first += span
  }
  return offset
}

/** Bytes before a block below a node over `span` blocks, a power of two. */
async function offsetBelow(
  state: HypercoreTreeState,
  first: number,
  span: number,
  blockNumber: number,
): Promise<number> {
  const lefts: Promise<number>[] = []
  for (let at = first, half = span / 2; half >= 1; half /= 2) {
    if (blockNumber < at + half) continue
    lefts.push(sizeOf(state, 2 * at + half - 1))
    at += half
  }
  return (await Promise.all(lefts)).reduce((sum, size) => sum + size, 0)
}

async function sizeOf(state: HypercoreTreeState, index: number): Promise<number> {
  const node = await MerkleTree.get(state, index)
  if (node === null) throw new Error(`node ${index} of the tree is not here`)
  return node.size
}
