// Runs a program that the repository's own dependencies bring.
import { join } from 'node:path'
import { run } from '../child-process.mjs'
import { root } from '../workspace.mjs'

/** Runs a program of node_modules/.bin in the root; resolves to what it printed on stdout. */
export function program(name, args, options = {}) {
  return run(join(root, 'node_modules/.bin', name), args, { cwd: root, ...options })
}
