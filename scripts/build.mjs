// Builds the packages whose sources changed, each after those it needs. A package's stamp covers what went in and what
// came out, so a dist that was removed or edited is made again.
import { cpus } from 'node:os'
import { delimiter, join } from 'node:path'
import { CommandError, run } from './child-process.mjs'
import { contentHash, textHash } from './content-hash.mjs'
import { readStamp, removeStamp, writeStamp } from './stamp.mjs'
import { root, workspacePackages } from './workspace.mjs'

const sharedInputs = ['pnpm-lock.yaml', 'tsconfig.json', 'tsup.config.ts', 'scripts/third-party-notices.ts', 'types']
const isNoInput = (path) => /(^|\/)(dist|node_modules|test)\/|\.test(-d)?\.ts$|\.md$/.test(path)

/** The packages that have to be built, in the order in which they can be. */
export function packagesToBuild() {
  const shared = contentHash(root, sharedInputs)
  const inputs = new Map()
  const stale = []
  for (const one of workspacePackages()) {
    const own = contentHash(root, [one.folder], isNoInput)
    // What a package needs is an input as well: types inferred from it are written into the declarations.
    const input = textHash([shared, own, ...one.needs.map((name) => inputs.get(name))].join(' '))
    inputs.set(one.name, input)
    if (one.manifest.scripts?.build === undefined) continue
    if (readStamp(one.name) !== stampOf(one, input)) stale.push({ ...one, input })
  }
  return stale
}

/**
 * Builds packages, as many at once as there are processors.
 *
 * @param {ReturnType<typeof packagesToBuild>} packages
 * @param {(name: string, seconds: number) => void} ondone told of each package as it is done
 */
export async function build(packages, ondone) {
  const builds = new Map()
  let free = cpus().length || 1
  const queue = []
  const withPlace = async (work) => {
    if (free === 0) await new Promise((resolve) => queue.push(resolve))
    else free--
    try {
      return await work()
    } finally {
      if (queue.length > 0) queue.shift()()
      else free++
    }
  }
  for (const one of packages) {
    const needed = one.needs.flatMap((name) => builds.get(name) ?? [])
    builds.set(
      one.name,
      Promise.all(needed).then(() =>
        withPlace(async () => {
          const start = performance.now()
          await buildOne(one)
          ondone(one.name, (performance.now() - start) / 1000)
        }),
      ),
    )
  }
  const results = await Promise.allSettled(builds.values())
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

async function buildOne(one) {
  const folder = join(root, one.folder)
  const programs = [join(folder, 'node_modules/.bin'), join(root, 'node_modules/.bin')]
  // Windows spells it Path; any other spelling there would be a second variable.
  const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  const env = { ...process.env, [pathName]: [...programs, process.env[pathName]].join(delimiter) }
  removeStamp(one.name)
  try {
    await run(one.manifest.scripts.build, [], { cwd: folder, env, shell: true })
  } catch (error) {
    throw new CommandError(`${one.name} does not build (${one.folder})`, error.code, error.output)
  }
  writeStamp(one.name, stampOf(one, one.input))
}

function stampOf(one, input) {
  return `${input} ${contentHash(join(root, one.folder), ['dist'])}`
}
