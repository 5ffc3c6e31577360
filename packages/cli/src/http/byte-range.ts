/** Which bytes a request is for: RFC 9110, sections 13.1 and 14. */

/** Bytes `start` to `end`, the one behind the last. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Reads a Range header.
 *
 * @param length of what is there, at least 1
 * @returns null for all of it: there is no header, it is none of ours, or it asks for several ranges, which a server may answer so;
 * `unsatisfiable` where it asks for what is not there
 */
export function readRange(header: string | undefined, length: number): ByteRange | 'unsatisfiable' | null {
  const parts = /^bytes=[\t ]*(\d*)-(\d*)[\t ]*$/i.exec(header ?? '')
  const [, first = '', last = ''] = parts ?? []
  if (parts === null || (first === '' && last === '')) return null
  if (first === '') {
    const suffix = Number(last)
    return suffix === 0 ? 'unsatisfiable' : { start: Math.max(0, length - suffix), end: length }
  }
  const [start, end] = [Number(first), last === '' ? length : Number(last) + 1]
  if (start >= end && last !== '') return null
  return start >= length ? 'unsatisfiable' : { start, end: Math.min(end, length) }
}

/** Whether an If-None-Match header names a tag; strong and weak ones compare alike there. */
export function namesTag(header: string | undefined, tag: string): boolean {
  const tags = (header ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''))
  return tags.includes('*') || tags.includes(tag)
}
