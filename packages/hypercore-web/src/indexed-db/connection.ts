/** A connection to an IndexedDB database that holds rows, and nobody else's meanwhile. */
import { DatabaseError } from '../database-error.ts'
import { holdLock } from './lock.ts'

/** The one object store: rows under binary keys, which sort by their bytes. */
const storeName = 'rows'

/** An open connection. */
export class Connection {
  readonly #database: IDBDatabase
  readonly #unlock: () => void

  private constructor(database: IDBDatabase, unlock: () => void) {
    this.#database = database
    this.#unlock = unlock
  }

  /** @throws DatabaseError DATABASE_IN_USE, DATABASE_UNAVAILABLE, DATABASE_FULL */
  static async open(name: string): Promise<Connection> {
    const unlock = await holdLock(name)
    try {
      return new Connection(await openDatabase(name), unlock)
    } catch (error) {
      unlock()
      throw databaseError(error)
    }
  }

  /**
   * Transactions see all that those that were made before have written, and nothing of later ones.
   *
   * @throws DatabaseError DATABASE_UNAVAILABLE
   */
  begin(mode: 'readonly' | 'readwrite'): IDBTransaction {
    try {
      return this.#database.transaction(storeName, mode, { durability: 'relaxed' })
    } catch (error) {
      throw databaseError(error)
    }
  }

  close(): void {
    this.#database.close()
    this.#unlock()
  }
}

/** The rows, in a transaction. */
export function rowsIn(transaction: IDBTransaction): IDBObjectStore {
  return transaction.objectStore(storeName)
}

/** What a request finds. */
export function resultOf<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(databaseError(request.error))
  })
}

/** Resolves once everything that a transaction wrote is stored. */
export function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(databaseError(transaction.error))
  })
}

/** Names the trouble behind what IndexedDB throws; null is that of a transaction which the browser ended. */
export function databaseError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error
  const { name = '', message = '' } = error instanceof DOMException || error instanceof Error ? error : {}
  if (name === 'QuotaExceededError') {
    return new DatabaseError('DATABASE_FULL', 'The browser gives this site no more space (QuotaExceededError)', error)
  }
  const text =
    error === null || name === 'InvalidStateError' || name === 'AbortError'
      ? 'The browser closed the database, as it does when the data of the site is deleted'
      : 'The browser stores nothing here'
  return new DatabaseError('DATABASE_UNAVAILABLE', `${text}${name && ` (${name}: ${message})`}`, error ?? undefined)
}

async function openDatabase(name: string): Promise<IDBDatabase> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(storeName)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  if (database.objectStoreNames.contains(storeName)) return database
  database.close()
  throw new DatabaseError('DATABASE_UNAVAILABLE', `The database "${name}" of this site is something else's`)
}
