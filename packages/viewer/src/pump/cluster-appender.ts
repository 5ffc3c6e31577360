/**
 * Gives Clusters to a browser in the way that it can take. The blocks of a feed are small Clusters, most of which do not begin with a
 * keyframe. Firefox drops nearly all of those, without a word, and plays the same frames in one open Cluster per keyframe interval;
 * Chromium plays small ones and holds back the last frame of an open one. And both drop everything up to the next keyframe where a
 * frame comes later than those before made them expect, unless it is in the same append. All that shows in what is buffered: where
 * something is missing, everything since the newest keyframe is appended again, joined and at once.
 */
import { type ClusterContents, readCluster } from '@hypervision/core/webm'
import { OpenCluster } from './open-cluster.ts'
import type { Range } from './ranges.ts'

/** What a {@link ClusterAppender} appends to. */
export interface AppendTarget {
  append(bytes: Uint8Array): Promise<void>
  /** What is appended next is no part of a Cluster that was left open. */
  closeCluster(): void
  /** What can be played. */
  ranges(): readonly Range[]
}

/** Newest frames of a track, ms: the last one, and the one before. */
interface NewestFrames {
  readonly last: number
  readonly before: number | null
}

/** The moment that is looked for is in whole milliseconds. */
const toleranceSeconds = 0.002
/** What came since a keyframe is kept to be appended again; beyond so many bytes it is not. */
const mostKeptBytes = 16 * 1024 * 1024
/** Per keyframe interval; what is missing still has another cause. */
const mostRepairs = 8
/** After so many keyframe intervals in a row that had to be joined, all are from their beginning. */
const enoughIntervals = 3

/** Appends Clusters as they are, or joined, whichever the browser plays. */
export class ClusterAppender {
  readonly #target: AppendTarget
  readonly #open = new OpenCluster()
  #tracks = 0
  /** Whether this keyframe interval is joined. */
  #isJoined = false
  /** Keyframe intervals in a row that were; counted up to {@link enoughIntervals}. */
  #joinedIntervals = 0
  #repairs = 0
  /** Since the newest keyframe; null where there is none or they are too much. */
  #kept: ClusterContents[] | null = null
  #keptBytes = 0
  /** By track, since the newest keyframe. */
  readonly #newest = new Map<number, NewestFrames>()

  constructor(target: AppendTarget) {
    this.#target = target
  }

  /** Whether Clusters are joined into open ones, in this keyframe interval or the one before. */
  get joins(): boolean {
    return this.#isJoined || this.#joinedIntervals > 0
  }

  /**
   * The stream begins, or goes on from another place, with an init segment.
   *
   * @param tracks how many it has
   */
  begin(tracks: number): void {
    if (this.#isJoined) this.#closeCluster()
    this.#tracks = tracks
    this.#isJoined = this.#isSettled
    this.#kept = null
    this.#newest.clear()
  }

  /** Nothing follows for now. */
  end(): void {
    if (this.#isJoined) this.#closeCluster()
  }

  /**
   * Appends a Cluster; Voids before it are left out where it is joined.
   *
   * @throws HypervisionError ERR_WEBM_MALFORMED where it is none, and what the target throws
   */
  async append(bytes: Uint8Array, key: boolean): Promise<void> {
    const cluster = readCluster(bytes)
    if (key) this.#beginInterval()
    this.#keep(cluster)
    const next = this.#isJoined ? this.#open.write(cluster, key) : bytes
    if (next.length > 0) await this.#target.append(next)
    if (!key && this.#isLossy()) await this.#repair()
  }

  get #isSettled(): boolean {
    return this.#joinedIntervals === enoughIntervals
  }

  #beginInterval(): void {
    if (!this.#isSettled) this.#joinedIntervals = this.#isJoined ? this.#joinedIntervals + 1 : 0
    this.#isJoined = this.#isSettled
    this.#repairs = 0
    this.#kept = []
    this.#keptBytes = 0
    this.#newest.clear()
  }

  #keep(cluster: ClusterContents): void {
    this.#keptBytes += cluster.byteLength
    if (this.#keptBytes > mostKeptBytes) this.#kept = null
    this.#kept?.push(cluster)
    for (const { track, timestampMs } of cluster.frames) {
      this.#newest.set(track, { last: timestampMs, before: this.#newest.get(track)?.last ?? null })
    }
  }

  /** Whether the browser lacks the newest moment that it has the frames of. */
  #isLossy(): boolean {
    if (this.#newest.size < this.#tracks) return false
    // The last frame of an open Cluster may come out only when the next one is there.
    const newest = [...this.#newest.values()].map(({ last, before }) => (this.#isJoined ? before : last))
    if (newest.includes(null)) return false
    const seconds = Math.min(...newest.map(Number)) / 1000
    return !this.#target.ranges().some(([start, end]) => start - toleranceSeconds <= seconds && seconds < end)
  }

  async #repair(): Promise<void> {
    if (this.#kept === null || this.#repairs === mostRepairs) return
    this.#repairs++
    this.#isJoined = true
    this.#closeCluster()
    await this.#target.append(concat(this.#kept.map((cluster) => this.#open.write(cluster, false))))
  }

  #closeCluster(): void {
    this.#open.close()
    this.#target.closeCluster()
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
