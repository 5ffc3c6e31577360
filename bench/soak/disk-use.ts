// What a folder takes on the disk.
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes that the files of a folder, and of those in it, take. */
export async function bytesIn(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    // The database deletes files while they are counted.
    if (entry.isFile())
      bytes += await stat(join(entry.parentPath, entry.name)).then(
        ({ blocks }) => blocks * 512,
        () => 0,
      )
  }
  return bytes
}
