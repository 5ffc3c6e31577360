// Options of the cutter, with their defaults and what is allowed.
import { HypervisionError } from '../contracts/index.ts'

/** What the cutter tells when an epoch begins. */
export interface EpochStart {
  /** 0 for the first init segment that is given out, then 1, 2 … */
  readonly index: number
  /** Timestamp of the epoch's first frame as the source has it, milliseconds. */
  readonly firstTimestampMs: number
  /**
   * Wall-clock time of the source's timestamp 0, ms since 1970, as near as can be told: no frame comes before it was captured, so
   * it is the earliest that any of the frames up to now allows. By the first frame alone it would be late by as long as the recorder
   * took to start.
   */
  readonly zeroAtMs: number
}

/** What the epoch gets. */
export interface EpochPlacement {
  /**
   * What is added to every timestamp of the epoch, whole milliseconds. Where that would begin the epoch below zero, or not
   * after all that was given out before, the epoch begins later by just as much as is missing.
   */
  readonly offsetMs: number
  /** Title in Info. */
  readonly title?: string | undefined
  /** DateUTC in Info: the wall-clock time of the output timeline's zero. */
  readonly dateUtc?: Date | undefined
}

/** How to cut. */
export interface CutterOptions {
  /**
   * Longest time between the first frame of a block and the one that begins the next, milliseconds, 20 to 5000. Every
   * block waits for its last frame, so this is latency; every block costs a signature, so it is work. The default is to
   * be chosen by measurement.
   *
   * @default 100
   */
  readonly blockDurationMs?: number | undefined
  /**
   * Largest EBML header, Info and Tracks of one epoch together, bytes, 1024 to 64 MiB.
   *
   * @default 1048576
   */
  readonly maxInitBytes?: number | undefined
  /**
   * Largest SimpleBlock or BlockGroup, bytes, 1024 to 256 MiB.
   *
   * @default 8388608
   */
  readonly maxFrameBytes?: number | undefined
  /**
   * Largest sum of the frames of one block, bytes, 1024 to 256 MiB. A block that would grow beyond it is an error and is
   * not cut early: at live bitrates it cannot happen within `blockDurationMs`, so the source is broken or is no live
   * video, and blocks that follow from size as well as time would hide that.
   *
   * @default 16777216
   */
  readonly maxBlockBytes?: number | undefined
  /**
   * Bytes that are left free before each Cluster in its buffer, 0 to 4096: whoever puts something in front of it need not copy
   * it for that.
   *
   * @default 0
   */
  readonly headroomBytes?: number | undefined
  /**
   * Places an epoch on the output timeline. Called when the epoch's first block is complete, before its init segment is given
   * out. Where it is left out the first epoch keeps its timestamps, and a later one begins 1 ms after the last timestamp
   * that was given out.
   */
  readonly startEpoch?: ((epoch: EpochStart) => EpochPlacement) | undefined
  /** Wall clock, ms since 1970, for {@link EpochStart.zeroAtMs}. @default Date.now */
  readonly now?: (() => number) | undefined
}

const kibibyte = 1024
const mebibyte = 1024 * kibibyte

const ranges = {
  blockDurationMs: { least: 20, most: 5000, unit: 'milliseconds', byDefault: 100 },
  maxInitBytes: { least: kibibyte, most: 64 * mebibyte, unit: 'bytes', byDefault: mebibyte },
  maxFrameBytes: { least: kibibyte, most: 256 * mebibyte, unit: 'bytes', byDefault: 8 * mebibyte },
  maxBlockBytes: { least: kibibyte, most: 256 * mebibyte, unit: 'bytes', byDefault: 16 * mebibyte },
  headroomBytes: { least: 0, most: 4 * kibibyte, unit: 'bytes', byDefault: 0 },
} as const

/** The numbers of {@link CutterOptions}, checked and filled in. */
export type CutterLimits = Readonly<Record<keyof typeof ranges, number>>

/**
 * Checks options and fills in defaults.
 *
 * @throws HypervisionError ERR_OPTION_INVALID
 */
export function resolveCutterOptions(options: CutterOptions): CutterLimits {
  return {
    blockDurationMs: inRange('blockDurationMs', options.blockDurationMs),
    maxInitBytes: inRange('maxInitBytes', options.maxInitBytes),
    maxFrameBytes: inRange('maxFrameBytes', options.maxFrameBytes),
    maxBlockBytes: inRange('maxBlockBytes', options.maxBlockBytes),
    headroomBytes: inRange('headroomBytes', options.headroomBytes),
  }
}

function inRange(name: keyof typeof ranges, value: number | undefined): number {
  const { least, most, unit, byDefault } = ranges[name]
  if (value === undefined) return byDefault
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new HypervisionError(
    'ERR_OPTION_INVALID',
    `${name} must be a whole number of ${unit} from ${least} to ${most}, not ${String(value)}.`,
    { detail: { option: name, value } },
  )
}
