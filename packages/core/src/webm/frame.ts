// A frame as it stands in a Cluster: a SimpleBlock, or a BlockGroup around a Block. Only the few bytes in front of the
// payload are looked at; the rest is carried through as it is.
import type { ByteParts } from './byte-parts.ts'
import { emptyHead, maxHeadLength, readElementHead } from './element-head.ts'
import { elementIds, elementName } from './element-ids.ts'
import { unknownSize } from './vint.ts'
import { malformed } from './webm-error.ts'

/**
 * Most frames of one Cluster: far more than five seconds of any stream have. The largest block could hold two and a half million of the smallest
 * frames, each of which costs whoever reads it more than its bytes.
 */
export const maxFrames = 16_384

/** What the bytes of a SimpleBlock or BlockGroup say. */
export interface FrameHead {
  /** TrackNumber. */
  readonly track: number
  /** Milliseconds from the Cluster's timestamp, -32768 to 32767. */
  readonly relativeMs: number
  /** SimpleBlock: its keyframe flag. BlockGroup: whether it has no ReferenceBlock. */
  readonly key: boolean
  /** Flags of the Block, with the lacing in bits 0x06. */
  readonly flags: number
  /** Where the 16-bit relative timestamp stands, from the element's first byte. */
  readonly timestampAt: number
  /** Where the Block's data ends, from the element's first byte. */
  readonly blockEnd: number
}

/**
 * Reads the head of a whole SimpleBlock or BlockGroup element.
 *
 * @param headLength bytes of the element's own id and size
 * @param offset absolute offset of the element, for errors
 * @throws HypervisionError ERR_WEBM_MALFORMED
 */
export function readFrameHead(element: ByteParts, id: number, headLength: number, offset: number): FrameHead {
  return id === elementIds.SimpleBlock
    ? readBlock(element, headLength, element.length, offset, null)
    : readBlockGroup(element, headLength, offset)
}

/** Track number, relative timestamp and flags: RFC 9559, section 10.1. */
function readBlock(
  element: ByteParts,
  start: number,
  end: number,
  offset: number,
  groupIsKey: boolean | null,
): FrameHead {
  const first = element.byteAt(start)
  const trackLength = first === 0 ? 9 : Math.clz32(first) - 23
  const timestampAt = start + trackLength
  if (start >= end || timestampAt + 3 > end) {
    throw malformed(offset, 'a Block is too short for its track number, timestamp and flags')
  }
  let track = first & (0xff >> trackLength)
  for (let at = start + 1; at < timestampAt; at++) track = track * 256 + element.byteAt(at)
  const unsigned = element.byteAt(timestampAt) * 256 + element.byteAt(timestampAt + 1)
  const flags = element.byteAt(timestampAt + 2)
  return {
    track,
    relativeMs: unsigned < 0x8000 ? unsigned : unsigned - 0x10000,
    key: groupIsKey ?? (flags & 0x80) !== 0,
    flags,
    timestampAt,
    blockEnd: end,
  }
}

const held = new Uint8Array(maxHeadLength)
const head = emptyHead()

function readBlockGroup(element: ByteParts, headLength: number, offset: number): FrameHead {
  let blockAt = -1
  let blockEnd = 0
  let hasReference = false
  let at = headLength
  while (at < element.length) {
    const available = Math.min(maxHeadLength, element.length - at)
    for (let index = 0; index < available; index++) held[index] = element.byteAt(at + index)
    const answer = readElementHead(held, 0, available, head)
    if (answer === 'malformed') throw malformed(offset + at, head.problem)
    if (answer === 'need-more') throw malformed(offset + at, 'an element head overruns its BlockGroup')
    if (head.size === unknownSize) throw malformed(offset + at, `${elementName(head.id)} has an unknown size`)
    const end = at + head.length + head.size
    if (end > element.length) {
      throw malformed(offset + at, `${elementName(head.id)} overruns its BlockGroup by ${end - element.length} bytes`)
    }
    if (head.id === elementIds.ReferenceBlock) hasReference = true
    if (head.id === elementIds.Block) {
      if (blockAt >= 0) throw malformed(offset + at, 'a BlockGroup has two Blocks')
      blockAt = at + head.length
      blockEnd = end
    }
    at = end
  }
  if (blockAt < 0) throw malformed(offset, 'a BlockGroup has no Block')
  return readBlock(element, blockAt, blockEnd, offset, !hasReference)
}
