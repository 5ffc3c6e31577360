/** What read and write batches have in common: requests are collected, run together once, and may be collected again. */
import b4a from 'b4a'
import type { DatabaseState } from './database-state.ts'
import type { Awaitable } from './row-store.ts'

/** Bytes, or text that stands for its UTF-8 bytes. */
export type BytesLike = Uint8Array | string

/** Options of a batch. */
export interface BatchOptions {
  /** Destroys the batch once it was flushed. @default false */
  readonly autoDestroy?: boolean | undefined
}

/** A collected request that somebody waits for. */
export interface Waiting<Value> {
  resolve(value: Value): void
  reject(error: Error): void
}

/** A batch of either kind. */
export abstract class Batch {
  protected readonly state: DatabaseState
  readonly #autoDestroy: boolean
  #isFlushing = false
  #isDestroyed = false

  constructor(state: DatabaseState, { autoDestroy = false }: BatchOptions = {}) {
    this.state = state
    this.#autoDestroy = autoDestroy
  }

  /** Runs what was collected. Rejects where none of it was applied. */
  async flush(): Promise<void> {
    this.#begin()
    return new Promise((resolve, reject) => this.#flush(resolve, reject))
  }

  /** Runs what was collected; those who asked for each part of it hear how it went. */
  tryFlush(): void {
    this.#begin()
    this.#flush(
      () => {},
      () => {},
    )
  }

  /** Drops what was collected. A destroyed batch takes nothing more. */
  destroy(): void {
    if (this.#isFlushing) throw new Error('Request in progress')
    if (this.#isDestroyed) return
    this.#isDestroyed = true
    this.abort(destroyed())
  }

  /** Runs the collected requests; throws or rejects where none was applied. Gives what then settles and forgets them. */
  protected abstract run(): Awaitable<() => void>
  /** Forgets the collected requests and rejects those who wait for them. */
  protected abstract abort(error: Error): void

  /** @throws Error where the batch is being flushed or is destroyed */
  protected mustCollect(): void {
    if (this.#isFlushing) throw new Error('Request already in progress')
    if (this.#isDestroyed) throw destroyed()
  }

  #begin(): void {
    if (this.#isFlushing) throw new Error('Request in progress')
    if (this.#isDestroyed) throw destroyed()
    this.#isFlushing = true
  }

  #flush(resolve: () => void, reject: (error: Error) => void): void {
    const finish = (settle: () => void): void => {
      this.#isFlushing = false
      if (this.#autoDestroy) this.#isDestroyed = true
      settle()
    }
    const fail = (error: Error): void => {
      this.abort(error)
      finish(() => reject(error))
    }
    this.state.request(
      () =>
        this.state.perform(
          () => this.run(),
          (settle) => {
            settle()
            finish(resolve)
          },
          fail,
        ),
      (error = destroyed()) => {
        this.#isDestroyed = true
        fail(error)
      },
    )
  }
}

/** @throws TypeError where a key or value is neither bytes nor text */
export function toBytes(value: BytesLike, what: string): Uint8Array {
  if (typeof value === 'string') return b4a.from(value)
  if (value instanceof Uint8Array) return value
  throw new TypeError(`A ${what} must be a Uint8Array or a string; it is ${value === null ? 'null' : typeof value}`)
}

function destroyed(): Error {
  return new Error('Batch is destroyed')
}
