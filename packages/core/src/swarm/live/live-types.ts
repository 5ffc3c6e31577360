/** What the parts of the live overlay hand to each other. */
import type { TreeNode } from 'hypercore-crypto'

/** A node of the overlay: the first eight bytes of its public key, in hex. */
export type NodeId = string

/** What a node is in the overlay. `source` has every block first; a `leaf` passes nothing on. */
export type LiveRole = 'source' | 'node' | 'leaf'

/**
 * A block that proves itself: whoever has the channel's key and manifest can check it, in any order of arrival and without
 * any other block.
 */
export interface LiveBlock {
  /** Place in the feed. */
  readonly index: number
  /** Roots of the Merkle tree before the block: of the length `index`. */
  readonly peaks: readonly TreeNode[]
  /** Signature of the length `index + 1`. */
  readonly signature: Uint8Array
  /** The block as the log stores it. */
  readonly value: Uint8Array
}

/** Which blocks a node can give: all from `first` up to `next`, and those past `next` whose bit is set. */
export interface Have {
  /** Oldest block that it can give. */
  readonly first: number
  /** Its verified length. */
  readonly next: number
  /** Bit k of word w: block `next + 32 * w + k`. */
  readonly bits: readonly [number, number]
}

/** Blocks past `next` that a {@link Have} tells of. */
export const haveBits = 64

/** Whether a node can give a block, by what it told last. */
export function canGive(have: Have, index: number): boolean {
  if (index < have.next) return index >= have.first
  const place = index - have.next
  if (place >= haveBits) return false
  return (((place < 32 ? have.bits[0] : have.bits[1]) >>> (place % 32)) & 1) === 1
}

/** Length that a node knows of, by what it told last: one past its newest block. */
export function headOf(have: Have): number {
  const [low, high] = have.bits
  if (high !== 0) return have.next + 64 - Math.clz32(high)
  return low === 0 ? have.next : have.next + 32 - Math.clz32(low)
}

/** Where a node stands in the tree of one stripe. */
export interface Position {
  /** From the source to the node itself, both included. */
  readonly path: readonly NodeId[]
  /** Estimated time from the source to the node, ms. */
  readonly costMs: number
}

/** What a node tells its neighbours about itself whenever it changes. */
export interface Advert {
  /** One that has no places, as its uplink carries too little, is a leaf. */
  readonly role: LiveRole
  readonly stripes: readonly {
    /** Null where it has no parent in the stripe. */
    readonly position: Position | null
    /** How many more it would serve in the stripe. */
    readonly free: number
  }[]
  /** How many places it has in all stripes, taken or free. */
  readonly places: number
}

/** What the overlay needs of the log. */
export interface LiveLog {
  /** Verified length; from where this node joined on, every block below it is here. 0 before it has joined. */
  readonly length: number
  /** The length that replication tells of; not verified. */
  readonly remoteLength: number
  /** Whether blocks can be checked: the manifest is known. */
  readonly canCheck: boolean
  /** Whether the proof of a block holds. */
  check(block: LiveBlock): boolean
  /** Where someone has to begin who wants to play a block: itself, or the keyframe before it. */
  startOf(block: LiveBlock): number
  /**
   * Stores the block at `length`, or any where that is 0: the log begins there. `conflict`: it is of another history than what is here. `refused`: not now, as the log has
   * changed meanwhile or cannot be written.
   */
  apply(block: LiveBlock): Promise<'stored' | 'refused' | 'conflict'>
  /** Fetches what has been missed by replication: nobody in the overlay has it any more. */
  catchUp(): void
}
