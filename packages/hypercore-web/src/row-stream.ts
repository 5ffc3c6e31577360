/** The rows of a range as a stream. hypercore-storage maps and reads it as the streamx stream that it is. */
import { Readable } from 'streamx'
import { type BytesLike, toBytes } from './batch.ts'
import { fromByteString, toByteString } from './byte-string.ts'
import { type MemoryState, sessionClosed } from './memory-state.ts'
import { loadValue, type StoredValue } from './stored-value.ts'
import type { Table, TableRange } from './table.ts'

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
  readonly #state: MemoryState
  readonly #rows: Iterator<[string, StoredValue]>
  readonly #withValues: boolean
  #left: number

  /** @param table rows that nobody changes */
  constructor(
    state: MemoryState,
    table: Table,
    { reverse = false, limit = -1, values = true, ...range }: KeyRange & RowStreamOptions = {},
  ) {
    super()
    this.#state = state
    this.#rows = table.rows({ ...tableRange(range), reverse })
    this.#withValues = values
    this.#left = limit < 0 ? Number.POSITIVE_INFINITY : limit
  }

  /** Called by streamx. */
  override _read(done: (error: Error | null) => void): void {
    this.#state.request(
      () => {
        this.#push()
        this.#state.settle(() => done(null))
      },
      () => done(sessionClosed()),
    )
  }

  #push(): void {
    for (let i = 0; i < rowsPerRead; i++) {
      const row = this.#left-- > 0 ? this.#rows.next() : { done: true as const, value: undefined }
      if (row.done) {
        this.push(null)
        return
      }
      const [key, value] = row.value
      this.push({ key: fromByteString(key), value: this.#withValues ? loadValue(value) : null } satisfies Row)
    }
  }
}

function tableRange({ gt, gte, lt, lte }: KeyRange): TableRange {
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
