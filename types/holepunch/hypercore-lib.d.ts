// Files of hypercore 11.37 that are no part of its interface: each is held by contract tests.
declare module 'hypercore/lib/merkle-tree.js' {
  import type { HypercoreLengthProof, HypercoreTreeState, HypercoreUpgradeProof } from 'hypercore'
  import type { TreeNode } from 'hypercore-crypto'

  /** A change of the tree, as it is now. */
  export class MerkleTreeBatch {
    constructor(state: HypercoreTreeState)
    roots: TreeNode[]
    length: number
    byteLength: number
    /** What lies from here on is replaced. */
    ancestors: number
    /** Lets the tree grow as a proof says; throws where that does not start at its length. */
    verifyUpgrade(proof: HypercoreLengthProof): boolean
  }

  export class MerkleTree {
    /** A node of the tree; null where it is not here. */
    static get(state: HypercoreTreeState, index: number): Promise<TreeNode | null>
    /** Roots of the tree as it was at a length. Rejects where some of them are not stored. */
    static getRoots(state: HypercoreTreeState, length: number): Promise<TreeNode[]>
    /** The tree that a proof of the whole length describes, to be checked against a signature. Throws where it describes none. */
    static verifyFullyRemote(
      state: HypercoreTreeState,
      proof: HypercoreUpgradeProof,
    ): { readonly fork: number; readonly length: number; hash(): Uint8Array }
  }
}

declare module 'hypercore/lib/multisig.js' {
  /** Decodes the signatures of a manifest from version 1 on; throws where they are none. */
  export function inflate(signature: Uint8Array): {
    readonly proofs: readonly { readonly signer: number; readonly signature: Uint8Array; readonly patch: number }[]
  }
}

declare module 'hypercore/lib/caps.js' {
  /** What is signed of a tree. */
  export function treeSignable(manifestHash: Uint8Array, hash: Uint8Array, length: number, fork: number): Uint8Array
  /** The same, as version 10 did. */
  export function treeSignableCompat(hash: Uint8Array, length: number, fork: number, isLegacy: boolean): Uint8Array
}

declare module 'hypercore/lib/verifier.js' {
  import type { HypercoreManifest } from 'hypercore'

  export default class Verifier {
    /** That of hypercore's own choice for one signer. */
    static defaultSignerManifest(publicKey: Uint8Array): HypercoreManifest
    static encodeManifest(manifest: HypercoreManifest): Uint8Array
    /** Throws where the bytes are no manifest. */
    static decodeManifest(bytes: Uint8Array): HypercoreManifest
    static isValidManifest(key: Uint8Array, manifest: HypercoreManifest): boolean
    static isCompat(key: Uint8Array, manifest: HypercoreManifest): boolean
  }
}
