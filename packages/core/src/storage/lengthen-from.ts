/**
 * Goes on from a landmark: the length that peers tell is proved from there where what joins it to ours is deleted. Internals of hypercore 11.37,
 * held by outdated-storage.test.ts.
 */
import type Hypercore from 'hypercore'
import type { HypercoreLengthProof } from 'hypercore'
import { MerkleTreeBatch } from 'hypercore/lib/merkle-tree.js'
import { rootsOf } from './needed-tree-nodes.ts'

/**
 * Takes in a proof that starts at a landmark up to our length. Blocks from there on are deleted: nobody can show any more where in the tree they belong.
 *
 * @returns false where the proof does not hold or leads no further, or the core has grown meanwhile
 * @throws Error where it cannot be stored
 */
export async function lengthenFrom(core: Hypercore, landmark: number, proof: HypercoreLengthProof): Promise<boolean> {
  const { core: internals } = core
  const { state } = internals
  const { length, fork } = state
  if (proof.fork !== fork) return false
  const batch = new MerkleTreeBatch(state)
  batch.roots = state.roots.slice(0, rootsOf(landmark).length)
  batch.byteLength = batch.roots.reduce((sum, { size }) => sum + size, 0)
  batch.length = landmark
  // What lies between here and the old length goes, as if the tree had been cut off and grown anew.
  batch.ancestors = landmark
  try {
    batch.verifyUpgrade(proof)
    // Whoever has a length knows the manifest: one that the peer gives is not looked at.
    internals._verifyBatchUpgrade(batch, null)
  } catch {
    return false
  }
  if (batch.length <= length) return false
  await core.clear(landmark, length)
  return state._verifyBlock(batch, null, null, null)
}
