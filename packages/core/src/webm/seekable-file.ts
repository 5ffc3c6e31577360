/**
 * What a file needs beside its Clusters so that players can seek in it: a SeekHead, a Duration and Cues. The head has one
 * length while a recording goes on and when it is over, so that it is put right in place at the end; what was killed
 * before that is a live WebM, which plays, and says in MuxingApp and WritingApp what it is.
 */
import {
  readElements,
  writeDateElement,
  writeFloatElement,
  writeTextElement,
  writeUintElement,
} from './element-data.ts'
import { elementLength, writeElement, writeElementHead } from './element-head.ts'
import { elementIds } from './element-ids.ts'
import { unknownSize, writeVint, writeVintInto } from './vint.ts'
import { writeFiller } from './void-element.ts'

/** What a file takes over from an init segment, and what it says of itself. */
export interface SeekableHead {
  /** The whole element. */
  readonly ebmlHeader: Uint8Array
  /** The whole element. */
  readonly tracks: Uint8Array
  readonly title: string | null
  /** Wall-clock time of the file's timestamp 0. */
  readonly dateUtc: Date
}

/** What is known when the last Cluster is written. */
export interface SeekableEnd {
  readonly durationMs: number
  /** Where Cues begin: offset in the file. */
  readonly cuesAt: number
  /** Bytes of the file, Cues included. */
  readonly byteLength: number
}

/** A place to seek to. */
export interface Cue {
  /** Of the keyframe, in the file's time. */
  readonly timestampMs: number
  /** Where its Cluster begins: offset in the file. */
  readonly clusterAt: number
}

const millisecond = 1_000_000
const finishedApp = 'hypervision'
const unfinishedApp = 'hypervision (recording, not finished)'
/** Bytes of the Segment's head: an id of 4, a size of 8. */
const segmentHeadLength = 12
/** Bytes of a SeekHead with three entries, whose positions have 8 bytes each. */
const seekHeadLength = 68

/** Takes the EBML header and Tracks out of an init segment. */
export function seekableParts(initSegment: Uint8Array): Pick<SeekableHead, 'ebmlHeader' | 'tracks'> {
  let ebmlHeader = new Uint8Array()
  let tracks = new Uint8Array()
  for (const element of readElements(initSegment, 0, initSegment.length)) {
    if (element.id === elementIds.EBML) ebmlHeader = initSegment.slice(element.start, element.dataEnd)
    if (element.id !== elementIds.Segment) continue
    for (const child of readElements(initSegment, element.dataStart, element.dataEnd)) {
      if (child.id === elementIds.Tracks) tracks = initSegment.slice(child.start, child.dataEnd)
    }
  }
  return { ebmlHeader, tracks }
}

/**
 * Writes everything in front of the first Cluster; its length is the same with and without an end.
 *
 * @param end null while the recording goes on
 */
export function writeSeekableHead(head: SeekableHead, end: SeekableEnd | null): Uint8Array {
  const { ebmlHeader, tracks } = head
  const segmentAt = ebmlHeader.length + segmentHeadLength
  const info = writeInfo(head, end)
  const infoAt = segmentAt + seekHeadLength
  const bytes = new Uint8Array(infoAt + info.length + tracks.length)
  bytes.set(ebmlHeader)
  writeElementHead(bytes, ebmlHeader.length, elementIds.Segment, 0)
  if (end === null) bytes.set(writeVint(unknownSize, 8), segmentAt - 8)
  else writeVintInto(bytes.fill(0, segmentAt - 8, segmentAt), segmentAt - 8, end.byteLength - segmentAt, 8)
  const seekHead =
    end === null
      ? writeFiller(seekHeadLength)
      : writeElement(
          elementIds.SeekHead,
          writeSeek(elementIds.Info, infoAt - segmentAt),
          writeSeek(elementIds.Tracks, infoAt + info.length - segmentAt),
          writeSeek(elementIds.Cues, end.cuesAt - segmentAt),
        )
  bytes.set(seekHead, segmentAt)
  bytes.set(info, infoAt)
  bytes.set(tracks, infoAt + info.length)
  return bytes
}

/** Writes Cues. At least one has to be there. */
export function writeCues(head: SeekableHead, track: number, cues: Iterable<Cue>): Uint8Array {
  const segmentAt = head.ebmlHeader.length + segmentHeadLength
  const points: Uint8Array[] = []
  for (const { timestampMs, clusterAt } of cues) {
    points.push(
      writeElement(
        elementIds.CuePoint,
        writeUintElement(elementIds.CueTime, timestampMs),
        writeElement(
          elementIds.CueTrackPositions,
          writeUintElement(elementIds.CueTrack, track),
          writeUintElement(elementIds.CueClusterPosition, clusterAt - segmentAt),
        ),
      ),
    )
  }
  return writeElement(elementIds.Cues, ...points)
}

function writeInfo({ title, dateUtc }: SeekableHead, end: SeekableEnd | null): Uint8Array {
  const parts = [writeUintElement(elementIds.TimestampScale, millisecond)]
  const durationBytes = elementLength(elementIds.Duration, 8)
  parts.push(end === null ? writeFiller(durationBytes) : writeFloatElement(elementIds.Duration, end.durationMs))
  parts.push(writeDateElement(elementIds.DateUTC, dateUtc))
  if (title !== null) parts.push(writeTextElement(elementIds.Title, title))
  // A text ends at its first zero byte (RFC 8794, section 13).
  const app = end === null ? unfinishedApp : finishedApp.padEnd(unfinishedApp.length, '\0')
  // Some tools show the one and some the other.
  parts.push(writeTextElement(elementIds.MuxingApp, app))
  parts.push(writeTextElement(elementIds.WritingApp, app))
  return writeElement(elementIds.Info, ...parts)
}

function writeSeek(id: number, position: number): Uint8Array {
  const value = new Uint8Array(8)
  new DataView(value.buffer).setBigUint64(0, BigInt(position))
  const idBytes = new Uint8Array(4)
  new DataView(idBytes.buffer).setUint32(0, id)
  return writeElement(
    elementIds.Seek,
    writeElement(elementIds.SeekID, idBytes),
    writeElement(elementIds.SeekPosition, value),
  )
}
