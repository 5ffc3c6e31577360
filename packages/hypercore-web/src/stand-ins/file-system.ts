// Stands in for `fs`, `path` and `device-file` in a bundle. hypercore-storage calls the rest of them for databases on a disk only,
// which end at the first question about a folder.

/** hypercore-storage joins the path of its database, which in memory is a name and nothing more. */
export function join(...parts: readonly string[]): string {
  return parts.join('/')
}

/** @throws Error always: whoever asks is about to open a database in a folder */
export function existsSync(path: string): never {
  throw new Error(
    `there are no folders in a page, and so no "${path}"; createIndexedDbStorage() is for what is to last`,
  )
}
