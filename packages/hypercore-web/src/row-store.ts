/** What a database needs of the place where its rows are. Keys are byte strings, which sort as their bytes do. */
import type { StoredValue } from './stored-value.ts'

/** At once, or later: memory answers in the call, a disk does not. */
export type Awaitable<Value> = Value | Promise<Value>

/** Rows between two keys. Bounds are byte strings. */
export interface RowRange {
  readonly low?: string | undefined
  /** @default false */
  readonly excludeLow?: boolean | undefined
  readonly high?: string | undefined
  /** @default false */
  readonly includeHigh?: boolean | undefined
  /** From the highest down. @default false */
  readonly reverse?: boolean | undefined
}

/** A change of one row, or of those of a range from `start` up to `end`, the latter excluded and never before `start`. */
export type RowWrite =
  | { readonly type: 'put'; readonly key: string; readonly value: StoredValue }
  | { readonly type: 'delete'; readonly key: string }
  | { readonly type: 'deleteRange'; readonly start: string; readonly end: string }

/** A row as it is kept. */
export type StoredRow = readonly [key: string, value: StoredValue]

/** Rows that are read piece by piece. */
export interface RowScan {
  /** The next rows, about so many of them; none at the end. */
  next(count: number): Awaitable<readonly StoredRow[]>
}

/** Rows as they are, or as they were at one moment. */
export interface RowView {
  /** Values in the order of the keys, in memory of their own; null where there is no row. */
  get(family: string, keys: readonly string[]): Awaitable<(Uint8Array | null)[]>
}

/** Rows as they were at one moment. What it keeps of them is given back after as many `release()` as `hold()`. */
export interface RowSnapshot extends RowView {
  /** The rows of a range. */
  scan(family: string, range: RowRange): RowScan
  hold(): void
  release(): void
}

/** Where the rows of a database are. */
export interface RowStore extends RowView {
  /** Whether rows can be read and written. */
  readonly isOpen: boolean
  /** Called once, before anything else but `addFamily()`, where it is not open from the start. */
  open(): Promise<void>
  /** From now on there are rows of this column family. */
  addFamily(family: string): void
  /** The rows as they are now, held once. */
  snapshot(): RowSnapshot
  /** Applies all writes in their order, or none of them. */
  write(family: string, writes: readonly RowWrite[]): Awaitable<void>
  /** Called once, with nothing under way any more. */
  close(): Awaitable<void>
}
