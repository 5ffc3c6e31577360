// Targets are found by their place, so adding one touches no list.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FuzzTarget } from './target.ts'

const packages = fileURLToPath(new URL('../packages/', import.meta.url))
const corpora = fileURLToPath(new URL('corpus/', import.meta.url))
const ending = '.fuzz.ts'

/** Names of all targets and their files, sorted. */
export function findTargets(): ReadonlyMap<string, string> {
  const files = readdirSync(packages).flatMap((name) => {
    const folder = join(packages, name, 'test/fuzz')
    if (!existsSync(folder)) return []
    const own = readdirSync(folder).filter((file) => file.endsWith(ending))
    return own.map((file) => [file.slice(0, -ending.length), join(folder, file)] as const)
  })
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/**
 * Loads one target into this process, as it is.
 *
 * @throws Error when the module does not export a `target` of that name.
 */
export async function loadTarget(name: string, file: string): Promise<FuzzTarget> {
  const { target }: { target?: FuzzTarget } = await import(file)
  if (target?.name !== name) throw new Error(`${file} must export a const target whose name is '${name}'`)
  return target
}

/** Where the corpus of a target lies. */
export function corpusFolder(name: string): string {
  return join(corpora, name)
}

/** Inputs of a target's corpus by what they are called. */
export function readCorpus(name: string): ReadonlyMap<string, Uint8Array> {
  const folder = corpusFolder(name)
  const files = existsSync(folder) ? readdirSync(folder).sort() : []
  return new Map(files.map((file) => [file, Uint8Array.from(readFileSync(join(folder, file)))]))
}
