// The one version of pnpm that the lockfile was made with, whether or not the machine has it.
import { run } from './child-process.mjs'
import { root, rootManifest } from './workspace.mjs'

const version = rootManifest.packageManager.split('@')[1]
let command

/** Runs pnpm in the repository; downloads it with npx where PATH has none of that version. */
export async function pnpm(args, options = {}) {
  command ??= (await pathHasVersion()) ? ['pnpm'] : ['npx', '--yes', `pnpm@${version}`]
  const [program, ...before] = command
  return run(program, [...before, ...args], { cwd: root, ...options })
}

async function pathHasVersion() {
  try {
    // A pnpm that corepack put on PATH must not ask before it answers.
    const env = { ...process.env, COREPACK_ENABLE_DOWNLOAD_PROMPT: '0' }
    return (await run('pnpm', ['--version'], { cwd: root, env })).trim() === version
  } catch {
    return false
  }
}
