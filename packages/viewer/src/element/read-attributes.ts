// What the attributes of the element say.
import type { StartPosition } from '@hypervision/core'

/** The words of an attribute; undefined where there is no such attribute, none where it is empty. */
export function wordsOf(value: string | null): string[] | undefined {
  return value?.split(/\s+/).filter((word) => word !== '')
}

/** `live`, `start`, or seconds before the live edge. */
export function readStart(value: string | null): StartPosition {
  if (value === 'start') return 'start'
  const seconds = Number(value)
  return value === null || value === 'live' || !(seconds >= 0) ? 'live' : { secondsAgo: seconds }
}
