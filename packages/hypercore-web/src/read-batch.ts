/** Reads several keys at one moment. */
import { Batch, type BatchOptions, type BytesLike, toBytes, type Waiting } from './batch.ts'
import { toByteString } from './byte-string.ts'
import type { MemoryState } from './memory-state.ts'
import type { Table } from './table.ts'

interface Get extends Waiting<Uint8Array | null> {
  readonly key: string
}

/** A batch of reads. */
export class ReadBatch extends Batch {
  readonly #table: () => Table
  #gets: Get[] = []

  /** @param table gives the rows to read, at the moment of reading */
  constructor(state: MemoryState, table: () => Table, options?: BatchOptions) {
    super(state, options)
    this.#table = table
  }

  /** The value of a key, null where there is none; pending until the batch is flushed. */
  get(key: BytesLike): Promise<Uint8Array | null> {
    this.mustCollect()
    const text = toByteString(toBytes(key, 'key'))
    return new Promise((resolve, reject) => this.#gets.push({ key: text, resolve, reject }))
  }

  protected override run(): () => void {
    const table = this.#table()
    const found = this.#gets.map((get) => ({ get, value: table.get(get.key) }))
    this.#gets = []
    return () => {
      for (const { get, value } of found) get.resolve(value)
    }
  }

  protected override abort(error: Error): void {
    const gets = this.#gets
    this.#gets = []
    for (const get of gets) get.reject(error)
  }
}
