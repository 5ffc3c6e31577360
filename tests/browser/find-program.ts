// Programs that tests run, where `npm test` said they are, or on PATH.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Finds a program.
 *
 * @param variable of the environment, which says where it is
 * @param names to look for on PATH where it does not
 */
export function findProgram(variable: string, names: readonly string[]): string {
  const given = process.env[variable]
  if (given) return given
  const folders = (process.env.PATH ?? '').split(delimiter)
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram)
  if (found !== undefined) return found
  throw new Error(
    `There is no ${names.join(', ')} on PATH, and ${variable} is not set; \`npm test\` installs what is missing.`,
  )
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
