/** One tab, window or worker at a time: two that append to one core sign two histories. */
import { DatabaseError } from '../database-error.ts'

/** When a page reloads, its old document may hold the lock for a moment longer. */
const patienceMs = 2000

/**
 * Takes the lock of a database; the browser gives it back by itself when the page ends, however it ends.
 *
 * @returns gives it back
 * @throws DatabaseError DATABASE_IN_USE, DATABASE_UNAVAILABLE
 */
export function holdLock(name: string): Promise<() => void> {
  // Only over https and on localhost there are locks.
  const { locks } = navigator as { locks?: LockManager }
  if (locks === undefined || globalThis.indexedDB === undefined) {
    const missing = locks === undefined ? 'Web Locks, which need https or localhost' : 'IndexedDB'
    return Promise.reject(new DatabaseError('DATABASE_UNAVAILABLE', `There is no storage here: it needs ${missing}`))
  }
  return new Promise((resolve, reject) => {
    const held = () => new Promise<void>((release) => resolve(release))
    locks.request(`hypercore-web:${name}`, { signal: AbortSignal.timeout(patienceMs) }, held).catch((error) => {
      const isTaken = error instanceof DOMException && error.name === 'TimeoutError'
      reject(
        isTaken
          ? new DatabaseError('DATABASE_IN_USE', `The database "${name}" is open in another tab of this site`, error)
          : new DatabaseError('DATABASE_UNAVAILABLE', `Web Locks cannot be used here (${error})`, error),
      )
    })
  })
}
