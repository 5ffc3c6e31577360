// The programs that tests, benches and the demo's check run but npm does not carry, and where they are on this machine.
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Each with the variable that says where it is, the names that it is looked for by, and the package of Debian that has it. */
export const programs = {
  ffmpeg: { name: 'ffmpeg', variable: 'HYPERVISION_FFMPEG', files: ['ffmpeg'], debian: 'ffmpeg' },
  ffprobe: { name: 'ffprobe', variable: 'HYPERVISION_FFPROBE', files: ['ffprobe'], debian: 'ffmpeg' },
  chromium: {
    name: 'Chromium',
    variable: 'HYPERVISION_CHROMIUM',
    files: [
      'chromium',
      'chromium-browser',
      'google-chrome',
      'google-chrome-stable',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    debian: 'chromium',
  },
  firefox: {
    name: 'Firefox',
    variable: 'HYPERVISION_FIREFOX',
    files: ['firefox-esr', 'firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'],
    debian: 'firefox-esr',
  },
}

/** Where a program is: what its variable says, or else the first one on PATH; undefined where there is none. */
export function findProgram({ variable, files }) {
  const given = process.env[variable]
  if (given) return given
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return files
    .flatMap((file) => (file.startsWith('/') ? [file] : folders.map((folder) => join(folder, file + suffix))))
    .find(isProgram)
}

/** The same, where there has to be one. */
export function needProgram(program) {
  const found = findProgram(program)
  if (found !== undefined) return found
  const { name, variable } = program
  throw new Error(`There is no ${name} on PATH, and ${variable} is not set; \`npm test\` installs what is missing.`)
}

/** Whether a file can be run. */
export function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
