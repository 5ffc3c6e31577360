// Benches are found by their place, so adding one touches no list.
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Bench } from './bench.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))
const ownFiles = new Set(['bench.ts', 'find.ts', 'machine.ts', 'run.ts', 'statistics.ts', 'table.ts'])

/** Names of all benches, sorted. */
export function benchNames(): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      if (entry.isDirectory()) return existsSync(`${folder}${entry.name}/index.ts`) ? [entry.name] : []
      if (ownFiles.has(entry.name) || !entry.name.endsWith('.ts') || entry.name.endsWith('.test.ts')) return []
      return [entry.name.slice(0, -'.ts'.length)]
    })
    .sort()
}

/**
 * Loads one bench.
 *
 * @throws Error when the module does not export a `bench` of that name.
 */
export async function loadBench(name: string): Promise<Bench> {
  const path = existsSync(`${folder}${name}/index.ts`) ? `./${name}/index.ts` : `./${name}.ts`
  const { bench }: { bench?: Bench } = await import(path)
  if (bench?.name !== name) throw new Error(`bench/${path.slice(2)} must export a const bench whose name is '${name}'`)
  return bench
}
