// Files, exports and dependencies that nothing uses, and dependencies that something uses without naming them.
import { program } from './program.mjs'

export const title = 'dead code and dependencies with knip'

export async function check() {
  await program('knip', ['--no-progress'])
}
