/** What all sessions of one database share: its rows, and whether it is open, suspended or closed. */
import type { Awaitable, RowStore } from './row-store.ts'

/** What the state needs of a session in order to close it. */
export interface ClosableSession {
  close(): Promise<void>
}

/** A column family by name, or an object of rocksdb-native that has one. */
export type ColumnFamily = string | NamedColumnFamily

/** The part of a column family object that counts. */
export interface NamedColumnFamily {
  readonly name: string
  /** Called when the database closes: one of rocksdb-native holds native memory. */
  destroy?(): void
}

/**
 * Promises settle in the turn that asked for them, as fast as can be. A loop that awaits one after the other would keep
 * timers and sockets waiting for its whole length, so now and then one settles in the next turn.
 */
const requestsPerTurn = 256

/**
 * hypercore-storage looks for files of older versions beside the database, which this path makes sure not to find:
 * nothing lies below a device.
 */
const nowhere = '/dev/null/memory/db'

const nextTurn: (run: () => void) => unknown = typeof setImmediate === 'function' ? setImmediate : setTimeout

/** The error of whatever is called on a closed session. */
export function sessionClosed(): Error {
  return new Error('Database session is closed')
}

/** The shared part of a database. */
export class DatabaseState {
  readonly path = nowhere
  readonly rows: RowStore
  /** Closing has begun; hypercore-storage looks at it. */
  closing: Promise<void> | null = null
  closed = false
  readonly sessions = new Set<ClosableSession>()
  readonly #families = new Set<NamedColumnFamily>()
  readonly #unsettled = new Set<Promise<void>>()
  #opening: Promise<void> | null = null
  #requests = 0
  #suspension: { readonly over: Promise<boolean>; end(resumed: boolean): void } | null = null

  constructor(rows: RowStore) {
    this.rows = rows
  }

  get opened(): boolean {
    return this.rows.isOpen
  }

  /** Opens the rows, where they are not open. Rejects every time where they could not be opened. */
  open(): Promise<void> {
    this.#opening ??= this.rows.isOpen ? Promise.resolve() : this.rows.open()
    return this.#opening
  }

  /** The name of a column family, which exists from then on. */
  addFamily(family: ColumnFamily): string {
    const name = typeof family === 'string' ? family : family.name
    this.rows.addFamily(name)
    if (typeof family !== 'string') this.#families.add(family)
    return name
  }

  /**
   * Runs a request: at once, or once the database is open and not suspended; `abort` in its place where the database
   * cannot be opened, which is the error, or closes before that.
   */
  request(run: () => void, abort: (error?: Error) => void): void {
    if (this.closed) abort()
    else if (this.#suspension !== null) void this.#suspension.over.then((resumed) => (resumed ? run() : abort()))
    else if (this.rows.isOpen) run()
    else if (this.closing !== null) abort()
    else this.#track(this.open().then(() => this.request(run, abort), abort))
  }

  /**
   * Does the work of a request that runs. What settles the request's promises, `done` or `failed`, is not called within
   * this call where the work goes well, and is waited for when the database closes.
   */
  perform<Value>(work: () => Awaitable<Value>, done: (value: Value) => void, failed: (error: Error) => void): void {
    try {
      const value = work()
      if (value instanceof Promise) this.#track(value.then(done, (error: unknown) => failed(asError(error))))
      else if (++this.#requests % requestsPerTurn !== 0) queueMicrotask(() => done(value))
      else this.#track(new Promise<void>((resolve) => nextTurn(resolve)).then(() => done(value)))
    } catch (error) {
      failed(asError(error))
    }
  }

  suspend(): void {
    if (this.#suspension !== null || this.closing !== null) return
    let end = (_resumed: boolean): void => {}
    const over = new Promise<boolean>((resolve) => {
      end = resolve
    })
    this.#suspension = { over, end }
  }

  resume(): void {
    this.#endSuspension(true)
  }

  /** Lets requests under way finish, closes every session and lets go of the rows. */
  close(): Promise<void> {
    this.closing ??= this.#close()
    return this.closing
  }

  async #close(): Promise<void> {
    this.#endSuspension(false)
    await this.#opening?.catch(() => {})
    while (this.#unsettled.size > 0) await Promise.all(this.#unsettled)
    for (const session of [...this.sessions]) await session.close()
    for (const family of this.#families) family.destroy?.()
    await this.rows.close()
    this.closed = true
  }

  #track(settled: Promise<void>): void {
    const tracked = settled.finally(() => this.#unsettled.delete(tracked))
    this.#unsettled.add(tracked)
  }

  #endSuspension(resumed: boolean): void {
    const suspension = this.#suspension
    this.#suspension = null
    suspension?.end(resumed)
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
