// `npm test`: sets up all that tests need, runs them, and ends with one line for people and machines:
// `N passed, N failed`. Arguments go to vitest: `npm test -- packages/core`.
import './node-version.mjs'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onInterrupt, runToExit } from './child-process.mjs'
import { reportAndExit } from './progress.mjs'
import { setup } from './setup.mjs'
import { systemTools } from './system-tools.mjs'
import { root } from './workspace.mjs'

const folder = mkdtempSync(join(tmpdir(), 'hypervision-test-'))
const countsFile = join(folder, 'counts.json')
const removeFolder = () => rmSync(folder, { recursive: true, force: true })
onInterrupt(removeFolder)
process.on('exit', removeFolder)

try {
  await setup()
  const env = { ...process.env, ...(await systemTools()), HYPERVISION_TEST_COUNTS: countsFile }
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const reporters = ['--reporter=default', `--reporter=${join(root, 'scripts/count-reporter.mjs')}`]
  const args = [vitest, 'run', ...reporters, ...process.argv.slice(2)]
  const { code } = await runToExit(process.execPath, args, { cwd: root, env, shell: false, show: 'as-it-is' })
  process.exitCode = conclude(code)
} catch (error) {
  process.on('exit', () => console.log('0 passed, 1 failed'))
  reportAndExit(error)
}

/** Prints the closing line; returns the exit code. A vitest that failed in any other way counts as one failure. */
function conclude(code) {
  let { passed, failed, skipped } = readCounts()
  if (code !== 0 && failed === 0) failed = 1
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  return failed === 0 ? 0 : 1
}

function readCounts() {
  try {
    return JSON.parse(readFileSync(countsFile, 'utf8'))
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}
