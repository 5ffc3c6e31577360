// The tarballs as npm would get them, since what is right in the workspace can be wrong once packed.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommandError, onInterrupt, run } from '../child-process.mjs'
import { pnpm } from '../pnpm.mjs'
import { workspacePackages } from '../workspace.mjs'
import { check as checkBuild } from './build.mjs'
import { program } from './program.mjs'

export const title = 'packed packages: contents, publint, attw'

export async function check() {
  await checkBuild()
  const folder = mkdtempSync(join(tmpdir(), 'hypervision-pack-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  const forget = onInterrupt(remove)
  try {
    const published = workspacePackages().filter(({ manifest }) => !manifest.private)
    const filters = published.map(({ name }) => `--filter=${name}`)
    await pnpm(['--recursive', ...filters, 'pack', '--pack-destination', folder])
    const tarballs = readdirSync(folder).sort()
    if (tarballs.length !== published.length) throw new CommandError(`Packed ${tarballs.length} of ${published.length}`)
    const problems = []
    for (const tarball of tarballs) problems.push(...(await problemsOf(join(folder, tarball), tarball)))
    if (problems.length > 0)
      throw new CommandError(`${problems.length} problems in packed packages`, 1, problems.join('\n'))
    return `${tarballs.length} tarballs`
  } finally {
    forget()
    remove()
  }
}

async function problemsOf(path, name) {
  const problems = await contentProblems(path)
  const checkers = [
    ['publint', ['run', '--strict', path]],
    ['attw', ['--profile', 'esm-only', '--no-color', '--no-emoji', path]],
  ]
  for (const [checker, args] of checkers) {
    await program(checker, args).catch((error) => problems.push(`${checker}:\n${error.output}`))
  }
  return problems.map((problem) => `${name}: ${problem}`)
}

async function contentProblems(path) {
  const files = (await run('tar', ['-tzf', path])).trim().split('\n')
  const text = await run('tar', ['-xzOf', path, 'package/package.json'])
  const manifest = JSON.parse(text)
  const problems = []
  if (text.includes('hypervision-source')) problems.push('package.json still points at sources (hypervision-source)')
  if (/"(workspace|catalog):/.test(text))
    problems.push('package.json has a version that only the workspace understands')
  for (const wanted of ['README.md', 'LICENSE']) {
    if (!files.includes(`package/${wanted}`)) problems.push(`${wanted} is missing`)
  }
  for (const field of ['description', 'license', 'repository', 'keywords', 'engines', 'exports', 'files']) {
    if (manifest[field] === undefined) problems.push(`package.json has no ${field}`)
  }
  for (const file of files)
    if (/\.test\.|\/src\/|\.tsbuildinfo$/.test(file)) problems.push(`${file} does not belong into it`)
  return problems
}
