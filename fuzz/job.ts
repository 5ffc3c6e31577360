// What the process and the worker that runs a target tell each other.
import type { Finding } from './fuzzer.ts'

/** What a worker is to do. */
export interface Job {
  readonly corpus: readonly Uint8Array[]
  /** Of the sources; the target's own come on top. */
  readonly words: readonly Uint8Array[]
  /** Counters in the bundle. */
  readonly places: number
  /** Inputs to run beside the corpus. */
  readonly inputs: number
  readonly seed: number
  /** Whether to tell of inputs that are the first at a place. */
  readonly tellsNew: boolean
  /** The input that is being run: {@link currentHead}, then its bytes. Who looks after the worker sees what it hangs in. */
  readonly current: SharedArrayBuffer
}

/** Words of 32 bits at the beginning of `Job.current`: how many inputs were begun, and how long this one is. */
export const currentHead = { begun: 0, byteLength: 1, bytes: 8 } as const

/** Longest input of any target. */
export const longestInputBytes = 64 * 1024

/** What a worker tells. */
export type JobMessage =
  | { readonly kind: 'progress'; readonly runs: number; readonly reached: number }
  | { readonly kind: 'finding'; readonly finding: Finding }
  | { readonly kind: 'new'; readonly input: Uint8Array; readonly place: number }
  | { readonly kind: 'done'; readonly outcome: JobOutcome }

/** How it went. */
export interface JobOutcome {
  readonly runs: number
  /** Places that the corpus reached, and all. */
  readonly reachedByCorpus: number
  readonly reached: number
  /** By how much the memory in use is larger than it was after the first twentieth, without inputs that are kept. */
  readonly growthBytes: number
  /** Most that was in use at once, garbage included. */
  readonly peakBytes: number
}
