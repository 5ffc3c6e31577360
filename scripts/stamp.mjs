// Remembers for what content a step of setup was done. Stamps live in node_modules, so removing that forgets them.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './workspace.mjs'

const folder = join(root, 'node_modules/.cache/hypervision')
const fileOf = (name) => join(folder, name.replaceAll(/[^\w.-]/g, '_'))

/** What was written for a step, or an empty string. */
export function readStamp(name) {
  try {
    return readFileSync(fileOf(name), 'utf8')
  } catch {
    return ''
  }
}

/** Writes a stamp at once and whole, so that a reader never sees half of one. */
export function writeStamp(name, content) {
  const file = fileOf(name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.${process.pid}`, content)
  renameSync(`${file}.${process.pid}`, file)
}

/** Forgets a step before it is done again, so that an interrupted one is not taken for done. */
export function removeStamp(name) {
  rmSync(fileOf(name), { force: true })
}
