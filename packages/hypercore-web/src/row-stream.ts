/** The rows of a range as a stream. hypercore-storage maps and reads it as the streamx stream that it is. */
import { Readable } from 'streamx'
import { type BytesLike, toBytes } from './batch.ts'
import { fromByteString, toByteString } from './byte-string.ts'
import { type DatabaseState, sessionClosed } from './database-state.ts'
import type { RowRange, RowScan, RowSnapshot, StoredRow } from './row-store.ts'
import { loadValue } from './stored-value.ts'

/** Keys between which rows are read. A bound of no bytes is no bound. */
export interface KeyRange {
  readonly gt?: BytesLike | null | undefined
  readonly gte?: BytesLike | null | undefined
  readonly lt?: BytesLike | null | undefined
  readonly lte?: BytesLike | null | undefined
}

/** How rows are read. */
export interface RowStreamOptions {
  /** From the highest key down. @default false */
  readonly reverse?: boolean | undefined
  /** Most rows; all where negative. @default -1 */
  readonly limit?: number | undefined
  /** Where false, the value of each row is null. @default true */
  readonly values?: boolean | undefined
}

/** A row. */
export interface Row {
  readonly key: Uint8Array
  readonly value: Uint8Array | null
}

/** Rows that are handed over per read. */
const rowsPerRead = 8

/** A stream of rows as they were when it was made. */
export class RowStream extends Readable {
  readonly #state: DatabaseState
  readonly #rows: RowSnapshot
  readonly #scan: RowScan
  readonly #withValues: boolean
  #left: number

  /** @param rows held for this stream, which releases them */
  constructor(
    state: DatabaseState,
    rows: RowSnapshot,
    family: string,
    { reverse = false, limit = -1, values = true, ...range }: KeyRange & RowStreamOptions = {},
  ) {
    super()
    this.#state = state
    this.#rows = rows
    this.#scan = rows.scan(family, { ...rowRange(range), reverse })
    this.#withValues = values
    this.#left = limit < 0 ? Number.POSITIVE_INFINITY : limit
  }

  /** Called by streamx. */
  override _read(done: (error: Error | null) => void): void {
    this.#state.request(
      () =>
        this.#state.perform(
          () => (this.#left > 0 ? this.#scan.next(Math.min(this.#left, rowsPerRead)) : []),
          (rows) => {
            this.#push(rows)
            done(null)
          },
          done,
        ),
      (error = sessionClosed()) => done(error),
    )
  }

  /** Called by streamx. */
  override _destroy(done: (error: Error | null) => void): void {
    this.#rows.release()
    done(null)
  }

  #push(rows: readonly StoredRow[]): void {
    if (this.destroying) return
    for (const [key, value] of rows.slice(0, Math.min(this.#left, rows.length))) {
      this.push({ key: fromByteString(key), value: this.#withValues ? loadValue(value) : null } satisfies Row)
    }
    this.#left -= rows.length
    if (rows.length === 0) this.push(null)
  }
}

function rowRange({ gt, gte, lt, lte }: KeyRange): RowRange {
  const low = boundOf(gte) ?? boundOf(gt)
  const high = boundOf(lt) ?? boundOf(lte)
  return {
    low,
    excludeLow: boundOf(gte) === undefined,
    high,
    includeHigh: boundOf(lt) === undefined,
  }
}

function boundOf(key: BytesLike | null | undefined): string | undefined {
  if (key === null || key === undefined || key.length === 0) return undefined
  return toByteString(toBytes(key, 'bound'))
}
