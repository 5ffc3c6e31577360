/**
 * Blocks that prove themselves, on a hypercore: what a writer knows in the turn of its append is all that it takes to
 * check the block anywhere else. Internals of hypercore 11.37, held by hypercore-internals.test.ts.
 */
import b4a from 'b4a'
import type Hypercore from 'hypercore'
import type { HypercoreInternals, HypercoreVerifier } from 'hypercore'
import { MerkleTree } from 'hypercore/lib/merkle-tree.js'
import { inflate } from 'hypercore/lib/multisig.js'
import { data, parent, type TreeNode } from 'hypercore-crypto'
import type { LiveBlock } from '../swarm/live/live-types.ts'

/** Appends a block and gives it with its proof. One at a time: the proof is read off the tree before and after. */
export async function appendWithProof(core: Hypercore, value: Uint8Array): Promise<LiveBlock> {
  const index = core.length
  const peaks = [...core.core.state.roots]
  await core.append(value)
  const { length, signature } = core.core.state
  if (length !== index + 1 || signature === null) throw new Error('two appends at once')
  return { index, peaks, signature, value }
}

/** Whether the proof of a block holds: its hash and the peaks give the roots that are signed. Never throws. */
export function isProved({ state, verifier }: HypercoreInternals, block: LiveBlock): boolean {
  if (verifier === null) return false
  try {
    const upgrade = {
      start: 0,
      length: block.index + 1,
      nodes: rootsAfter(block),
      additionalNodes: [],
      signature: block.signature,
    } as const
    const batch = MerkleTree.verifyFullyRemote(state, {
      fork: state.fork,
      block: null,
      hash: null,
      seek: null,
      upgrade,
    })
    return verifier.verify(batch, block.signature) && isCanonical(verifier, block.signature)
  } catch {
    return false
  }
}

/**
 * Whether a signature that holds is encoded as its signers have encoded it. hypercore passes over some of its bytes, and over all behind
 * those that it needs: relays could change them, and each of their versions would be stored and passed on as the block.
 */
function isCanonical(verifier: HypercoreVerifier, signature: Uint8Array): boolean {
  // The first version is the bare signature; patches are a part of what is proved.
  if (verifier.version === 0 || verifier.allowPatch) return true
  const { proofs } = inflate(signature)
  const inputs = proofs.map((proof) => ({ ...proof, patch: 0, nodes: null }))
  return proofs.length === verifier.quorum && b4a.equals(verifier.assemble(inputs), signature)
}

/** The proof by which a core that has every root before a block takes it in. */
export function proofOfNext({ index, value, signature }: LiveBlock, fork: number): object {
  return {
    fork,
    block: { index, value, nodes: [] },
    hash: null,
    seek: null,
    upgrade: { start: index, length: 1, nodes: [], additionalNodes: [], signature },
    manifest: null,
  }
}

/** The proof by which a core that has nothing yet begins at a block. */
export function proofOfFirst(block: LiveBlock, fork: number): object {
  const { index, value, signature } = block
  const { siblings, others } = climb(block)
  return {
    fork,
    block: { index, value, nodes: siblings },
    hash: null,
    seek: null,
    upgrade: { start: 0, length: index + 1, nodes: others, additionalNodes: [], signature },
    manifest: null,
  }
}

/** Roots of the tree once the block is in it. */
function rootsAfter(block: LiveBlock): TreeNode[] {
  const { root, others } = climb(block)
  return [...others, root]
}

/** From the leaf of a block up to its root: it takes in each peak that is its left sibling, and leaves the others. */
function climb({ index, peaks, value }: LiveBlock): { root: TreeNode; siblings: TreeNode[]; others: TreeNode[] } {
  const others = [...peaks]
  const siblings: TreeNode[] = []
  let root: TreeNode = { index: 2 * index, size: value.byteLength, hash: data(value) }
  for (let span = 2; ; span *= 2) {
    const left = others.at(-1)
    // Numbered as in flat-tree: two siblings lie `span` apart, with their parent between them.
    if (left === undefined || left.index !== root.index - span) return { root, siblings, others }
    others.pop()
    siblings.push(left)
    root = { index: root.index - span / 2, size: left.size + root.size, hash: parent(left, root) }
  }
}
