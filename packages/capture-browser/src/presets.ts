// Picture sizes and bitrates with names. The first three are those of hypervision's first life, in 2016.

/** How large and how good. */
export interface Quality {
  /** Pixels, at the most. */
  readonly width: number
  /** Pixels, at the most. */
  readonly height: number
  /** Frames per second, at the most. */
  readonly frameRate: number
  readonly videoBitsPerSecond: number
  readonly audioBitsPerSecond: number
}

/** Qualities by name: 200, 500 and 800 kbit/s in all, and two for good connections. */
export const qualities = {
  low: { width: 426, height: 240, frameRate: 20, videoBitsPerSecond: 168_000, audioBitsPerSecond: 32_000 },
  medium: { width: 640, height: 360, frameRate: 30, videoBitsPerSecond: 452_000, audioBitsPerSecond: 48_000 },
  high: { width: 854, height: 480, frameRate: 30, videoBitsPerSecond: 736_000, audioBitsPerSecond: 64_000 },
  '720p': { width: 1280, height: 720, frameRate: 30, videoBitsPerSecond: 2_000_000, audioBitsPerSecond: 96_000 },
  '1080p': { width: 1920, height: 1080, frameRate: 30, videoBitsPerSecond: 4_000_000, audioBitsPerSecond: 128_000 },
} as const satisfies Record<string, Quality>

/** Name of a quality. */
export type QualityName = keyof typeof qualities

/** A quality by its name, or parts of one; what is left out is taken from `medium`. */
export function qualityOf(quality: QualityName | Partial<Quality> | undefined): Quality {
  return typeof quality === 'string' ? qualities[quality] : { ...qualities.medium, ...quality }
}
