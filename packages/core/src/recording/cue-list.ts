/** The places that players can seek to, kept in a few bytes each: a recording of days goes on in memory. */
import type { Cue } from '../webm/seekable-file.ts'

/** Sound alone could be sought everywhere, and some sources send nothing but keyframes. */
const leastCueGapMs = 1000

/** Collects cues in order of time. */
export class CueList {
  #values = new Float64Array(256)
  #length = 0

  /** Takes a keyframe, unless one shortly before it was taken. */
  add({ timestampMs, clusterAt }: Cue): void {
    if (this.#length > 0 && timestampMs - (this.#values[this.#length - 2] ?? 0) < leastCueGapMs) return
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#length * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#length++] = timestampMs
    this.#values[this.#length++] = clusterAt
  }

  *[Symbol.iterator](): Generator<Cue, void> {
    for (let at = 0; at < this.#length; at += 2) {
      yield { timestampMs: this.#values[at] ?? 0, clusterAt: this.#values[at + 1] ?? 0 }
    }
  }
}
