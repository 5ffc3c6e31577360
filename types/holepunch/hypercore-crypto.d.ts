// What the SDK uses of hypercore-crypto 3.7.
declare module 'hypercore-crypto' {
  /** An Ed25519 key pair: 32-byte public key, 64-byte secret key. */
  export interface KeyPair {
    readonly publicKey: Uint8Array
    readonly secretKey: Uint8Array
  }

  /** A new key pair; the same one for the same `seed` (32 bytes). */
  export function keyPair(seed?: Uint8Array): KeyPair
  export function validateKeyPair(keyPair: KeyPair): boolean
  /** A detached Ed25519 signature, 64 bytes. */
  export function sign(message: Uint8Array, secretKey: Uint8Array): Uint8Array
  /** False, never an error, for a key or a signature of the wrong length. */
  export function verify(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean
  /** BLAKE2b of 32 bytes, over the concatenation where several are given. */
  export function hash(data: Uint8Array | readonly Uint8Array[], out?: Uint8Array): Uint8Array
  /** Hash of a leaf of the Merkle tree. */
  export function data(data: Uint8Array): Uint8Array
  /** Hash of an inner node of the Merkle tree; the order of the two does not matter. */
  export function parent(a: TreeNode, b: TreeNode): Uint8Array
  /** Hash of the tree's roots: what a length is signed by. */
  export function tree(roots: readonly TreeNode[], out?: Uint8Array): Uint8Array
  export function randomBytes(byteLength: number): Uint8Array
  /** The topic under which peers of a key find each other. Throws where the key is not of 32 bytes. */
  export function discoveryKey(key: Uint8Array): Uint8Array
  export function namespace(name: string | Uint8Array, count: number | readonly number[]): Uint8Array[]

  /** A node of the Merkle tree, numbered as in flat-tree. */
  export interface TreeNode {
    readonly index: number
    /** Bytes below the node. */
    readonly size: number
    readonly hash: Uint8Array
  }
}
