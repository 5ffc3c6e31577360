// A source buffer made of arithmetic, with the habits of browsers that show in `buffered`. Track 1 is video, track 2 sound.
import { type ClusterFrame, readCluster } from '@hypervision/core/webm'
import { cluster } from '../../core/test/webm/webm-builder.ts'
import type { AppendTarget } from '../src/pump/cluster-appender.ts'
import type { Range } from '../src/pump/ranges.ts'

/** What a browser does with Clusters. */
export interface Habits {
  /** Drops Clusters of known size that do not begin with a keyframe, from so many ms on. */
  readonly losesSmallFromMs?: number
  /** Keeps the last frame of an open Cluster until the next one comes. */
  readonly holdsBack?: boolean
  /** Drops everything but keyframes. */
  readonly losesAll?: boolean
}

interface Track {
  /** Timestamp → duration, ms. */
  readonly frames: Map<number, number>
  held: ClusterFrame | null
  lastMs: number | null
  longestMs: number
  needsKey: boolean
}

const usualMs = 20
const headLength = 22

/** Two tracks, in which a frame lasts 20 ms where nothing else is known. */
export class FakeSourceBuffer implements AppendTarget {
  readonly appended: Uint8Array[] = []
  readonly #habits: Habits
  readonly #tracks = [newTrack(), newTrack()]
  #openMs: number | null = null

  constructor(habits: Habits = {}) {
    this.#habits = habits
  }

  closeCluster(): void {
    for (const track of this.#tracks) if (track.held !== null) this.#take(track, [track.held], false)
    this.#openMs = null
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.appended.push(bytes)
    const isSmall = bytes[0] === 0xec
    const opens = bytes[0] === 0x1f
    if (isSmall || opens) this.closeCluster()
    if (opens) this.#openMs = Number(Buffer.from(bytes).readBigUInt64BE(headLength - 8))
    const known = isSmall ? bytes : cluster(this.#openMs ?? 0, bytes.subarray(opens ? headLength : 0))
    const { frames, timestampMs } = readCluster(known)
    const hasKey = frames.some(({ track, key }) => track === 1 && key)
    if (isSmall && !hasKey && timestampMs >= (this.#habits.losesSmallFromMs ?? Number.POSITIVE_INFINITY)) return
    if (this.#habits.losesAll && !hasKey) return
    for (const [at, track] of this.#tracks.entries()) {
      const own = frames.filter((frame) => frame.track === at + 1)
      this.#take(track, track.held === null ? own : [track.held, ...own], !isSmall)
    }
  }

  /** What both tracks have. */
  ranges(): Range[] {
    const [video = [], audio = []] = this.#tracks.map(({ frames, longestMs }) => rangesOf(frames, 2 * longestMs))
    return video.flatMap(([from, to]) =>
      audio
        .map(([start, end]): Range => [Math.max(from, start) / 1000, Math.min(to, end) / 1000])
        .filter(([start, end]) => end > start),
    )
  }

  #take(track: Track, frames: readonly ClusterFrame[], isOpen: boolean): void {
    track.held = null
    for (const [at, frame] of frames.entries()) {
      const next = frames[at + 1]
      if (next === undefined && isOpen && this.#habits.holdsBack) {
        track.held = frame
        return
      }
      const { timestampMs } = frame
      const gapMs = timestampMs - (track.lastMs ?? timestampMs)
      // MSE, "coded frame processing": frames that are late, or early, need a keyframe before them.
      if (gapMs < 0 || gapMs > 2 * track.longestMs) track.needsKey = true
      if (track.needsKey && !frame.key) continue
      track.needsKey = false
      track.lastMs = timestampMs
      const durationMs = next === undefined ? usualMs : next.timestampMs - timestampMs
      track.longestMs = Math.max(track.longestMs, durationMs)
      track.frames.set(timestampMs, durationMs)
    }
  }
}

function newTrack(): Track {
  return { frames: new Map(), held: null, lastMs: null, longestMs: usualMs, needsKey: true }
}

/** @param toleranceMs holes that are none to a browser */
function rangesOf(frames: ReadonlyMap<number, number>, toleranceMs: number): [start: number, end: number][] {
  const ranges: [number, number][] = []
  for (const [start, duration] of [...frames].sort(([a], [b]) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && start <= last[1] + toleranceMs) last[1] = Math.max(last[1], start + duration)
    else ranges.push([start, start + duration])
  }
  return ranges
}
