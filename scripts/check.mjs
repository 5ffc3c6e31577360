// `pnpm check [NAME …]`: everything that a commit has to pass beside the tests. Each step is a file in scripts/check; all of
// them run, whatever the others say, and the last lines sum up.
import './node-version.mjs'
import { CommandError } from './child-process.mjs'
import { install, isInstalled } from './install.mjs'
import { reportAndExit, step } from './progress.mjs'

const names = ['format', 'types', 'build', 'packages', 'size', 'unused', 'api', 'snippets']

try {
  const wanted = process.argv.slice(2).filter((argument) => argument !== '--')
  const unknown = wanted.filter((name) => !names.includes(name))
  if (unknown.length > 0)
    throw new CommandError(`There is no check '${unknown.join(', ')}'. Checks: ${names.join(', ')}`)
  if (!isInstalled()) await step('Installing dependencies', install)
  const results = []
  for (const name of wanted.length > 0 ? wanted : names) results.push(await check(name))
  console.log('')
  for (const line of results) console.log(line.text)
  process.exitCode = results.every(({ passed }) => passed) ? 0 : 1
} catch (error) {
  reportAndExit(error)
}

/** Runs one step and says how it went, with the whole output where it failed. */
async function check(name) {
  const { title, check: runCheck } = await import(`./check/${name}.mjs`)
  const start = performance.now()
  console.log(`${name}: ${title} …`)
  let passed = true
  let note = ''
  try {
    note = (await runCheck()) ?? ''
  } catch (error) {
    passed = false
    if (!(error instanceof CommandError)) throw error
    console.log(`\n${error.output?.trimEnd() || error.message}\n`)
    note = error.message
  }
  const seconds = `${((performance.now() - start) / 1000).toFixed(1)} s`
  return { passed, text: `${passed ? 'ok    ' : 'FAILED'} ${name.padEnd(8)} ${seconds.padStart(7)}  ${note}`.trimEnd() }
}
