/**
 * The bytes of a channel's metadata, as docs/channel-protocol.md has them: tag, version, then fields that each say how long they are. They
 * are signed, and hidden where the channel is private, by metadata-record.ts.
 */
import b4a from 'b4a'
import c, { type State } from 'compact-encoding'
import { HypervisionError } from '../contracts/index.ts'
import { imageTypeOf } from './image-type.ts'
import type { ChannelMetadata, ChannelPoster } from './types.ts'

/** Longest title and description, in UTF-16 code units, as JavaScript counts. */
export const maxTitle = 200
export const maxDescription = 2000
/** Largest poster: one that a page shows in its own size is smaller as a rule. */
export const maxPosterBytes = 128 * 1024
/** The latest time that a Date can hold, ms since 1970. */
export const latestStartMs = 8.64e15

const tag = b4a.from('hm')
const version = 1
const headLength = 3
const fieldTitle = 1
const fieldDescription = 2
const fieldStartsAt = 3
const fieldPoster = 4
/** Bytes of UTF-8 that a UTF-16 code unit takes at the most. */
const utf8PerUnit = 3

/** Writes metadata. Nothing of it is checked: {@link readMetadata} of the result may throw. */
export function writeMetadata({ title, description, startsAt, poster }: ChannelMetadata): Uint8Array {
  const fields: [id: number, content: Uint8Array][] = []
  if (title !== null) fields.push([fieldTitle, b4a.from(title)])
  if (description !== null) fields.push([fieldDescription, b4a.from(description)])
  if (startsAt !== null) fields.push([fieldStartsAt, c.encode(c.uint64, startsAt.getTime())])
  if (poster !== null) fields.push([fieldPoster, poster.bytes])
  const parts = fields.map(([id, content]) => [Uint8Array.of(id), c.encode(c.uint, content.byteLength), content])
  return b4a.concat([tag, Uint8Array.of(version), ...parts.flat()])
}

/**
 * Reads metadata.
 *
 * @throws HypervisionError ERR_FEED_FORMAT, and ERR_FEED_VERSION for those of a newer major version
 */
export function readMetadata(bytes: Uint8Array): ChannelMetadata {
  if (bytes.byteLength < headLength || !b4a.equals(bytes.subarray(0, 2), tag))
    throw malformed('they do not begin as such')
  const found = bytes[2] ?? 0
  if (found === 0) throw malformed('their version is 0')
  if (found > version) {
    throw new HypervisionError(
      'ERR_FEED_VERSION',
      `The metadata of the channel are of version ${found}; this reader knows version ${version}. Update it.`,
      { detail: { version: found } },
    )
  }
  const fields = fieldsOf(bytes)
  return {
    title: textFrom(fields.get(fieldTitle), 'title', maxTitle),
    description: textFrom(fields.get(fieldDescription), 'description', maxDescription),
    startsAt: dateFrom(fields.get(fieldStartsAt)),
    poster: posterFrom(fields.get(fieldPoster)),
  }
}

/** Each field once, in rising order, so that one metadata has one form. */
function fieldsOf(bytes: Uint8Array): Map<number, Uint8Array> {
  const fields = new Map<number, Uint8Array>()
  const state: State = { buffer: bytes, start: headLength, end: bytes.byteLength }
  for (let last = 0; state.start < state.end; ) {
    const id = bytes[state.start++] ?? 0
    if (id <= last) throw malformed(`field ${id} comes after field ${last}`)
    last = id
    const length = uintFrom(state)
    if (length > state.end - state.start) throw malformed(`field ${id} is cut short`)
    fields.set(id, bytes.subarray(state.start, state.start + length))
    state.start += length
  }
  return fields
}

function uintFrom(state: State): number {
  try {
    return c.uint.decode(state)
  } catch {
    throw malformed('a length is cut short')
  }
}

function textFrom(bytes: Uint8Array | undefined, name: string, longest: number): string | null {
  if (bytes === undefined) return null
  if (bytes.byteLength > longest * utf8PerUnit) throw malformed(`the ${name} has ${bytes.byteLength} bytes`)
  const text = decodeText(bytes, name)
  if (text.length < 1 || text.length > longest) throw malformed(`the ${name} has ${text.length} characters`)
  return text
}

function decodeText(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw malformed(`the ${name} is not UTF-8`)
  }
}

function dateFrom(bytes: Uint8Array | undefined): Date | null {
  if (bytes === undefined) return null
  if (bytes.byteLength !== 8) throw malformed('the start is not of 8 bytes')
  const ms = uint64From(bytes)
  if (ms > latestStartMs) throw malformed('the start is later than there is time')
  return new Date(ms)
}

function posterFrom(bytes: Uint8Array | undefined): ChannelPoster | null {
  if (bytes === undefined) return null
  if (bytes.byteLength > maxPosterBytes) throw malformed(`the poster has ${bytes.byteLength} bytes`)
  const type = imageTypeOf(bytes)
  if (type === null) throw malformed('the poster is no AVIF, JPEG, PNG or WebP')
  // A copy of its own: what an application changes in it is not what is stored and passed on.
  return { type, bytes: Uint8Array.from(bytes) }
}

/** More than 2^53 − 1 is infinite. */
function uint64From(bytes: Uint8Array): number {
  try {
    return c.decode(c.uint64, bytes)
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

function malformed(problem: string): HypervisionError {
  return new HypervisionError('ERR_FEED_FORMAT', `The metadata of the channel are malformed: ${problem}.`, {
    detail: { problem },
  })
}
