/** Writes several rows at once: all of them, in the order of the calls, or none. */
import { Batch, type BatchOptions, type BytesLike, toBytes, type Waiting } from './batch.ts'
import { toByteString } from './byte-string.ts'
import type { DatabaseState } from './database-state.ts'
import type { Awaitable, RowWrite } from './row-store.ts'
import { storeValue } from './stored-value.ts'

/** A batch of writes. Keys and values are copied by the calls that take them. */
export class WriteBatch extends Batch {
  readonly #family: string
  #writes: RowWrite[] = []
  #waiting: Waiting<void>[] = []

  constructor(state: DatabaseState, family: string, options?: BatchOptions) {
    super(state, options)
    this.#family = family
  }

  /** Sets a row; null is a value of no bytes. */
  tryPut(key: BytesLike, value: BytesLike | null): void {
    this.mustCollect()
    const stored = value === null ? '' : storeValue(toBytes(value, 'value'))
    this.#writes.push({ type: 'put', key: keyOf(key), value: stored })
  }

  /** Deletes a row, where there is one. */
  tryDelete(key: BytesLike): void {
    this.mustCollect()
    this.#writes.push({ type: 'delete', key: keyOf(key) })
  }

  /** Deletes from `start` up to `end`, the latter excluded. A range that runs backwards fails the flush. */
  tryDeleteRange(start: BytesLike, end: BytesLike): void {
    this.mustCollect()
    this.#writes.push({ type: 'deleteRange', start: keyOf(start), end: keyOf(end) })
  }

  /** As `tryPut`; resolves once it is applied. */
  put(key: BytesLike, value: BytesLike | null): Promise<void> {
    this.tryPut(key, value)
    return this.#wait()
  }

  /** As `tryDelete`; resolves once it is applied. */
  delete(key: BytesLike): Promise<void> {
    this.tryDelete(key)
    return this.#wait()
  }

  /** As `tryDeleteRange`; resolves once it is applied. */
  deleteRange(start: BytesLike, end: BytesLike): Promise<void> {
    this.tryDeleteRange(start, end)
    return this.#wait()
  }

  protected override run(): Awaitable<() => void> {
    if (this.#writes.some((write) => write.type === 'deleteRange' && write.start > write.end)) {
      throw new Error('Batch was not applied', { cause: new Error('end key comes before start key') })
    }
    const settle = () => () => {
      for (const { resolve } of this.#forget()) resolve()
    }
    const written = this.state.rows.write(this.#family, this.#writes)
    return written instanceof Promise ? written.then(settle) : settle()
  }

  protected override abort(error: Error): void {
    for (const { reject } of this.#forget()) reject(error)
  }

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  #forget(): Waiting<void>[] {
    const waiting = this.#waiting
    this.#writes = []
    this.#waiting = []
    return waiting
  }
}

function keyOf(key: BytesLike): string {
  return toByteString(toBytes(key, 'key'))
}
