// The errors of this folder in one place, so that each says where, what was found and what to do in the same way.
import { HypervisionError } from '../contracts/index.ts'

/**
 * Makes the error for bytes that break the rules of EBML or WebM.
 *
 * @param offset absolute byte offset in the input
 * @param found what stands there, as the end of a sentence
 */
export function malformed(offset: number, found: string): HypervisionError {
  return new HypervisionError(
    'ERR_WEBM_MALFORMED',
    `The WebM is malformed at byte ${offset}: ${found}. ` +
      'Check what happens to the stream on its way here, or rewrite it with `ffmpeg -i IN -c copy -f webm OUT`.',
    { detail: { offset } },
  )
}

/**
 * Makes the error for something that is larger than its limit.
 *
 * @param option the cutter's option that raises the limit
 */
export function limitExceeded(offset: number, what: string, bytes: number, option: string, limit: number) {
  return new HypervisionError(
    'ERR_WEBM_LIMIT',
    `${what} at byte ${offset} has ${bytes} bytes; the limit is ${limit}. ` +
      `Lower the bitrate of the source, or raise ${option} if this is meant.`,
    { detail: { offset, bytes, limit, option } },
  )
}

/** Makes the error for an input that ended inside an element. */
export function truncated(offset: number): HypervisionError {
  return new HypervisionError(
    'ERR_WEBM_TRUNCATED',
    `The WebM ended in the middle of the element that begins at byte ${offset}. ` +
      'Everything before it was given out; check that the file was copied or downloaded to its end.',
    { detail: { offset } },
  )
}
