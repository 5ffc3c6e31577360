/** How values are written on the command line. Each reader throws the rule that a text breaks. */
import type { EndPosition, StartPosition } from '@hypervision/core'
import type { ReadText } from './option.ts'

/** Any text that is not empty. */
export const text: ReadText<string> = (found) => {
  if (found === '') throw new Error('not be empty')
  return found
}

/** Ids of nodes, 64 hex digits each, with commas between them. */
export const nodeIds: ReadText<readonly string[]> = (found) => {
  const ids = found.split(',').map((id) => id.trim().toLowerCase())
  if (ids.every((id) => /^[0-9a-f]{64}$/.test(id))) return ids
  throw new Error('be ids of 64 hex digits, with commas between them')
}

/** A whole number in a range. */
export function wholeNumber(least: number, most: number, unit = ''): ReadText<number> {
  return (found) => {
    const number = Number(found)
    if (/^\d+$/.test(found) && number >= least && number <= most) return number
    throw new Error(`be a whole number${unit === '' ? '' : ` of ${unit}`} from ${least} to ${most}`)
  }
}

/** A number in a range, with or without a fraction. */
export function numberFrom(least: number, most: number, unit = ''): ReadText<number> {
  return (found) => {
    const number = Number(found)
    if (/^\d+(\.\d+)?$/.test(found) && number >= least && number <= most) return number
    throw new Error(`be a number${unit === '' ? '' : ` of ${unit}`} from ${least} to ${most}`)
  }
}

/** A TCP or UDP port; 0 lets the system choose. */
export const port = wholeNumber(0, 65535)

/** Bits per second with an optional k or M: `800k`, `2.5M`. */
export const bitrate: ReadText<number> = (found) => {
  const parts = /^(\d+(?:\.\d+)?)([kKmM]?)$/.exec(found)
  const factor = { '': 1, k: 1000, m: 1_000_000 }[(parts?.[2] ?? '').toLowerCase()] ?? 1
  const bits = Math.round(Number(parts?.[1]) * factor)
  if (bits >= 10_000 && bits <= 100_000_000) return bits
  throw new Error('be bits per second from 10k to 100M, such as 800k or 2.5M')
}

/** Width and height in pixels. */
export interface PictureSize {
  readonly width: number
  readonly height: number
}

/** Pixels as `1280x720`. */
export const pictureSize: ReadText<PictureSize> = (found) => {
  const parts = /^(\d{2,5})x(\d{2,5})$/i.exec(found)
  const [width, height] = [Number(parts?.[1]), Number(parts?.[2])]
  if (width >= 16 && height >= 16 && width <= 16384 && height <= 16384) return { width, height }
  throw new Error('be WIDTHxHEIGHT in pixels, such as 1280x720')
}

/** One of several words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): ReadText<Word> {
  return (found) => {
    const word = words.find((one) => one === found)
    if (word !== undefined) return word
    throw new Error(`be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}`)
  }
}

/** A node of the DHT: `host:port`, `[v6]:port`. */
export const hostPort: ReadText<string> = (found) => {
  const parts = /^(\[[0-9a-f:.]+\]|[^\s:[\]/]+):(\d{1,5})$/i.exec(found)
  const number = Number(parts?.[2])
  if (number >= 1 && number <= 65535) return found
  throw new Error('be HOST:PORT, such as 127.0.0.1:49737')
}

/** A STUN or TURN server as WebRTC takes it. */
export interface IceServerText {
  readonly urls: string
  readonly username?: string
  readonly credential?: string
}

/** `none`, `stun:host:port`, or `turn:user:password@host:port` with what RFC 3986 reserves percent-encoded. */
export const iceServer: ReadText<IceServerText | 'none'> = (found) => {
  if (found === 'none') return found
  const parts = /^(stuns?|turns?):(?:([^\s/:@]+):([^\s/@]+)@)?([^\s/@]+)$/.exec(found)
  const [, scheme = '', user, password, host = ''] = parts ?? []
  const isTurn = scheme.startsWith('turn')
  if (parts === null || isTurn !== (user !== undefined)) {
    throw new Error('be stun:HOST:PORT, turn:USER:PASSWORD@HOST:PORT, turns: likewise, or none')
  }
  const urls = `${scheme}:${host}`
  if (user === undefined || password === undefined) return { urls }
  return { urls, username: decoded(user), credential: decoded(password) }
}

function decoded(found: string): string {
  try {
    return decodeURIComponent(found)
  } catch {
    throw new Error('have its %-codes whole; write % as %25')
  }
}

/** A date and a time of day: `2026-01-31T20:15`, by the clock of this machine unless `Z` or `+01:00` stands behind it. */
export const dateTime: ReadText<Date> = (found) => {
  const isWhole = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?$/i.test(found)
  const date = new Date(found.replace(' ', 'T'))
  // The date of a day that there is not, 31 February, is one of the next month where it is read at all.
  const isDay = Number(found.slice(8, 10)) <= daysOf(Number(found.slice(0, 4)), Number(found.slice(5, 7)))
  if (isWhole && isDay && date.getTime() >= 0) return date
  throw new Error('be a date and a time from 1970 on, such as 2026-01-31T20:15 or 2026-01-31T20:15Z')
}

function daysOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** Where to begin: `live`, `start`, or seconds before the live edge. */
export const startPosition: ReadText<'live' | 'start' | { readonly secondsAgo: number }> = (found) => {
  if (found === 'live' || found === 'start') return found
  if (/^\d+(\.\d+)?$/.test(found)) return { secondsAgo: Number(found) }
  throw new Error('be live, start, or a number of seconds before the live edge, such as 30')
}

/** Where a recording begins: as {@link startPosition}, or a date and a time of day. */
export const recordStart: ReadText<StartPosition> = (found) =>
  momentIn(found) ?? readOr(startPosition, found, 'live, start')

/** Where a recording ends. */
export const endPosition: ReadText<EndPosition> = (found) => {
  if (found === 'end' || found === 'live') return found
  return momentIn(found) ?? readOr(secondsAgo, found, 'end, live')
}

const secondsAgo: ReadText<{ readonly secondsAgo: number }> = (found) => ({ secondsAgo: numberFrom(0, 1e9)(found) })

function momentIn(found: string): { readonly time: Date } | null {
  return /^\d+-/.test(found) ? { time: dateTime(found) } : null
}

function readOr<Value>(read: ReadText<Value>, found: string, words: string): Value {
  try {
    return read(found)
  } catch {
    throw new Error(
      `be ${words}, a number of seconds before the live edge, such as 30, or a time such as 2026-01-31T20:15`,
    )
  }
}
