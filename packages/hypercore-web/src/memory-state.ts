/** What all sessions of one memory database share: the tables, and whether it is suspended or closed. */
import { Table } from './table.ts'

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

/** The tables as they were at one moment, by column family. */
export type Snapshot = ReadonlyMap<string, Table>

/**
 * Promises settle in the turn that asked for them, as fast as can be. A loop that awaits one after the other would keep
 * timers and sockets waiting for its whole length, so now and then one settles in the next turn.
 */
const requestsPerTurn = 256

const nextTurn: (run: () => void) => unknown = typeof setImmediate === 'function' ? setImmediate : setTimeout

/** The error of whatever is called on a closed session. */
export function sessionClosed(): Error {
  return new Error('Database session is closed')
}

/** The shared part of a database. */
export class MemoryState {
  readonly path: string
  readonly opened = true
  /** Closing has begun; hypercore-storage looks at it. */
  closing: Promise<void> | null = null
  closed = false
  readonly sessions = new Set<ClosableSession>()
  readonly #tables = new Map<string, Table>()
  readonly #families = new Set<NamedColumnFamily>()
  readonly #unsettled = new Set<Promise<void>>()
  #requests = 0
  #suspension: { readonly over: Promise<boolean>; end(resumed: boolean): void } | null = null

  constructor(path: string) {
    this.path = path
  }

  /** The name of a column family, which exists from then on. */
  addFamily(family: ColumnFamily): string {
    const name = typeof family === 'string' ? family : family.name
    if (!this.#tables.has(name)) this.#tables.set(name, new Table())
    if (typeof family !== 'string') this.#families.add(family)
    return name
  }

  /** The live rows of a column family. */
  table(family: string): Table {
    const table = this.#tables.get(family)
    if (table === undefined) throw sessionClosed()
    return table
  }

  snapshot(): Snapshot {
    return new Map([...this.#tables].map(([name, table]) => [name, table.snapshot()]))
  }

  /** Runs a request: at once, or after the suspension; `abort` in its place where the database closes before that. */
  request(run: () => void, abort: () => void): void {
    if (this.closed) abort()
    else if (this.#suspension === null) run()
    else void this.#suspension.over.then((resumed) => (resumed ? run() : abort()))
  }

  /** Settles the promises of a request that has run; never within the call that made it. */
  settle(settle: () => void): void {
    if (++this.#requests % requestsPerTurn !== 0) {
      queueMicrotask(settle)
      return
    }
    const settled = new Promise<void>((resolve) => nextTurn(resolve)).then(() => {
      this.#unsettled.delete(settled)
      settle()
    })
    this.#unsettled.add(settled)
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

  /** Lets requests under way finish, closes every session and forgets every row. */
  close(): Promise<void> {
    this.closing ??= this.#close()
    return this.closing
  }

  async #close(): Promise<void> {
    this.#endSuspension(false)
    await Promise.all(this.#unsettled)
    for (const session of [...this.sessions]) await session.close()
    for (const family of this.#families) family.destroy?.()
    this.#tables.clear()
    this.closed = true
  }

  #endSuspension(resumed: boolean): void {
    const suspension = this.#suspension
    this.#suspension = null
    suspension?.end(resumed)
  }
}
