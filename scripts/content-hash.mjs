// Says whether files changed by their content, so that a checkout, a copy or a touched file costs nothing.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

/**
 * A hash over files and folders: paths and bytes of each file, folders in depth, what is missing counting as missing.
 *
 * @param {string} base folder that paths are relative to
 * @param {string[]} paths files and folders
 * @param {(path: string) => boolean} leaveOut asked with each path, relative to `base`, with forward slashes
 */
export function contentHash(base, paths, leaveOut = () => false) {
  const hash = createHash('sha256')
  for (const path of paths) {
    for (const file of filesUnder(join(base, path))) {
      const name = relative(base, file).replaceAll('\\', '/')
      if (leaveOut(name)) continue
      const bytes = readFileSync(file)
      hash.update(`${name}\0${bytes.length}\0`).update(bytes)
    }
    hash.update('\0\0')
  }
  return hash.digest('hex')
}

function filesUnder(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return []
  if (!stat.isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)))
}

/** The hash of a text. */
export function textHash(text) {
  return createHash('sha256').update(text).digest('hex')
}
