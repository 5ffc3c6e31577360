// Stands in for `fs`, `path` and `device-file` in a bundle. hypercore-storage calls the rest of them for databases on a disk only.

/** hypercore-storage joins the path of its database, which in memory is a name and nothing more. */
export function join(...parts: readonly string[]): string {
  return parts.join('/')
}
