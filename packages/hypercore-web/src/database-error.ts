/** What a database that keeps its rows fails with, in words that a program can tell apart. */

/** Kinds of trouble with a database that keeps its rows. */
export type DatabaseErrorCode =
  /** Another tab, window or worker of the site has it open. */
  | 'DATABASE_IN_USE'
  /** The browser gives the site no more space. */
  | 'DATABASE_FULL'
  /** The browser keeps nothing here, or took away what was open. */
  | 'DATABASE_UNAVAILABLE'

/** An error of the database itself; one of a batch has it in its `cause`. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  readonly code: DatabaseErrorCode

  constructor(code: DatabaseErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
