// What a bundle of core is in the size check and in the proof that it needs no Node: our own code, all that belongs to
// others left outside.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../workspace.mjs'

/** The files that core publishes, relative to the root. */
export const coreEntries = {
  core: 'packages/core/dist/index.js',
  'core/webm': 'packages/core/dist/webm/index.js',
  'core/contracts': 'packages/core/dist/contracts/index.js',
}

/** The packages of others that core's code, and that of our own packages below it, may import. */
export const coreExternals = ['core', 'hypercore-web'].flatMap((folder) => {
  const { dependencies } = JSON.parse(readFileSync(join(root, `packages/${folder}/package.json`), 'utf8'))
  return Object.keys(dependencies).filter((name) => !name.startsWith('@hypervision/'))
})
