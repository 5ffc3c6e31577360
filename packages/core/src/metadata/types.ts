/** What a channel says about itself. */

/** Formats of a poster: those that every browser shows and that hold no script. */
export type PosterType = 'image/avif' | 'image/jpeg' | 'image/png' | 'image/webp'

/** A still picture for the time in which there is none of the video. */
export interface ChannelPoster {
  /** What its first bytes say that it is. */
  readonly type: PosterType
  /** The file, up to 131 072 bytes. */
  readonly bytes: Uint8Array
}

/** What viewers read before the first block, signed by the broadcaster. */
export interface ChannelMetadata {
  /** Title of the show, 1 to 200 characters; null where there is none. */
  readonly title: string | null
  /** What it is about, 1 to 2000 characters; null where there is none. */
  readonly description: string | null
  /** When the broadcast is meant to begin; it may lie in the past. Null where nothing is planned. */
  readonly startsAt: Date | null
  /** Null where there is none. */
  readonly poster: ChannelPoster | null
}

/** What a broadcaster says of its channel. What is left out stays as it was in the storage; null takes it away. */
export interface MetadataOptions {
  /** Title of the show, up to 200 characters; it stands in each init segment, too. */
  readonly title?: string | null
  /** What the show is about, up to 2000 characters. */
  readonly description?: string | null
  /** A still picture: an AVIF, JPEG, PNG or WebP file of up to 131 072 bytes (128 KiB). */
  readonly poster?: Uint8Array | null
  /** When the broadcast is meant to begin, 1970 or later. Viewers who wait are told. */
  readonly startsAt?: Date | null
}
