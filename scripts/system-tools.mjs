// The programs that tests run but npm does not carry: ffmpeg with ffprobe, Chromium and Firefox. Found where they are, installed
// from the system's packages where that is allowed, asked for otherwise.
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { CommandError, run } from './child-process.mjs'
import { step } from './progress.mjs'

const tools = [
  { name: 'ffmpeg', variable: 'HYPERVISION_FFMPEG', programs: ['ffmpeg'], debian: 'ffmpeg' },
  { name: 'ffprobe', variable: 'HYPERVISION_FFPROBE', programs: ['ffprobe'], debian: 'ffmpeg' },
  {
    name: 'Chromium',
    variable: 'HYPERVISION_CHROMIUM',
    programs: [
      'chromium',
      'chromium-browser',
      'google-chrome',
      'google-chrome-stable',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    debian: 'chromium',
  },
  {
    name: 'Firefox',
    variable: 'HYPERVISION_FIREFOX',
    programs: ['firefox-esr', 'firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'],
    debian: 'firefox-esr',
  },
]

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
  if (given) {
    if (isProgram(given)) return given
    throw new CommandError(`${tool.variable} is set to ${given}, which is not a program. Correct it or unset it.`)
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const candidates = tool.programs.flatMap((program) =>
    program.startsWith('/') ? [program] : folders.map((folder) => join(folder, program + suffix)),
  )
  return candidates.find(isProgram)
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
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
