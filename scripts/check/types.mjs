// The whole repository in one program, where packages, tests, benches and examples see each other's sources; packages for
// pages have a tsconfig.json of their own, because only they may know of the DOM.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, workspacePackages } from '../workspace.mjs'
import { program } from './program.mjs'

export const title = 'types of the whole repository'

export async function check() {
  const own = workspacePackages().filter(({ folder }) => existsSync(join(root, folder, 'tsconfig.json')))
  for (const folder of ['.', ...own.map(({ folder }) => folder)]) await program('tsc', ['-p', folder])
}
