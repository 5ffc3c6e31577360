// The programs that tests run but npm does not carry: found where they are, installed from the system's packages where that is
// allowed, asked for otherwise.
import { existsSync } from 'node:fs'
import { CommandError, run } from './child-process.mjs'
import { findProgram, isProgram, programs } from './programs.mjs'
import { step } from './progress.mjs'

const tools = Object.values(programs)

/**
 * Sees to it that the programs are there.
 *
 * @returns {Promise<Record<string, string>>} the environment that tells tests where they are
 */
export async function systemTools() {
  let missing = tools.filter((tool) => find(tool) === undefined)
  if (missing.length > 0) {
    await installFromDebian(missing)
    missing = tools.filter((tool) => find(tool) === undefined)
    if (missing.length > 0) throw new CommandError(howToInstall(missing))
  }
  return Object.fromEntries(tools.map((tool) => [tool.variable, find(tool)]))
}

function find(tool) {
  const given = process.env[tool.variable]
  if (given && !isProgram(given)) {
    throw new CommandError(`${tool.variable} is set to ${given}, which is not a program. Correct it or unset it.`)
  }
  return findProgram(tool)
}

async function installFromDebian(missing) {
  if (!existsSync('/etc/debian_version')) return
  const asRoot = await rootPrefix()
  if (asRoot === undefined) return
  const packages = [...new Set(missing.map((tool) => tool.debian))]
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) => {
    const [program, ...rest] = [...asRoot, 'apt-get', '-o', 'DPkg::Lock::Timeout=300', ...args]
    return run(program, rest, { env })
  }
  try {
    await step(`Installing ${packages.join(' and ')} from the system's packages`, async () => {
      await apt('update')
      await apt('install', '-y', '--no-install-recommends', ...packages)
    })
  } catch (error) {
    throw new CommandError(`${error.message}\n${howToInstall(missing)}`, error.code, error.output)
  }
}

/** What to put before a command to run it as root; undefined where that would need a password or is impossible. */
async function rootPrefix() {
  if (process.getuid?.() === 0) return []
  try {
    await run('sudo', ['-n', 'true'])
    return ['sudo', '-n']
  } catch {
    return undefined
  }
}

function howToInstall(missing) {
  const packages = [...new Set(missing.map((tool) => tool.debian))].join(' ')
  return [
    `The tests need ${missing.map((tool) => tool.name).join(', ')}, which cannot be found or installed from here.`,
    `  Debian, Ubuntu:  sudo apt-get install ${packages}`,
    `  macOS:           brew install ffmpeg && brew install --cask chromium firefox`,
    `Or say where they are: ${missing.map((tool) => `${tool.variable}=/path/to/program`).join(' ')}`,
  ].join('\n')
}
