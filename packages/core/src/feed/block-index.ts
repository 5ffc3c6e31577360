/**
 * The block index: the few bytes in each block that say where in the feed its epoch and its newest keyframe begin, so
 * that any one block tells a late joiner which other blocks to fetch. docs/feed-format.md specifies it to the byte.
 */
import b4a from 'b4a'
import c from 'compact-encoding'
import { HypervisionError } from '../contracts/index.ts'

/** Version that this writer writes; a reader refuses a newer one. */
const feedVersion = 1

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
  const flags = (index.init ? flagInit : 0) | (index.key ? flagKey : 0) | (index.end ? flagEnd : 0)
  const state = c.state()
  state.end = headLength
  c.uint.preencode(state, index.initDistance)
  c.uint.preencode(state, index.keyDistance)
  state.buffer = b4a.alloc(state.end)
  state.buffer.set(magic)
  state.buffer[2] = feedVersion
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
 * @throws HypervisionError ERR_FEED_FORMAT when it is no block index, ERR_FEED_VERSION when it is of a newer version
 */
export function decodeBlockIndex(payload: Uint8Array, blockNumber: number): BlockIndex {
  if (payload.byteLength < headLength || payload[0] !== magic[0] || payload[1] !== magic[1]) {
    throw badBlock(blockNumber, 'its Void does not hold a block index')
  }
  const version = payload[2] ?? 0
  if (version > feedVersion) {
    throw new HypervisionError(
      'ERR_FEED_VERSION',
      `Block ${blockNumber} is of feed format ${version}; this reader knows up to ${feedVersion}. Update hypervision.`,
      { detail: { blockNumber, version } },
    )
  }
  if (version === 0) throw badBlock(blockNumber, 'its block index has version 0')
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
  return index
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
