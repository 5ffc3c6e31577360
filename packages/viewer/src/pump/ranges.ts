// What a browser has buffered, as plain pairs of seconds.

/** From its first second to its last one. */
export type Range = readonly [start: number, end: number]

/** Frames that are this close belong together: what one track lacks at a cut, another one has. */
const tolerance = 0.05

export function rangesOf(ranges: TimeRanges): Range[] {
  return Array.from({ length: ranges.length }, (_, place) => [ranges.start(place), ranges.end(place)] as const)
}

/** The range that holds a moment; null in a hole. Its very end is in no range: nothing can be played there. */
export function rangeAt(ranges: readonly Range[], seconds: number): Range | null {
  return ranges.find(([start, end]) => seconds >= start - tolerance && seconds < end) ?? null
}

/** The first range that begins after a moment. */
export function rangeAfter(ranges: readonly Range[], seconds: number): Range | null {
  return ranges.find(([start]) => start > seconds) ?? null
}

/** Seconds that can be played from a moment on without a hole. */
export function playableFrom(ranges: readonly Range[], seconds: number): number {
  const range = rangeAt(ranges, seconds)
  return range === null ? 0 : range[1] - seconds
}
