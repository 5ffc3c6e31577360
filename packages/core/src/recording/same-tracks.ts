/** Whether frames of one epoch can follow those of another in one file. */
import b4a from 'b4a'
import { readElements } from '../webm/element-data.ts'
import { elementIds } from '../webm/index.ts'

/** What a muxer draws by chance, and names nothing that a decoder needs. */
const passedOver = new Set<number>([elementIds.TrackUID, elementIds.Void, elementIds.CRC32])

/**
 * Whether two Tracks elements say the same of the same tracks: numbers, codecs and their private data, sizes, rates.
 *
 * @param a the whole element
 * @param b the whole element
 */
export function isSameTracks(a: Uint8Array, b: Uint8Array): boolean {
  return b4a.equals(essenceOf(a), essenceOf(b))
}

function essenceOf(tracks: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  for (const { dataStart, dataEnd } of readElements(tracks, 0, tracks.length)) {
    for (const entry of readElements(tracks, dataStart, dataEnd)) {
      if (entry.id !== elementIds.TrackEntry) continue
      parts.push(tracks.subarray(entry.start, entry.start + 1))
      for (const child of readElements(tracks, entry.dataStart, entry.dataEnd)) {
        if (!passedOver.has(child.id)) parts.push(tracks.subarray(child.start, child.dataEnd))
      }
    }
  }
  return b4a.concat(parts)
}
