/** How much of a channel to keep, as it is written on the command line. */
import type { ReadText } from './option.ts'

/** By time, by bytes, or by the less of both. */
export interface RetainText {
  readonly seconds?: number
  readonly bytes?: number
}

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }
const bytesOf: Readonly<Record<string, number>> = { mb: 1e6, gb: 1e9, tb: 1e12 }

/** `1h`, `2GB`, both as `1h,2GB`, or `all`. */
export const retain: ReadText<RetainText | 'all'> = (found) => {
  if (found === 'all') return found
  let kept: RetainText = {}
  for (const part of found.split(',')) {
    const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)([a-z]+)$/i.exec(part.trim()) ?? []
    const seconds = Number(digits) * (secondsOf[unit.toLowerCase()] ?? Number.NaN)
    const bytes = Number(digits) * (bytesOf[unit.toLowerCase()] ?? Number.NaN)
    if (seconds >= 1 && kept.seconds === undefined) kept = { ...kept, seconds }
    else if (bytes >= 1e6 && kept.bytes === undefined) kept = { ...kept, bytes }
    else throw new Error('be a time such as 90s, 30m, 1h or 2d, bytes such as 500MB or 2GB, both as in 1h,2GB, or all')
  }
  return kept
}
