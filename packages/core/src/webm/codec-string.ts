// What Media Source must be told before the first byte: the codec strings of RFC 6381 for the codecs of WebM.
import type { WebmCodec, WebmTrack } from './types.ts'

/** What a codec string is made from. */
export interface CodecParameters {
  readonly codec: WebmCodec
  /** CodecPrivate, where the track has one. */
  readonly codecPrivate: Uint8Array | null
  /** Pixels; 0 where unknown. */
  readonly width: number
  /** Pixels; 0 where unknown. */
  readonly height: number
  /** Colour\BitsPerChannel; 0 where unknown. */
  readonly bitsPerChannel: number
}

/**
 * Gives the codec string of a track: `vp8`, `vp09.00.10.08`, `av01.0.04M.08`, `opus`, `vorbis`.
 *
 * Sources: "VP Codec ISO Media File Format Binding" and the WebM guidelines for the CodecPrivate of VP9, "AV1 Codec ISO
 * Media File Format Binding" for `av1C`.
 */
export function codecString(parameters: CodecParameters): string {
  if (parameters.codec === 'vp9') return vp9String(parameters)
  if (parameters.codec === 'av1') return av1String(parameters)
  return parameters.codec
}

/**
 * Gives the MIME type that Media Source is asked for; video codecs come first, each codec once.
 */
export function mimeTypeOf(tracks: readonly WebmTrack[]): string {
  const video = tracks.filter((track) => track.kind === 'video')
  const audio = tracks.filter((track) => track.kind === 'audio')
  const codecs = new Set([...video, ...audio].map((track) => track.codecString))
  return `${video.length > 0 ? 'video' : 'audio'}/webm; codecs="${[...codecs].join(',')}"`
}

const twoDigits = (value: number) => String(value).padStart(2, '0')

/** Profile, level and bit depth, by the feature ids of the VP9 CodecPrivate; encoders often leave it out. */
function vp9String({ codecPrivate, width, height, bitsPerChannel }: CodecParameters): string {
  let profile = bitsPerChannel > 8 ? 2 : 0
  let level = vp9LevelFor(width * height)
  let bitDepth = bitsPerChannel > 8 ? bitsPerChannel : 8
  const features = codecPrivate ?? new Uint8Array(0)
  for (let at = 0; at + 2 < features.length; at += 2 + (features[at + 1] ?? 0)) {
    const value = features[at + 2] ?? 0
    if (features[at + 1] !== 1) continue
    if (features[at] === 1) profile = value
    if (features[at] === 2) level = value
    if (features[at] === 3) bitDepth = value
  }
  return `vp09.${twoDigits(profile)}.${twoDigits(level)}.${twoDigits(bitDepth)}`
}

/** Largest luma picture, in pixels, of the VP9 levels. */
const vp9Levels: readonly (readonly [pixels: number, level: number])[] = [
  [36_864, 10],
  [73_728, 11],
  [122_880, 20],
  [245_760, 21],
  [552_960, 30],
  [983_040, 31],
  [2_228_224, 40],
  [8_912_896, 50],
]

function vp9LevelFor(pixels: number): number {
  return vp9Levels.find(([largest]) => pixels <= largest)?.[1] ?? 60
}

/** Profile, level, tier and bit depth out of the first bytes of `av1C`. */
function av1String({ codecPrivate, bitsPerChannel }: CodecParameters): string {
  const [, profileAndLevel, flags] = codecPrivate ?? []
  if (profileAndLevel === undefined || flags === undefined) {
    return `av01.0.04M.${twoDigits(bitsPerChannel > 8 ? bitsPerChannel : 8)}`
  }
  const tier = flags & 0x80 ? 'H' : 'M'
  const bitDepth = flags & 0x40 ? (flags & 0x20 ? 12 : 10) : 8
  return `av01.${profileAndLevel >> 5}.${twoDigits(profileAndLevel & 0x1f)}${tier}.${twoDigits(bitDepth)}`
}
