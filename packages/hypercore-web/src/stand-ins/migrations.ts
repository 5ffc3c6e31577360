// Stands in for hypercore-storage's migrations of databases that older versions wrote. One in memory is never older than the
// page that made it.

/** Looks into the folder of a storage for cores of older versions; there is none. */
export async function store(): Promise<void> {}

/** @throws Error always: no core in memory was written by an older version */
export async function core(): Promise<never> {
  throw new Error('a core in memory has no older version to migrate from')
}
