/** WebM of a one-coloured picture and silence, written by hand, so that a test has live video without an encoder. */
import { elementIds, unknownSize, writeVint } from '@hypervision/core/webm'

/** A video frame of the stream. */
export interface FakeFrame {
  /** Counts from 0; it is written behind the picture, so that no two frames are alike. */
  readonly index: number
  /** Since the Cluster's timestamp, milliseconds, 0 to 32767. */
  readonly relativeMs: number
  readonly isKeyframe: boolean
  /** Size of the frame; it is never less than the picture takes. */
  readonly bytes: number
}

const videoTrack = 1
const audioTrack = 2
const width = 320
const height = 180

/** VP8 (RFC 6386) in one colour: a keyframe, and a frame in which nothing moves. */
const keyframe = fromBase64(
  'kA8AnQEqQAG0AABHCIWFiIWEiAICAnWqA/gCBoaE9waBZJ9r25snOHsnOHsnOHsnOHsnOHsnOHsnOHsnOHsnOHsnOHsnOHsnOHsnOHsnOHsn' +
    'OHsnOHsnOHsnOHsnOHsnOHsnOHsnOHsnOHsnOHsnOHsnOHsnOHsnOHsnOHsnOHsnOHsnLgD+/I2H/8ZU+MqfGVP+Mqf+++HvfD3vh/koAA==',
)
const stillFrame = fromBase64('sQIAARAQABgAGFgv9AAIgAQzX61yT5WAAA==')
/** Opus (RFC 6716): 20 ms of silence, stereo. */
const silence = Uint8Array.of(0xfc, 0xff, 0xfe)
/** OpusHead (RFC 7845, section 5.1): version 1, 2 channels, no pre-skip, 48 kHz, no gain, mapping 0. */
const opusHead = Uint8Array.of(...ascii('OpusHead'), 1, 2, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0)

/** Milliseconds of sound in each audio frame. */
export const audioFrameMs = 20

/** EBML header, Segment of unknown size, Info and Tracks. */
export function fakeInit({ hasAudio }: { readonly hasAudio: boolean }): Uint8Array {
  const header = element(
    elementIds.EBML,
    uint(elementIds.EBMLReadVersion, 1),
    uint(elementIds.EBMLMaxIDLength, 4),
    uint(elementIds.EBMLMaxSizeLength, 8),
    element(elementIds.DocType, ascii('webm')),
  )
  const info = element(
    elementIds.Info,
    uint(elementIds.TimestampScale, 1_000_000),
    element(elementIds.MuxingApp, ascii('testkit')),
    element(elementIds.WritingApp, ascii('testkit')),
  )
  const video = element(
    elementIds.TrackEntry,
    uint(elementIds.TrackNumber, videoTrack),
    uint(elementIds.TrackUID, videoTrack),
    uint(elementIds.TrackType, 1),
    element(elementIds.CodecID, ascii('V_VP8')),
    element(elementIds.Video, uint(elementIds.PixelWidth, width), uint(elementIds.PixelHeight, height)),
  )
  const audio = element(
    elementIds.TrackEntry,
    uint(elementIds.TrackNumber, audioTrack),
    uint(elementIds.TrackUID, audioTrack),
    uint(elementIds.TrackType, 2),
    element(elementIds.CodecID, ascii('A_OPUS')),
    element(elementIds.CodecPrivate, opusHead),
    element(elementIds.Audio, float(elementIds.SamplingFrequency, 48_000), uint(elementIds.Channels, 2)),
  )
  const tracks = element(elementIds.Tracks, video, ...(hasAudio ? [audio] : []))
  return join(header, openElement(elementIds.Segment), info, tracks)
}

/** The head of a Cluster of unknown size. */
export function fakeCluster(timestampMs: number): Uint8Array {
  return join(openElement(elementIds.Cluster), uint(elementIds.Timestamp, timestampMs))
}

/** A SimpleBlock with a picture. */
export function fakeVideo({ index, relativeMs, isKeyframe, bytes }: FakeFrame): Uint8Array {
  const picture = isKeyframe ? keyframe : stillFrame
  const frame = new Uint8Array(Math.max(bytes, picture.byteLength + 4))
  // A decoder does not look behind the last partition.
  for (let at = picture.byteLength; at < frame.byteLength; at++) frame[at] = index >>> (8 * (at & 3))
  frame.set(picture)
  return simpleBlock(videoTrack, relativeMs, isKeyframe, frame)
}

/** A SimpleBlock with silence. */
export function fakeAudio(relativeMs: number): Uint8Array {
  return simpleBlock(audioTrack, relativeMs, true, silence)
}

/** Makes one of several pieces. */
export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.byteLength
  }
  return bytes
}

function simpleBlock(track: number, relativeMs: number, isKeyframe: boolean, frame: Uint8Array): Uint8Array {
  const head = Uint8Array.of(0x80 | track, relativeMs >> 8, relativeMs, isKeyframe ? 0x80 : 0)
  return element(elementIds.SimpleBlock, head, frame)
}

function element(id: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const data = join(...parts)
  return join(bigEndian(id), writeVint(data.byteLength), data)
}

function openElement(id: number): Uint8Array {
  return join(bigEndian(id), writeVint(unknownSize, 8))
}

function uint(id: number, value: number): Uint8Array {
  return element(id, bigEndian(value))
}

function float(id: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, value)
  return element(id, bytes)
}

/** In as few bytes as it takes, one at least. */
function bigEndian(value: number): Uint8Array {
  const bytes: number[] = []
  for (let rest = value; rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Uint8Array.from(bytes)
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
