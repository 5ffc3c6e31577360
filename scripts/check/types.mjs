// The whole repository in one program: packages, tests, benches and examples see each other's sources.
import { program } from './program.mjs'

export const title = 'types of the whole repository'

export async function check() {
  await program('tsc', ['-p', 'tsconfig.json'])
}
