/** Checks what an application says of its channel, and puts it into the place of what was said before. */
import { optionError } from '../node/check-options.ts'
import { imageTypeOf } from './image-type.ts'
import { latestStartMs, maxDescription, maxPosterBytes, maxTitle } from './metadata-payload.ts'
import type { ChannelMetadata, MetadataOptions } from './types.ts'

const nothing: ChannelMetadata = { title: null, description: null, startsAt: null, poster: null }

/** @throws HypervisionError ERR_OPTION_INVALID */
export function checkMetadata({ title, description, startsAt, poster }: MetadataOptions): void {
  checkText('title', title, maxTitle)
  checkText('description', description, maxDescription)
  if (startsAt !== undefined && startsAt !== null && !isStart(startsAt)) {
    throw optionError('startsAt', 'a valid Date, 1970 or later', startsAt)
  }
  if (poster === undefined || poster === null) return
  if (!(poster instanceof Uint8Array) || poster.byteLength > maxPosterBytes || imageTypeOf(poster) === null) {
    throw optionError(
      'poster',
      `an AVIF, JPEG, PNG or WebP file of up to ${maxPosterBytes} bytes, as a Uint8Array`,
      poster instanceof Uint8Array
        ? `${poster.byteLength} bytes of ${imageTypeOf(poster) ?? 'something else'}`
        : poster,
    )
  }
}

/** Whether anything is said at all. */
export function saysAnything({ title, description, startsAt, poster }: MetadataOptions): boolean {
  return [title, description, startsAt, poster].some((one) => one !== undefined)
}

/** What is said now in the place of what was said before: null takes away, and what is left out stays. */
export function mergeMetadata(before: ChannelMetadata | null, said: MetadataOptions): ChannelMetadata {
  const { title, description, startsAt, poster } = before ?? nothing
  return {
    title: said.title === undefined ? title : said.title,
    description: said.description === undefined ? description : said.description,
    startsAt: said.startsAt === undefined ? startsAt : copyOf(said.startsAt),
    poster: said.poster === undefined ? poster : posterOf(said.poster),
  }
}

function posterOf(bytes: Uint8Array | null): ChannelMetadata['poster'] {
  const type = bytes === null ? null : imageTypeOf(bytes)
  return bytes === null || type === null ? null : { type, bytes: Uint8Array.from(bytes) }
}

function copyOf(date: Date | null): Date | null {
  return date === null ? null : new Date(date)
}

/** A text that is not to be had as UTF-8 (half a surrogate pair) is not the same on the other side. */
function checkText(option: string, value: unknown, longest: number): void {
  if (value === undefined || value === null) return
  const isText = typeof value === 'string' && value.length > 0 && value.length <= longest && !loneSurrogate.test(value)
  if (!isText) throw optionError(option, `a text of 1 to ${longest} characters, or null`, value)
}

const loneSurrogate = /\p{Surrogate}/u

function isStart(value: unknown): value is Date {
  return value instanceof Date && value.getTime() >= 0 && value.getTime() <= latestStartMs
}
