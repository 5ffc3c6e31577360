// Stored blocks, of public and private channels: the first byte is the place in the feed.
import { isDeepStrictEqual } from 'node:util'
import { attempt, demand, type FuzzTarget } from '../../../../fuzz/target.ts'
import { decodeBlockIndex, encodeBlockIndex } from '../../src/feed/block-index.ts'
import { readFeedBlock } from '../../src/feed/feed-block.ts'
import { factsOf, placeBlock } from '../../src/recording/place-block.ts'
import { readFromOutside } from '../../src/sealing/outside.ts'
import { withCode } from './refusals.ts'

const isRefusal = withCode(/^ERR_(FEED_FORMAT|FEED_VERSION|SECRET_MISSING)$/)
/** What a file is moved by in time. */
const shiftMs = 70_000
const places = [0, 1, 2, 3, 5, 300, 70_000, 2 ** 33, Number.MAX_SAFE_INTEGER]

export const target: FuzzTarget = {
  name: 'feed-block',
  words: ['hv\x01', 'hv\x02', [0xec, 0x86, 0x68, 0x76, 0x01], [0xec, 0x96, 0x68, 0x76, 0x02]],
  prepare: () => run,
}

function run(input: Uint8Array): void {
  const number = places[(input[0] ?? 0) % places.length] ?? 0
  const bytes = input.subarray(1)
  const index = attempt(isRefusal, () => decodeBlockIndex(bytes, number))
  if (index !== undefined) {
    demand(
      isDeepStrictEqual(decodeBlockIndex(encodeBlockIndex(index), number), index),
      'its index is another once it was written again',
    )
  }
  const block = attempt(isRefusal, () => readFeedBlock(bytes, number))
  const outside = attempt(isRefusal, () => readFromOutside(bytes, number))
  if (block === undefined) return
  demand(isDeepStrictEqual(outside, block), 'a block that is not sealed looks different to a relay')
  demand(block.index.initDistance <= number, 'its epoch begins before the feed')
  const placed = placeBlock(block, shiftMs)
  demand(placed.byteLength === bytes.byteLength, 'takes another number of bytes in a recording')
  if (block.kind !== 'cluster') return
  const moved = readFeedBlock(placed, number)
  const movedMs = Math.max(0, block.timestampMs - shiftMs)
  demand(moved.kind === 'cluster' && moved.timestampMs === movedMs, 'is elsewhere in a recording')
  demand(Number.isFinite(factsOf(block, 1).endMs), 'never ends')
  demand(Number.isSafeInteger(block.timestampMs) && block.timestampMs >= 0, `its timestamp is ${block.timestampMs}`)
  demand(Number.isFinite(block.spanMs), `its span is ${block.spanMs}`)
}
