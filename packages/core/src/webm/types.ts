/** What the WebM reader and cutter give out: tracks, frames, init segments and Clusters. */

/** Codecs that WebM allows and Media Source plays. */
export type WebmCodec = 'vp8' | 'vp9' | 'av1' | 'opus' | 'vorbis'

/** One TrackEntry of a WebM stream. */
export interface WebmTrack {
  /** TrackNumber, which the frames name. */
  readonly number: number
  readonly kind: 'video' | 'audio'
  readonly codec: WebmCodec
  /** Codec string of the Media Source MIME type: `vp8`, `vp09.00.10.08`, `av01.0.04M.08`, `opus`, `vorbis`. */
  readonly codecString: string
  /** Pixels; video only. */
  readonly width?: number
  /** Pixels; video only. */
  readonly height?: number
  /** Hertz; audio only. */
  readonly sampleRate?: number
  /** Audio only. */
  readonly channels?: number
}

/** The head of an epoch: all that a decoder needs before the first Cluster. */
export interface InitSegment {
  readonly kind: 'init'
  /** EBML header, Segment of unknown size, Info and Tracks, exactly as a player takes them. */
  readonly bytes: Uint8Array
  readonly tracks: readonly WebmTrack[]
  /** `video/webm; codecs="vp8,opus"`: what Media Source is asked for. */
  readonly mimeType: string
}

/** One Cluster of known size, cut out of the source. */
export interface ClusterPiece {
  readonly kind: 'cluster'
  /** The whole Cluster element. */
  readonly bytes: Uint8Array
  /** Bytes right before it in its buffer that nobody uses. */
  readonly headroomBytes: number
  /** Whether its first video frame is a keyframe (audio-only: always). */
  readonly key: boolean
  /** Cluster timestamp on the output's timeline, milliseconds; the smallest of its frames. */
  readonly timestampMs: number
  /** From the first frame's timestamp to the last one's, milliseconds. */
  readonly spanMs: number
  /** SimpleBlocks and BlockGroups in it. */
  readonly frames: number
}

/** What a cutter gives out, in stream order: an init segment, then its Clusters, until the next init segment. */
export type WebmPiece = InitSegment | ClusterPiece
