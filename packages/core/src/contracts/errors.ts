/**
 * The one error class of hypervision and the codes it carries. Adapters throw it too, so it lives in the contracts:
 * an application can switch on `code` whichever package failed.
 */

/** Every code that hypervision's own packages use, with what it means in one line. docs/errors.md is checked against it. */
export const errorCodes = {
  ERR_CAPTURE_CODEC: 'The browser cannot record the codec.',
  ERR_CAPTURE_DEVICE: 'A capture device is missing, busy or was refused.',
  ERR_CAPTURE_ENDED: 'The source ended before it gave any media.',
  ERR_CAPTURE_FAILED: 'The capture stopped in mid-stream.',
  ERR_CAPTURE_INPUT: 'The input of a capture cannot be opened or read.',
  ERR_CAPTURE_IN_USE: 'The capture is open already; it serves one broadcast at a time.',
  ERR_CAPTURE_MISSING: 'A program that the capture needs is not installed.',
  ERR_CAPTURE_TIMEOUT: 'The capture gave no media within its start time-out.',
  ERR_FEED_BEHIND: 'Viewers have more of the channel than the storage of its broadcaster.',
  ERR_FEED_CLOSED: 'The broadcast, viewer or relay is closed.',
  ERR_FEED_CONFLICT: 'Two histories were signed with one key.',
  ERR_FEED_FORMAT: 'A block is not of the feed format.',
  ERR_FEED_NOT_FOUND: 'Nobody who has the channel was found in time.',
  ERR_FEED_ON_AIR: 'Another broadcaster is on air with the key of the channel.',
  ERR_FEED_STORAGE: 'The storage cannot be read or written.',
  ERR_FEED_STORAGE_COPIED: 'The storage is a copy of another one.',
  ERR_FEED_STORAGE_FULL:
    'There is no space left for the storage: the disk is full, or a browser gives the site no more.',
  ERR_FEED_STORAGE_IN_USE: 'Another process, or another tab of the site, has the storage open.',
  ERR_FEED_STORAGE_KEY: 'The storage belongs to another channel.',
  ERR_FEED_STORAGE_OUTDATED: 'The storage of a viewer or relay ends before what the broadcaster still has proofs of.',
  ERR_FEED_STORAGE_PRIVATE:
    'The storage holds a private channel and a public one was asked for, or the other way round.',
  ERR_FEED_VERSION: 'The feed is of a newer major version than this reader.',
  ERR_OPTION_INVALID: 'An option has a value that is not allowed.',
  ERR_OPTION_LINK: 'A link is misspelt or is not a hypervision link.',
  ERR_PLAYBACK_CODEC: 'The browser cannot play the codecs of the stream.',
  ERR_PLAYBACK_MEDIA: 'The browser gave up on a part of the stream.',
  ERR_PLAYBACK_UNSUPPORTED: 'The browser lacks what live video needs.',
  ERR_RECORDING_EMPTY: 'There is nothing in the span that was to be recorded or served.',
  ERR_SECRET_CHANGED: 'The broadcaster changed the secret of the channel.',
  ERR_SECRET_MISSING: 'The channel is private and the link has no secret.',
  ERR_SECRET_WRONG: 'The secret of the link does not open the channel.',
  ERR_TRANSPORT_CLOSED: 'The transport session is closed.',
  ERR_TRANSPORT_FAILED: 'A transport cannot be opened or has stopped working.',
  ERR_TRANSPORT_PEER: 'A peer broke the rules and was dropped.',
  ERR_TRANSPORT_PORT: 'A port is taken or may not be bound.',
  ERR_TRANSPORT_REFUSED: 'A peer does not serve this node.',
  ERR_TRANSPORT_TOO_SLOW: 'The connection carries less than the stream takes.',
  ERR_TRANSPORT_UNSUPPORTED: 'A transport needs what this browser or machine lacks.',
  ERR_TRANSPORT_UPLOAD_LIMIT: 'The upload limit is less than the stream takes.',
  ERR_WEBM_CODEC: 'A track has a codec that WebM does not allow.',
  ERR_WEBM_LIMIT: 'An element is larger than the limit set for it.',
  ERR_WEBM_MALFORMED: 'The bytes break the rules of EBML or WebM.',
  ERR_WEBM_NOT_WEBM: 'The input is something other than WebM.',
  ERR_WEBM_TIMESTAMP_SCALE: 'The stream counts time in another unit than milliseconds.',
  ERR_WEBM_TRUNCATED: 'The input ended in the middle of an element.',
} as const

/** A code of ours, or one that another author's capture or transport adds to its family. */
export type HypervisionErrorCode = keyof typeof errorCodes | `ERR_CAPTURE_${string}` | `ERR_TRANSPORT_${string}`

/** What a {@link HypervisionError} carries beside its message. */
export interface HypervisionErrorOptions {
  /** The error that led to this one, as it was caught. */
  readonly cause?: unknown
  /** Plain values for programs: offsets, paths, limits, the last lines of a child process. */
  readonly detail?: Readonly<Record<string, unknown>>
}

/**
 * The error of every hypervision package. The message says what failed, where, what was found and what to do; `code`
 * says it to a program.
 */
export class HypervisionError extends Error {
  override readonly name = 'HypervisionError'
  /** What kind of failure it is, for programs. */
  readonly code: HypervisionErrorCode
  /** Plain values that belong to it; empty where there are none. */
  readonly detail: Readonly<Record<string, unknown>>

  constructor(code: HypervisionErrorCode, message: string, options: HypervisionErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.detail = options.detail ?? {}
  }
}
