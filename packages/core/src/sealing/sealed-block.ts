/**
 * Blocks of a private channel: a head that anybody can read, which says what a relay needs to know, and a block of feed format 1 whole,
 * encrypted. The feed signs what is encrypted, so whoever passes it on can check it. docs/feed-format.md has it to the byte.
 */
import b4a from 'b4a'
import c from 'compact-encoding'
import { HypervisionError } from '../contracts/index.ts'
import { type BlockIndex, decodeBlockIndex, decodeSealedIndex, encodeSealedIndex } from '../feed/block-index.ts'
import { readVoid, writeVoid } from '../webm/index.ts'
import { openMessage, sealMessage } from './sealed-message.ts'
import { type SecretKeys, secretBytes, secretIdLength } from './secret-keys.ts'

/** Earlier secrets that an init block hands on. What was sealed with those before them cannot be opened with the newest any more. */
export const maxEarlierSecrets = 64

/** What anybody can read of a sealed block. */
export interface SealedHead {
  readonly index: BlockIndex
  /** Of the secret that opens it. */
  readonly secretId: Uint8Array
  /** In an init block: of the secrets before that one, newest first. */
  readonly earlierIds: readonly Uint8Array[]
  /** Bytes of the head. */
  readonly byteLength: number
}

/** What is sealed and where. */
export interface BlockPlace {
  /** Key of the channel, 32 bytes. */
  readonly channelKey: Uint8Array
  /** Place in the feed. */
  readonly number: number
}

/** A block that was opened. */
export interface OpenedBlock {
  /** A block of feed format 1. */
  readonly block: Uint8Array
  /** In an init block: the secrets before the one that opened it, newest first. */
  readonly earlierSecrets: readonly Uint8Array[]
}

/**
 * Encrypts a block.
 *
 * @param block of feed format 1
 * @param earlier secrets before `keys`, newest first; an init block takes the newest of them along
 * @param nonce for test vectors; random where left out
 */
export function sealBlock(
  block: Uint8Array,
  place: BlockPlace,
  keys: SecretKeys,
  earlier: readonly SecretKeys[],
  nonce?: Uint8Array,
): Uint8Array {
  const index = indexOf(block, place.number)
  const handedOn = index.init ? earlier.slice(0, maxEarlierSecrets) : []
  const ids = [keys.id, ...handedOn.map(({ id }) => id)]
  const head = writeVoid(b4a.concat([encodeSealedIndex(index), ...ids]))
  const secrets = index.init ? [Uint8Array.of(handedOn.length), ...handedOn.map(({ secret }) => secret)] : []
  const message = b4a.concat([...secrets, block])
  return b4a.concat([head, sealMessage(keys.block, message, contextOf(place, head), nonce)])
}

/**
 * Reads what is not encrypted.
 *
 * @returns null where the block is not sealed
 * @throws HypervisionError ERR_FEED_FORMAT, ERR_FEED_VERSION
 */
export function readSealedHead(bytes: Uint8Array, blockNumber: number): SealedHead | null {
  const head = readHeadVoid(bytes, blockNumber)
  if (head === null) return null
  const decoded = decodeSealedIndex(head.payload, blockNumber)
  if (decoded === null) return null
  const { index, byteLength } = decoded
  const ids = head.payload.subarray(byteLength)
  const count = ids.byteLength / secretIdLength
  if (index.init ? !Number.isInteger(count) || count < 1 || count > 1 + maxEarlierSecrets : count !== 1) {
    throw badSeal(blockNumber, 'its head names no secret, or too many')
  }
  const idAt = (place: number): Uint8Array => ids.subarray(place * secretIdLength, (place + 1) * secretIdLength)
  const earlierIds = Array.from({ length: count - 1 }, (_, place) => idAt(place + 1))
  return { index, secretId: idAt(0), earlierIds, byteLength: head.byteLength }
}

/**
 * Decrypts a block with the secret that its head names.
 *
 * @throws HypervisionError ERR_FEED_FORMAT when it was not sealed with it, for this place
 */
export function openBlock(bytes: Uint8Array, head: SealedHead, place: BlockPlace, keys: SecretKeys): OpenedBlock {
  const context = contextOf(place, bytes.subarray(0, head.byteLength))
  const message = openMessage(keys.block, bytes.subarray(head.byteLength), context)
  if (message === null) {
    throw badSeal(place.number, 'it was not encrypted with the secret that it names, or not for this place')
  }
  const secrets = head.index.init ? 1 + (message[0] ?? 0) * secretBytes : 0
  const block = message.subarray(secrets)
  const count = head.index.init ? (message[0] ?? 0) : 0
  if (count > head.earlierIds.length || block.byteLength === 0)
    throw badSeal(place.number, 'what it holds is cut short')
  const earlierSecrets = Array.from({ length: count }, (_, at) =>
    message.subarray(1 + at * secretBytes, 1 + (at + 1) * secretBytes),
  )
  return { block, earlierSecrets }
}

/** A block is bound to its channel and its place: it opens nowhere else. */
function contextOf({ channelKey, number }: BlockPlace, head: Uint8Array): Uint8Array {
  return b4a.concat([channelKey, c.encode(c.uint64, number), head])
}

function indexOf(block: Uint8Array, blockNumber: number): BlockIndex {
  const head = readVoid(block)
  if (head !== null) return decodeBlockIndex(head.payload, blockNumber)
  return { init: true, key: false, end: false, initDistance: 0, keyDistance: 0 }
}

function readHeadVoid(bytes: Uint8Array, blockNumber: number): ReturnType<typeof readVoid> {
  try {
    return readVoid(bytes)
  } catch (cause) {
    throw badSeal(blockNumber, 'it is cut short', cause)
  }
}

function badSeal(blockNumber: number, problem: string, cause?: unknown): HypervisionError {
  return new HypervisionError(
    'ERR_FEED_FORMAT',
    `Block ${blockNumber} of the private channel cannot be read: ${problem}. The broadcaster wrote a broken feed.`,
    { cause, detail: { blockNumber } },
  )
}
