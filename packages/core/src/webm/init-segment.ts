// The init segment: checked on its way in, written in one form on its way out, whatever the source had around it.
import { HypervisionError } from '../contracts/index.ts'
import { mimeTypeOf } from './codec-string.ts'
import {
  type Element,
  readDate,
  readElements,
  readText,
  readUint,
  writeDateElement,
  writeTextElement,
  writeUintElement,
} from './element-data.ts'
import { writeElement, writeElementHead } from './element-head.ts'
import { elementIds } from './element-ids.ts'
import { foreignDocType } from './foreign-bytes.ts'
import { readTracks } from './tracks.ts'
import type { InitSegment, WebmTrack } from './types.ts'
import { unknownSize, writeVint } from './vint.ts'
import { malformed } from './webm-error.ts'

/** Nanoseconds per tick: the only unit of time that WebM players agree on. */
const millisecond = 1_000_000

/** Title and wall-clock time that go into Info. */
export interface InitSegmentInfo {
  readonly title?: string | undefined
  /** Wall-clock time of the timeline's zero. */
  readonly dateUtc?: Date | undefined
}

/**
 * Checks an EBML header element.
 *
 * @param base absolute offset of `bytes[0]`, for errors
 * @throws HypervisionError ERR_WEBM_NOT_WEBM for another DocType than `webm`
 * @throws HypervisionError ERR_WEBM_MALFORMED for an EBML version, or lengths of ids and sizes, that WebM does not use
 */
export function checkEbmlHeader(bytes: Uint8Array, header: Element, base = 0): void {
  let docType = ''
  for (const element of readElements(bytes, header.dataStart, header.dataEnd, base)) {
    if (element.id === elementIds.DocType) docType = readText(bytes, element)
    const largest = largestAllowed.get(element.id)
    if (largest === undefined) continue
    const value = readUint(bytes, element, base)
    if (value > largest) {
      throw malformed(base + element.start, `the EBML header asks for ${value} where WebM has at most ${largest}`)
    }
  }
  if (docType !== 'webm') throw foreignDocType(base + header.start, docType)
}

const largestAllowed = new Map<number, number>([
  [elementIds.EBMLReadVersion, 1],
  [elementIds.EBMLMaxIDLength, 4],
  [elementIds.EBMLMaxSizeLength, 8],
])

/**
 * Checks an Info element and reads what is of use in it.
 *
 * @throws HypervisionError ERR_WEBM_TIMESTAMP_SCALE when the stream does not count milliseconds
 */
export function readInfo(bytes: Uint8Array, info: Element, base = 0): { title: string | null; dateUtc: Date | null } {
  let title: string | null = null
  let dateUtc: Date | null = null
  for (const element of readElements(bytes, info.dataStart, info.dataEnd, base)) {
    if (element.id === elementIds.Title) title = readText(bytes, element)
    if (element.id === elementIds.DateUTC) dateUtc = readDate(bytes, element, base)
    if (element.id !== elementIds.TimestampScale) continue
    const scale = readUint(bytes, element, base)
    if (scale === millisecond) continue
    throw new HypervisionError(
      'ERR_WEBM_TIMESTAMP_SCALE',
      `The TimestampScale at byte ${base + element.start} is ${scale} ns; WebM players need ${millisecond} ns. ` +
        'Rewrite the stream with `ffmpeg -i IN -c copy -f webm OUT`.',
      { detail: { offset: base + element.start, timestampScale: scale } },
    )
  }
  return { title, dateUtc }
}

/**
 * Writes an init segment: EBML header, a Segment of unknown size, Info, Tracks.
 *
 * @param ebmlHeader the whole element, taken over as it is
 * @param tracksElement the whole element, taken over as it is
 */
export function writeInitSegment(
  ebmlHeader: Uint8Array,
  tracksElement: Uint8Array,
  tracks: readonly WebmTrack[],
  info: InitSegmentInfo,
): InitSegment {
  const infoParts = [writeUintElement(elementIds.TimestampScale, millisecond)]
  if (info.dateUtc !== undefined) infoParts.push(writeDateElement(elementIds.DateUTC, info.dateUtc))
  if (info.title !== undefined) infoParts.push(writeTextElement(elementIds.Title, info.title))
  infoParts.push(writeTextElement(elementIds.MuxingApp, 'hypervision'))
  infoParts.push(writeTextElement(elementIds.WritingApp, 'hypervision'))

  const segmentHead = new Uint8Array(12)
  writeElementHead(segmentHead, 0, elementIds.Segment, 0)
  segmentHead.set(writeVint(unknownSize, 8), 4)

  const parts = [ebmlHeader, segmentHead, writeElement(elementIds.Info, ...infoParts), tracksElement]
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return { kind: 'init', bytes, tracks, mimeType: mimeTypeOf(tracks) }
}

/** What an init segment says. */
export interface InitSegmentContents {
  readonly tracks: readonly WebmTrack[]
  /** `video/webm; codecs="vp8,opus"`: what Media Source is asked for. */
  readonly mimeType: string
  readonly title: string | null
  /** Wall-clock time of the timeline's zero. */
  readonly dateUtc: Date | null
  /** Bytes from the EBML header to the end of Tracks; a Void behind them is not counted. */
  readonly byteLength: number
}

/**
 * Reads an init segment that is wholly in `bytes`. Void elements in and behind it are passed over.
 *
 * @throws HypervisionError ERR_WEBM_MALFORMED when it is not whole, or something else stands in it
 * @throws HypervisionError ERR_WEBM_NOT_WEBM, ERR_WEBM_CODEC, ERR_WEBM_TIMESTAMP_SCALE as {@link WebmCutter.push}
 */
export function readInitSegment(bytes: Uint8Array): InitSegmentContents {
  let byteLength = 0
  let hasHeader = false
  let segment: Element | null = null
  for (const element of readElements(bytes, 0, bytes.length)) {
    if (element.id === elementIds.EBML) {
      checkEbmlHeader(bytes, element)
      hasHeader = true
    } else if (element.id === elementIds.Segment && hasHeader && segment === null) {
      segment = element
    } else if (element.id !== elementIds.Void) {
      throw malformed(element.start, 'an init segment is an EBML header and a Segment')
    }
  }
  if (segment === null) throw malformed(bytes.length, 'an init segment ends before its Segment')

  let tracks: WebmTrack[] | null = null
  let info: ReturnType<typeof readInfo> = { title: null, dateUtc: null }
  for (const element of readElements(bytes, segment.dataStart, segment.dataEnd)) {
    if (element.id === elementIds.Info) info = readInfo(bytes, element)
    else if (element.id === elementIds.Tracks) tracks = readTracks(bytes, element)
    else if (element.id === elementIds.Void) continue
    else throw malformed(element.start, 'an init segment holds Info and Tracks only')
    byteLength = element.dataEnd
  }
  if (tracks === null) throw malformed(bytes.length, 'an init segment has no Tracks')
  return { tracks, mimeType: mimeTypeOf(tracks), ...info, byteLength }
}
