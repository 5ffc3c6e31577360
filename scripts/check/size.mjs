// Core stays small and runs anywhere: its size has a budget (.size-limit.mjs), and a bundle of it for a neutral platform
// has to come about with no Node module and nothing else that it does not name as a dependency.
import { join } from 'node:path'
import { CommandError } from '../child-process.mjs'
import { root } from '../workspace.mjs'
import { check as checkBuild } from './build.mjs'
import { coreEntries, coreExternals } from './core-bundle.mjs'
import { program } from './program.mjs'

export const title = 'size budgets, and core without Node'

export async function check() {
  await checkBuild()
  await bundleForNeutralPlatform()
  const report = await program('size-limit', ['--json']).catch((error) => {
    throw new CommandError('A size is over its budget, or cannot be measured (.size-limit.mjs)', 1, error.output)
  })
  return JSON.parse(report)
    .map(({ name, size }) => `${name} ${(size / 1000).toFixed(1)} kB`)
    .join(', ')
}

async function bundleForNeutralPlatform() {
  const { build } = await import('esbuild')
  try {
    await build({
      absWorkingDir: root,
      entryPoints: Object.values(coreEntries),
      outdir: join(root, '.cache/neutral'),
      write: false,
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      external: coreExternals,
      logLevel: 'silent',
    })
  } catch (error) {
    const lines = error.errors.map(({ text, location }) => `${location?.file}:${location?.line}: ${text}`)
    throw new CommandError('core does not bundle for a neutral platform', 1, lines.join('\n'))
  }
}
