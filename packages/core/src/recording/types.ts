/** The public face of recordings: files made of a channel, written as it goes on or read out of what it holds. */
import type { StartPosition } from '../feed/start-position.ts'
import type { WebmTrack } from '../webm/index.ts'

/**
 * Where a recording ends: `end` when the broadcast has ended and nothing comes after it, `live` at what is there when it
 * begins, `secondsAgo` before the live edge at its beginning, or at a time.
 */
export type EndPosition = 'end' | 'live' | { readonly secondsAgo: number } | { readonly time: Date }

/** What is known of a file before its first byte is written. */
export interface RecordingFile {
  /** Place among the files of the recording, from 1. */
  readonly number: number
  /** `video/webm; codecs="vp8,opus"` */
  readonly mimeType: string
  readonly tracks: readonly WebmTrack[]
  /** Title of the show; null where the broadcaster gave none. */
  readonly title: string | null
  /** Wall-clock time of its first frame, by the broadcaster's clock. */
  readonly time: Date
}

/** Where the bytes of one file go. Its methods are called one at a time; what they throw ends the recording. */
export interface RecordingTarget {
  /**
   * Stores bytes. They follow what is there, but for the last call, which puts the file's head right at position 0: that makes the
   * live WebM that it is until then a file with a duration that players seek in.
   *
   * @param position offset in the file
   */
  write(bytes: Uint8Array, position: number): void | Promise<void>
  /**
   * Nothing more comes.
   *
   * @param isFinished false where writing failed: what was written plays, and players cannot seek in it
   */
  close(isFinished: boolean): void | Promise<void>
}

/** Options of {@link Viewer.record}. */
export interface RecordOptions {
  /**
   * Begins with the keyframe at or before this place. The viewer's own stream stays where it is.
   * @default 'live'
   */
  readonly from?: StartPosition
  /** @default 'end' */
  readonly to?: EndPosition
  /** Makes the place for a file: the first one, and one more whenever codec, size of the picture or number of tracks change. */
  readonly open: (file: RecordingFile) => RecordingTarget | Promise<RecordingTarget>
  /** Does what {@link Recording.stop} does. */
  readonly signal?: AbortSignal
}

/** Figures of a recording. */
export interface RecordingStats {
  /** Files begun. */
  readonly files: number
  /** Bytes written. */
  readonly bytes: number
  /** Length of the files together, seconds. */
  readonly seconds: number
  /** Blocks that were written. */
  readonly blocks: number
  /** Blocks that are not in the files: nobody had them any more, or they could not be decoded without those. */
  readonly missingBlocks: number
}

/** A recording under way. */
export interface Recording {
  /**
   * Resolves when every file is whole: at the end of the span, after `stop`, or when the viewer is closed.
   *
   * Rejects with what a target threw, with ERR_FEED_… where the channel is broken (its file is whole up to there), or with
   * ERR_RECORDING_EMPTY where there is nothing in the span.
   */
  readonly finished: Promise<RecordingStats>
  /** Figures as they are now. */
  stats(): RecordingStats
  /** Ends the recording with what was written so far; resolves or rejects as `finished`. */
  stop(): Promise<RecordingStats>
}

/** What a channel holds as one seekable WebM file, whose bytes are made when they are read. */
export interface RecordedFile extends RecordingFile {
  readonly byteLength: number
  readonly durationSeconds: number
  /** Names these bytes: the same channel read again has the same for the same bytes. Letters, digits and hyphens. */
  readonly tag: string
  /**
   * Reads bytes, a block at a time. Blocks that nobody has any more become a Void of their size.
   *
   * @param start first byte
   * @param end the byte behind the last one
   * @throws RangeError where that is not in the file
   */
  read(start: number, end: number, options?: { readonly signal?: AbortSignal }): AsyncGenerator<Uint8Array, void>
}
