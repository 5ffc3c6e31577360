/**
 * What a hypercore is signed as: its length and the hash of its tree. Two signed heads that do not fit are two histories under one key. Internals of
 * hypercore 11.37, held by hypercore-internals.test.ts.
 */
import b4a from 'b4a'
import type Hypercore from 'hypercore'
import type { HypercoreUpgradeProof } from 'hypercore'
import { treeSignable, treeSignableCompat } from 'hypercore/lib/caps.js'
import { MerkleTree } from 'hypercore/lib/merkle-tree.js'
import { tree } from 'hypercore-crypto'
import type { Head } from '../swarm/channel/channel-messages.ts'
import type { HeadLog } from '../swarm/channel/heads.ts'

/** The heads of one core. */
export class CoreHeads implements HeadLog {
  readonly #core: Hypercore

  constructor(core: Hypercore) {
    this.#core = core
  }

  get length(): number {
    return this.#core.length
  }

  /** The newest head; null while there is none. */
  get head(): Head | null {
    const { fork, length, roots, signature } = this.#core.core.state
    return signature === null || length === 0 ? null : { fork, length, hash: tree(roots), signature }
  }

  isSigned({ fork, length, hash, signature }: Head): boolean {
    const { verifier } = this.#core.core
    if (verifier === null) return false
    const signed = {
      fork,
      length,
      hash: () => hash,
      signable: (manifestHash: Uint8Array) => treeSignable(manifestHash, hash, length, fork),
      signableCompat: (isLegacy: boolean) => treeSignableCompat(hash, length, fork, isLegacy),
    }
    try {
      return verifier.verify(signed, signature)
    } catch {
      // Not even the form of a signature.
      return false
    }
  }

  async fits({ fork, length, hash }: Head): Promise<boolean | null> {
    const { state } = this.#core.core
    if (fork !== state.fork) return false
    if (length > state.length) return null
    try {
      const roots = length === state.length ? state.roots : await MerkleTree.getRoots(state, length)
      return b4a.equals(tree(roots), hash)
    } catch {
      // What joined later than that, or has cleared it, does not know.
      return null
    }
  }
}

/**
 * Has two histories told to the node, where hypercore would freeze the core, close it under its owner, and print a line into what may be
 * a stream of media. What is stored stays as it is.
 */
export function watchConflicts(core: Hypercore, heads: CoreHeads, onconflict: (head: Head) => void): void {
  core.core.checkConflict = async (proof) => {
    const { fork, upgrade } = proof
    const signed = signedHead(core, proof)
    // Of a length that is here as well; what is signed goes further as a rule.
    const common = { fork, length: upgrade.length, hash: tree(upgrade.nodes), signature: upgrade.signature }
    if (signed !== null && (await heads.fits(common)) !== false) return false
    if (signed !== null) onconflict(signed)
    // The peer that sent it is asked nothing more.
    return true
  }
}

/** The head that a proof from the first block on proves; null where nobody has signed it. */
function signedHead(core: Hypercore, proof: HypercoreUpgradeProof): Head | null {
  const { state, verifier } = core.core
  const { signature } = proof.upgrade
  try {
    const whole = MerkleTree.verifyFullyRemote(state, proof)
    if (verifier === null || !verifier.verify(whole, signature)) return null
    return { fork: whole.fork, length: whole.length, hash: whole.hash(), signature }
  } catch {
    return null
  }
}
