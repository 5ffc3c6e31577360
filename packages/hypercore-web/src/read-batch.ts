/** Reads several keys at one moment. */
import { Batch, type BatchOptions, type BytesLike, toBytes, type Waiting } from './batch.ts'
import { toByteString } from './byte-string.ts'
import type { DatabaseState } from './database-state.ts'
import type { Awaitable, RowView } from './row-store.ts'

interface Get extends Waiting<Uint8Array | null> {
  readonly key: string
}

/** A batch of reads. */
export class ReadBatch extends Batch {
  readonly #rows: RowView
  readonly #family: string
  #gets: Get[] = []

  constructor(state: DatabaseState, rows: RowView, family: string, options?: BatchOptions) {
    super(state, options)
    this.#rows = rows
    this.#family = family
  }

  /** The value of a key, null where there is none; pending until the batch is flushed. */
  get(key: BytesLike): Promise<Uint8Array | null> {
    this.mustCollect()
    const text = toByteString(toBytes(key, 'key'))
    return new Promise((resolve, reject) => this.#gets.push({ key: text, resolve, reject }))
  }

  protected override run(): Awaitable<() => void> {
    const values = this.#rows.get(
      this.#family,
      this.#gets.map(({ key }) => key),
    )
    const settle = (found: (Uint8Array | null)[]) => () => {
      for (const [place, get] of this.#forget().entries()) get.resolve(found[place] ?? null)
    }
    return values instanceof Promise ? values.then(settle) : settle(values)
  }

  protected override abort(error: Error): void {
    for (const get of this.#forget()) get.reject(error)
  }

  #forget(): Get[] {
    const gets = this.#gets
    this.#gets = []
    return gets
  }
}
