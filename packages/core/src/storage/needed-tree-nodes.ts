/**
 * Which nodes of a hypercore's Merkle tree are still needed once its first blocks are deleted. Nodes are numbered as in flat-tree: a
 * subtree of `span` blocks (a power of two) from block `start` on is node `2 * start + span - 1`.
 */

/**
 * The nodes below `2 * cutoff` that prove the blocks from `cutoff` on and those of `islands`, ascending; a few for each doubling of
 * the length.
 *
 * @param cutoff blocks below it are deleted
 * @param islands blocks below it that are kept all the same
 */
export function neededTreeNodes(cutoff: number, islands: readonly number[]): number[] {
  const needed = new Set(rootsOf(cutoff))
  // Subtrees that hold deleted blocks and others.
  for (let span = 2; span <= 2 * cutoff; span *= 2) {
    const start = cutoff - (cutoff % span)
    if (start < cutoff) needed.add(2 * start + span - 1)
  }
  for (const island of islands) for (const node of wayUp(island, cutoff)) needed.add(node)
  return [...needed].filter((node) => node < 2 * cutoff).sort((a, b) => a - b)
}

/**
 * A length is a landmark where it is a multiple of this: what joins it to every later length is kept for ever, one node for each
 * 128 blocks, so that whoever stored some of a channel can go on with it however much later.
 */
const landmarkBlocks = 256

/** The last landmark up to a length. */
export function landmarkBefore(length: number): number {
  return length - (length % landmarkBlocks)
}

/** Whether a node is one of those that join landmarks to later lengths: it is over so many blocks, or more. */
export function joinsLandmarks(node: number): boolean {
  return (node + 1) % landmarkBlocks === 0
}

/** All nodes that join landmarks, from one on and below another. */
export function landmarkNodes(start: number, end: number): number[] {
  const nodes: number[] = []
  for (let node = start + landmarkBlocks - 1 - (start % landmarkBlocks); node < end; node += landmarkBlocks)
    nodes.push(node)
  return nodes
}

/** Each subtree that a block is in and the one beside it, as far as a tree of `length` blocks goes: what a proof of the block is made of. */
function wayUp(blockNumber: number, length: number): number[] {
  const nodes: number[] = []
  for (let span = 1; span <= 2 * length; span *= 2) {
    const start = blockNumber - (blockNumber % span)
    const isLeft = start % (2 * span) === 0
    nodes.push(2 * start + span - 1, 2 * (isLeft ? start + span : start - span) + span - 1)
  }
  return nodes
}

/** The roots of the first `length` blocks: with them and the blocks after them every later root can be made. */
export function rootsOf(length: number): number[] {
  const roots: number[] = []
  let span = 1
  while (span * 2 <= length) span *= 2
  for (let start = 0; start < length; span /= 2) {
    if (start + span > length) continue
    roots.push(2 * start + span - 1)
    start += span
  }
  return roots
}
