/** Blocks as they are stored: putting a block index into a piece of WebM, and reading both back. */
import b4a from 'b4a'
import { HypervisionError } from '../contracts/index.ts'
import { readCluster, readInitSegment, readVoid, type WebmTrack, writeVoid } from '../webm/index.ts'
import { type BlockIndex, decodeBlockIndex, encodeBlockIndex } from './block-index.ts'

/** A block that was read and understood. `bytes` is the stored block whole, which is legal WebM as it stands. */
export type FeedBlock = InitBlock | ClusterBlock | EndBlock

/** Begins an epoch. */
export interface InitBlock {
  readonly kind: 'init'
  readonly number: number
  readonly bytes: Uint8Array
  readonly index: BlockIndex
  readonly tracks: readonly WebmTrack[]
  readonly mimeType: string
  readonly title: string | null
  /** Wall-clock time of the feed's timestamp 0. */
  readonly anchor: Date
}

/** One Cluster. */
export interface ClusterBlock {
  readonly kind: 'cluster'
  readonly number: number
  readonly bytes: Uint8Array
  readonly index: BlockIndex
  /** Cluster timestamp: milliseconds since the anchor. */
  readonly timestampMs: number
  /** From the first to the last frame, milliseconds. */
  readonly spanMs: number
}

/** The broadcaster closed on purpose. */
export interface EndBlock {
  readonly kind: 'end'
  readonly number: number
  readonly bytes: Uint8Array
  readonly index: BlockIndex
}

/** Makes an init block: the init segment, then the index. */
export function writeInitBlock(initSegment: Uint8Array): Uint8Array {
  const index = { init: true, key: false, end: false, initDistance: 0, keyDistance: 0 }
  return b4a.concat([initSegment, writeVoid(encodeBlockIndex(index))])
}

/** Room that a Cluster needs in front of it to become a block without being copied, bytes: that of the largest index. */
export const indexRoomBytes = 32

/**
 * Makes a Cluster block: the index, then the Cluster.
 *
 * @param roomBytes what is free before the Cluster in its buffer
 */
export function writeClusterBlock(cluster: Uint8Array, index: BlockIndex, roomBytes = 0): Uint8Array {
  const head = writeVoid(encodeBlockIndex(index))
  if (roomBytes < head.byteLength) return b4a.concat([head, cluster])
  const start = cluster.byteOffset - head.byteLength
  const block = b4a.from(cluster.buffer, start, head.byteLength + cluster.byteLength)
  block.set(head)
  return block
}

/** Makes an end block: the index alone. */
export function writeEndBlock(initDistance: number, keyDistance: number): Uint8Array {
  return writeVoid(encodeBlockIndex({ init: false, key: false, end: true, initDistance, keyDistance }))
}

/**
 * Reads a stored block.
 *
 * @param number its place in the feed
 * @throws HypervisionError ERR_FEED_FORMAT, ERR_FEED_VERSION; ERR_SECRET_MISSING for one that is encrypted
 */
export function readFeedBlock(bytes: Uint8Array, number: number): FeedBlock {
  try {
    const head = readVoid(bytes)
    return head === null ? readInit(bytes, number) : readAfterIndex(bytes, number, head.payload, head.byteLength)
  } catch (error) {
    if (error instanceof HypervisionError && /^ERR_(?:FEED|SECRET)_/.test(error.code)) throw error
    throw formatError(number, 'it is not a piece of WebM', error)
  }
}

function readInit(bytes: Uint8Array, number: number): InitBlock {
  const segment = readInitSegment(bytes)
  const tail = readVoid(bytes, segment.byteLength)
  if (tail === null) throw formatError(number, 'no block index follows its init segment')
  const index = decodeBlockIndex(tail.payload, number)
  if (!index.init) throw formatError(number, 'it holds an init segment and its index says otherwise')
  if (segment.dateUtc === null) throw formatError(number, 'its init segment has no DateUTC')
  demandEnd(bytes, segment.byteLength + tail.byteLength, number)
  const { tracks, mimeType, title, dateUtc } = segment
  return { kind: 'init', number, bytes, index, tracks, mimeType, title, anchor: dateUtc }
}

function readAfterIndex(bytes: Uint8Array, number: number, payload: Uint8Array, offset: number): FeedBlock {
  const index = decodeBlockIndex(payload, number)
  if (index.end) {
    demandEnd(bytes, offset, number)
    return { kind: 'end', number, bytes, index }
  }
  if (index.init) throw formatError(number, 'its index says init and no init segment stands before it')
  const cluster = readCluster(bytes, offset)
  demandEnd(bytes, cluster.byteOffset + cluster.byteLength, number)
  const lastMs = cluster.frames.reduce((last, frame) => Math.max(last, frame.timestampMs), cluster.timestampMs)
  const spanMs = lastMs - cluster.timestampMs
  return { kind: 'cluster', number, bytes, index, timestampMs: cluster.timestampMs, spanMs }
}

/** What lies behind would reach players unread. */
function demandEnd(bytes: Uint8Array, offset: number, number: number): void {
  if (offset < bytes.length) throw formatError(number, `${bytes.length - offset} bytes follow what it should hold`)
}

function formatError(number: number, problem: string, cause?: unknown): HypervisionError {
  return new HypervisionError('ERR_FEED_FORMAT', `Block ${number} is not of the feed format: ${problem}.`, {
    cause,
    detail: { blockNumber: number },
  })
}
