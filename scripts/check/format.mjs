// One format, the lint rules, and no circular imports (biome's noImportCycles).
import { program } from './program.mjs'

export const title = 'format and lint with biome'

export async function check() {
  await program('biome', ['ci', '--colors=off', '.'])
}
