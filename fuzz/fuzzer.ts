// The loop: takes an input that has proved of interest, changes it, runs it, and keeps it where it reached something new.
import { Coverage } from './coverage.ts'
import { type MutationMaterial, mutate } from './mutate.ts'
import { Random } from './random.ts'
import type { FuzzRun } from './target.ts'

/** An input that something is wrong with. */
export interface Finding {
  readonly kind: 'crash' | 'hang' | 'memory'
  readonly input: Uint8Array
  /** The error and where it was thrown, or what else is wrong. */
  readonly what: string
}

/** Options of a {@link Fuzzer}. */
export interface FuzzerOptions {
  readonly run: FuzzRun
  readonly corpus: readonly Uint8Array[]
  readonly words: readonly Uint8Array[]
  readonly maxInputBytes: number
  readonly seed: number
  /** Counters of the code under test; empty where it has none. */
  readonly hits: Uint32Array
  /** Before each input. */
  onrun?(input: Uint8Array): void
  onfinding(finding: Finding): void
  /** An input was the first at a place. */
  onnew?(input: Uint8Array, place: number): void
}

/** Kinds of faults that are told, each once. */
const maxFindings = 16
/** Inputs that are kept; no parser here has so many branches. */
const maxKept = 4096
const maxShrinkRuns = 3000

/** Fuzzes one target. */
export class Fuzzer {
  readonly #options: FuzzerOptions
  readonly #coverage: Coverage
  readonly #random: Random
  readonly #kept: Uint8Array[] = []
  readonly #material: MutationMaterial
  readonly #known = new Set<string>()
  #runs = 0

  constructor(options: FuzzerOptions) {
    this.#options = options
    this.#coverage = new Coverage(options.hits)
    this.#random = new Random(options.seed)
    this.#material = { words: options.words, others: this.#kept, maxBytes: options.maxInputBytes }
    for (const input of options.corpus) {
      this.#kept.push(input)
      this.#try(input, false)
    }
  }

  /** Inputs that were run. */
  get runs(): number {
    return this.#runs
  }

  /** Places that were reached. */
  get reached(): number {
    return this.#coverage.reached
  }

  /** Bytes of the inputs that are kept. */
  get keptBytes(): number {
    return this.#kept.reduce((sum, input) => sum + input.byteLength, 0)
  }

  /** Runs so many inputs more. */
  go(count: number): void {
    for (let at = 0; at < count; at++) this.#try(mutate(this.#pick(), this.#material, this.#random), true)
  }

  /** One of all, or one of the newest, which are the furthest in. */
  #pick(): Uint8Array {
    const kept = this.#kept
    const from = this.#random.oneIn(3) ? Math.max(0, kept.length - 12) : 0
    return kept[from + this.#random.below(kept.length - from)] ?? new Uint8Array(0)
  }

  #try(input: Uint8Array, mayKeep: boolean): void {
    this.#runs++
    this.#coverage.begin()
    const error = this.#errorOf(input)
    const first = this.#coverage.end()
    if (error !== null) this.#report(input, error)
    if (first === null || !mayKeep || error !== null) return
    if (this.#kept.length < maxKept) this.#kept.push(input)
    this.#tellNew(input, first)
  }

  /** What is told is no longer than it takes to get there. */
  #tellNew(input: Uint8Array, places: readonly number[]): void {
    const { onnew } = this.#options
    const [place] = places
    if (onnew === undefined || place === undefined) return
    const smallest = shrink(input, (smaller) => {
      this.#coverage.begin()
      return this.#errorOf(smaller) === null && this.#coverage.hasReached(places)
    })
    onnew(smallest, place)
  }

  #errorOf(input: Uint8Array): string | null {
    this.#options.onrun?.(input)
    try {
      // A copy: a parser that changes what it reads is not to change the corpus.
      this.#options.run(Uint8Array.from(input))
      return null
    } catch (error) {
      return describe(error)
    }
  }

  #report(input: Uint8Array, what: string): void {
    const kind = kindOf(what)
    if (this.#known.has(kind) || this.#known.size >= maxFindings) return
    this.#known.add(kind)
    const smallest = shrink(input, (smaller) => {
      const error = this.#errorOf(smaller)
      return error !== null && kindOf(error) === kind
    })
    this.#options.onfinding({ kind: 'crash', input: smallest, what: this.#errorOf(smallest) ?? what })
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? String(error)) : `threw ${String(error)}`
}

/** Where the error comes from, without what differs from input to input. */
function kindOf(what: string): string {
  return what
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 2)
    .concat((what.split('\n')[0] ?? '').replaceAll(/[^a-z ]/gi, '').slice(0, 40))
    .join('\n')
}

/** Leaves out what can be left out, in ever smaller pieces. */
function shrink(input: Uint8Array, isStillWrong: (smaller: Uint8Array) => boolean): Uint8Array {
  let smallest = input
  let runs = 0
  for (let size = input.byteLength; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < smallest.byteLength && runs < maxShrinkRuns; ) {
      const smaller = Uint8Array.from([...smallest.subarray(0, at), ...smallest.subarray(at + size)])
      runs++
      if (isStillWrong(smaller)) smallest = smaller
      else at += size
    }
  }
  return smallest
}
