/**
 * The block index: the few bytes in each block that say where in the feed its epoch and its newest keyframe begin, so
 * that any one block tells a late joiner which other blocks to fetch. docs/feed-format.md specifies it to the byte.
 */
import b4a from 'b4a'
import c from 'compact-encoding'
import { HypervisionError } from '../contracts/index.ts'

/** Version of a block as it is played; a reader refuses one that it does not know. */
const feedVersion = 1
/** Version at the head of a block that is encrypted, with one of version 1 in it. */
const sealedVersion = 2

/** What a block says about itself. */
export interface BlockIndex {
  /** An init block: begins an epoch. */
  readonly init: boolean
  /** Its first video frame is a keyframe (audio-only: always, for Clusters). */
  readonly key: boolean
  /** An end block: the broadcaster closed on purpose. */
  readonly end: boolean
  /** Blocks back to this epoch's init block; 0 is this one. */
  readonly initDistance: number
  /** Blocks back to the epoch's newest keyframe block; 0 is this one or, where `key` is false, none so far. */
  readonly keyDistance: number
}

const magic = b4a.from('hv')
const headLength = magic.byteLength + 2
const flagInit = 1
const flagKey = 2
const flagEnd = 4

/** Encodes a block index: the payload of the block's Void element. */
export function encodeBlockIndex(index: BlockIndex): Uint8Array {
  return encodeFields(index, feedVersion)
}

/** Encodes the index at the head of an encrypted block: the first part of the payload of its Void element. */
export function encodeSealedIndex(index: BlockIndex): Uint8Array {
  return encodeFields(index, sealedVersion)
}

function encodeFields(index: BlockIndex, version: number): Uint8Array {
  const flags = (index.init ? flagInit : 0) | (index.key ? flagKey : 0) | (index.end ? flagEnd : 0)
  const state = c.state()
  state.end = headLength
  c.uint.preencode(state, index.initDistance)
  c.uint.preencode(state, index.keyDistance)
  state.buffer = b4a.alloc(state.end)
  state.buffer.set(magic)
  state.buffer[2] = version
  state.buffer[3] = flags
  state.start = headLength
  c.uint.encode(state, index.initDistance)
  c.uint.encode(state, index.keyDistance)
  return state.buffer
}

/**
 * Decodes the payload of a Void element. Bytes after the known fields are passed over.
 *
 * @param blockNumber the block's place in the feed, which bounds the distances and is named in errors
 * @throws HypervisionError ERR_FEED_FORMAT when it is no block index, ERR_FEED_VERSION when it is of a newer version,
 * ERR_SECRET_MISSING when the block is encrypted
 */
export function decodeBlockIndex(payload: Uint8Array, blockNumber: number): BlockIndex {
  if (versionOf(payload, blockNumber) === sealedVersion) {
    throw new HypervisionError(
      'ERR_SECRET_MISSING',
      'This channel is private, and the link has no secret: the part behind the #. Ask the broadcaster for the whole link.',
      { detail: { blockNumber } },
    )
  }
  return decodeFields(payload, blockNumber).index
}

/**
 * Decodes the payload of the Void element at the head of an encrypted block.
 *
 * @returns the index and how many bytes it takes; null where it is the index of a block that is not encrypted
 * @throws HypervisionError ERR_FEED_FORMAT, ERR_FEED_VERSION
 */
export function decodeSealedIndex(
  payload: Uint8Array,
  blockNumber: number,
): { readonly index: BlockIndex; readonly byteLength: number } | null {
  return versionOf(payload, blockNumber) === sealedVersion ? decodeFields(payload, blockNumber) : null
}

function versionOf(payload: Uint8Array, blockNumber: number): number {
  if (payload.byteLength < headLength || payload[0] !== magic[0] || payload[1] !== magic[1]) {
    throw badBlock(blockNumber, 'its Void does not hold a block index')
  }
  const version = payload[2] ?? 0
  if (version > sealedVersion) {
    throw new HypervisionError(
      'ERR_FEED_VERSION',
      `Block ${blockNumber} is of feed format ${version}; this reader knows up to ${sealedVersion}. Update hypervision.`,
      { detail: { blockNumber, version } },
    )
  }
  if (version === 0) throw badBlock(blockNumber, 'its block index has version 0')
  return version
}

function decodeFields(payload: Uint8Array, blockNumber: number): { index: BlockIndex; byteLength: number } {
  const flags = payload[3] ?? 0
  const state = c.state(headLength, payload.byteLength, payload)
  let initDistance: number
  let keyDistance: number
  try {
    initDistance = c.uint.decode(state)
    keyDistance = c.uint.decode(state)
  } catch (cause) {
    throw badBlock(blockNumber, 'its block index is cut short', cause)
  }
  const index: BlockIndex = {
    init: (flags & flagInit) !== 0,
    key: (flags & flagKey) !== 0,
    end: (flags & flagEnd) !== 0,
    initDistance,
    keyDistance,
  }
  checkDistances(index, blockNumber)
  return { index, byteLength: state.start }
}

function checkDistances(index: BlockIndex, blockNumber: number): void {
  const { init, key, end, initDistance, keyDistance } = index
  const distances = `initDistance ${initDistance}, keyDistance ${keyDistance}`
  if (!Number.isSafeInteger(initDistance) || initDistance > blockNumber) {
    throw badBlock(blockNumber, `its index points before the feed's first block (${distances})`)
  }
  if (init ? initDistance !== 0 || keyDistance !== 0 || key || end : initDistance === 0) {
    throw badBlock(blockNumber, `its flags and distances contradict each other (${distances})`)
  }
  if (keyDistance >= Math.max(1, initDistance) || (key && (keyDistance !== 0 || end))) {
    throw badBlock(blockNumber, `its keyframe lies outside of its epoch (${distances})`)
  }
}

function badBlock(blockNumber: number, problem: string, cause?: unknown): HypervisionError {
  return new HypervisionError('ERR_FEED_FORMAT', `Block ${blockNumber} is not of the feed format: ${problem}.`, {
    cause,
    detail: { blockNumber },
  })
}
