/** A block as a relay sees it that has no secret: where it belongs, and nothing of what it shows. */
import { type FeedBlock, readFeedBlock } from '../feed/feed-block.ts'
import { readSealedHead } from './sealed-block.ts'

/**
 * Reads a block of any channel, as far as that goes without a secret: of a sealed one the index is right, tracks and times are left out.
 *
 * @throws HypervisionError ERR_FEED_FORMAT, ERR_FEED_VERSION
 */
export function readFromOutside(bytes: Uint8Array, number: number): FeedBlock {
  const head = readSealedHead(bytes, number)
  if (head === null) return readFeedBlock(bytes, number)
  const { index } = head
  if (index.end) return { kind: 'end', number, bytes, index }
  return index.init
    ? { kind: 'init', number, bytes, index, tracks: [], mimeType: '', title: null, anchor: new Date(0) }
    : { kind: 'cluster', number, bytes, index, timestampMs: 0, spanMs: 0 }
}
