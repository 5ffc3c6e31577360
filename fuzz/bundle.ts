// Makes one file of a target, the loop that runs it and the sources that it stands on, which count what they do.
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { hitsName } from './hits.ts'
import { instrument } from './instrument.ts'

/** A target that is ready to run in a worker. */
export interface Bundle {
  readonly file: string
  /** Where each counter stands, as `file function`. */
  readonly places: readonly string[]
  /** What the sources compare with. */
  readonly words: readonly Uint8Array[]
  remove(): Promise<void>
}

const root = fileURLToPath(new URL('..', import.meta.url))
const maxPlaces = 32_768
/** Sources of packages, and the faults on which the fuzzer itself is tried. */
const counted = /\/packages\/[\w-]+\/src\/|\/fuzz\/planted\//
/** Decoders of others that are a part of what is being tested. */
const countedPackages = /\/node_modules\/(compact-encoding|ebml|z32)\//

/** Bundles a target. */
export async function bundle(targetFile: string): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'hypervision-fuzz-'))
  const file = join(folder, 'target.cjs')
  const places: string[] = []
  const words: Uint8Array[] = []
  const contents = [
    `import { target } from ${JSON.stringify(targetFile)}`,
    `import { serve } from ${JSON.stringify(join(root, 'fuzz/serve.ts'))}`,
    'serve(target)',
  ].join('\n')
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    outfile: file,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    conditions: ['hypervision-source'],
    sourcemap: 'inline',
    banner: { js: `const ${hitsName} = globalThis.${hitsName} = new Uint32Array(${maxPlaces});` },
    logLevel: 'error',
    plugins: [othersStayOutside, counting(places, words)],
  })
  if (places.length > maxPlaces) throw new Error(`${targetFile} has ${places.length} branches; ${maxPlaces} fit.`)
  return { file, places, words, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** Packages of others are loaded as they are: some have native parts that they look for beside themselves. */
const othersStayOutside: Plugin = {
  name: 'others-stay-outside',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
      if (importer === '' || path.startsWith('node:') || path.startsWith('@hypervision/')) return null
      const resolved = createRequire(importer).resolve(path)
      return countedPackages.test(resolved) ? { path: resolved } : { path: resolved, external: true }
    })
  },
}

function counting(places: string[], words: Uint8Array[]): Plugin {
  return {
    name: 'counting',
    setup({ onLoad }) {
      onLoad({ filter: /\.[jt]s$/ }, ({ path }) => {
        const isOurs = counted.test(path)
        if (!isOurs && !countedPackages.test(path)) return null
        const name = isOurs ? relative(root, path).replace(/^packages\//, '') : path.replace(/^.*\/node_modules\//, '')
        const instrumented = instrument(readFileSync(path, 'utf8'), name, places.length)
        places.push(...instrumented.places)
        words.push(...instrumented.words)
        return { contents: instrumented.code, loader: path.endsWith('.ts') ? 'ts' : 'js', resolveDir: dirname(path) }
      })
    },
  }
}
