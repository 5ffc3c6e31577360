// Reads Tracks: which tracks there are, and whether a browser can play them.
import { HypervisionError } from '../contracts/index.ts'
import { codecString } from './codec-string.ts'
import { type Element, readElements, readFloat, readText, readUint } from './element-data.ts'
import { elementIds } from './element-ids.ts'
import type { WebmCodec, WebmTrack } from './types.ts'
import { malformed } from './webm-error.ts'

const codecs: Readonly<Record<string, { kind: 'video' | 'audio'; codec: WebmCodec }>> = {
  V_VP8: { kind: 'video', codec: 'vp8' },
  V_VP9: { kind: 'video', codec: 'vp9' },
  V_AV1: { kind: 'video', codec: 'av1' },
  A_OPUS: { kind: 'audio', codec: 'opus' },
  A_VORBIS: { kind: 'audio', codec: 'vorbis' },
}

const trackTypes: Readonly<Record<number, 'video' | 'audio'>> = { 1: 'video', 2: 'audio' }

/**
 * Reads the data of a Tracks element.
 *
 * @param base absolute offset of `bytes[0]`, for errors
 * @throws HypervisionError ERR_WEBM_CODEC for a track that WebM does not allow
 * @throws HypervisionError ERR_WEBM_MALFORMED for a track that is incomplete, or no track at all
 */
export function readTracks(bytes: Uint8Array, tracksElement: Element, base = 0): WebmTrack[] {
  const tracks: WebmTrack[] = []
  for (const element of readElements(bytes, tracksElement.dataStart, tracksElement.dataEnd, base)) {
    if (element.id !== elementIds.TrackEntry) continue
    const track = readTrackEntry(bytes, element, base)
    if (tracks.some((other) => other.number === track.number)) {
      throw malformed(base + element.start, `two tracks have the number ${track.number}`)
    }
    tracks.push(track)
  }
  if (tracks.length === 0) throw malformed(base + tracksElement.start, 'Tracks has no track')
  return tracks
}

function readTrackEntry(bytes: Uint8Array, entry: Element, base: number): WebmTrack {
  let number = 0
  let type = 0
  let codecId = ''
  let codecPrivate: Uint8Array | null = null
  let video = { width: 0, height: 0, bitsPerChannel: 0 }
  let audio = { sampleRate: 8000, channels: 1 }
  for (const element of readElements(bytes, entry.dataStart, entry.dataEnd, base)) {
    if (element.id === elementIds.TrackNumber) number = readUint(bytes, element, base)
    if (element.id === elementIds.TrackType) type = readUint(bytes, element, base)
    if (element.id === elementIds.CodecID) codecId = readText(bytes, element)
    if (element.id === elementIds.CodecPrivate) codecPrivate = bytes.subarray(element.dataStart, element.dataEnd)
    if (element.id === elementIds.Video) video = readVideo(bytes, element, base)
    if (element.id === elementIds.Audio) audio = readAudio(bytes, element, base)
  }
  const at = base + entry.start
  if (number === 0) throw malformed(at, 'a TrackEntry has no TrackNumber')
  if (codecId === '') throw malformed(at, 'a TrackEntry has no CodecID')
  const kind = trackTypes[type]
  const known = Object.hasOwn(codecs, codecId) ? codecs[codecId] : undefined
  if (kind === undefined || known === undefined) throw foreignCodec(at, number, codecId)
  if (known.kind !== kind) throw malformed(at, `track ${number} is of type ${kind} but its codec is ${codecId}`)
  const string = codecString({ codec: known.codec, codecPrivate, ...video })
  if (kind === 'video') {
    return { number, kind, codec: known.codec, codecString: string, width: video.width, height: video.height }
  }
  return { number, kind, codec: known.codec, codecString: string, ...audio }
}

function readVideo(bytes: Uint8Array, video: Element, base: number) {
  let width = 0
  let height = 0
  let bitsPerChannel = 0
  for (const element of readElements(bytes, video.dataStart, video.dataEnd, base)) {
    if (element.id === elementIds.PixelWidth) width = readUint(bytes, element, base)
    if (element.id === elementIds.PixelHeight) height = readUint(bytes, element, base)
    if (element.id !== elementIds.Colour) continue
    for (const colour of readElements(bytes, element.dataStart, element.dataEnd, base)) {
      if (colour.id === elementIds.BitsPerChannel) bitsPerChannel = readUint(bytes, colour, base)
    }
  }
  return { width, height, bitsPerChannel }
}

/** Defaults of RFC 9559: 8000 Hz, one channel. */
function readAudio(bytes: Uint8Array, audio: Element, base: number) {
  let sampleRate = 8000
  let channels = 1
  for (const element of readElements(bytes, audio.dataStart, audio.dataEnd, base)) {
    if (element.id === elementIds.SamplingFrequency) sampleRate = readFloat(bytes, element, base)
    if (element.id === elementIds.Channels) channels = readUint(bytes, element, base)
  }
  return { sampleRate, channels }
}

function foreignCodec(offset: number, number: number, codecId: string): HypervisionError {
  // The id is whatever the input says: it goes into a message, so it is kept short and printable.
  const shown = codecId.replace(/[^\x20-\x7e]/g, '?').slice(0, 40)
  return new HypervisionError(
    'ERR_WEBM_CODEC',
    `Track ${number} at byte ${offset} has the codec ${shown}; WebM allows VP8, VP9, AV1, Opus and Vorbis. ` +
      'Leave the track out with `ffmpeg -i IN -map 0:v -map 0:a -c copy -f webm OUT`, ' +
      'or encode it with `ffmpeg -i IN -c:v libvpx -c:a libopus -f webm OUT`.',
    { detail: { offset, track: number, codec: shown } },
  )
}
