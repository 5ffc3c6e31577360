/**
 * What a bench is to its runner. A bench lives in `bench/NAME.ts` or `bench/NAME/index.ts`, exports `const bench: Bench`
 * and is run by `pnpm bench NAME`. It measures its rivals and the physical limit in the same run as our own code.
 */
export interface Bench {
  /** The word after `pnpm bench`; the same as the file or folder. */
  readonly name: string
  /** One line for a person: what is measured, on what. */
  readonly title: string
  /** Measures every case and gives one row for each, in the order to print them. */
  run(options: BenchRunOptions): Promise<readonly Row[]>
}

/** What the runner hands to {@link Bench.run}. */
export interface BenchRunOptions {
  /** A run of seconds that shows that the bench works; its figures are not to be quoted. */
  readonly quick: boolean
  /**
   * Whether a case was asked for, by a part of its name: `--case`, all of them where it is left out. A bench that cannot run
   * cases one by one runs all: rows that nobody asked for are not shown.
   */
  wants(name: string): boolean
  /** Whether cases were asked for by name. */
  readonly isSelective: boolean
  /** For what a bench draws at random: the same seed draws the same. */
  readonly seed: number
  /** Says on stderr what is going on. */
  log(line: string): void
  /** Aborts on Ctrl-C; the bench then stops its children and removes its temporary files. */
  readonly signal: AbortSignal
}

/**
 * One line of the table: the case, and its figures under names that end in a unit: `throughputMBps`, `p50Ms`, `peakRssMB`,
 * `roundTrips`. A figure that a case does not have is null.
 */
export interface Row {
  readonly case: string
  readonly [figure: string]: string | number | null
}

/** Where a result was measured; figures of two machines are not to be compared. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGB: number
  readonly os: string
  readonly node: string
}

/** What `--json FILE` writes. */
export interface BenchResult {
  readonly name: string
  readonly machine: Machine
  readonly quick: boolean
  readonly seed: number
  readonly rows: readonly Row[]
}
