// What scripts say while they work: one line when a step begins, one when it is done, and all that is known when it fails.
// On stderr, since stdout belongs to what a script was asked for.
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CommandError } from './child-process.mjs'

/** Prints a line; with work, does it and prints how long it took. */
export async function step(title, work) {
  if (work === undefined) return void console.error(title)
  console.error(`${title} …`)
  const start = performance.now()
  const result = await work()
  console.error(`${title}: done ${seconds((performance.now() - start) / 1000)}`)
  return result
}

/** A duration for a person. */
export function seconds(duration) {
  return `(${duration.toFixed(1)} s)`
}

/** Says what failed, with the output of the program that did, and ends with exit code 1. */
export function reportAndExit(error) {
  if (error instanceof CommandError) {
    if (error.output) console.error(`\n${error.output.trimEnd()}\n`)
    console.error(`Failed: ${error.message}`)
  } else console.error(error)
  process.exit(1)
}

/** Whether a module is the script that was started, rather than imported. */
export function isMain(moduleUrl) {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(moduleUrl)
}
