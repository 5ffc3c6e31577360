// `npm run setup`: everything that a checkout needs before it can run, on a machine that has only Node and npm. It does
// what is missing and nothing else, so whoever needs a ready checkout simply calls it first.
import './node-version.mjs'
import { join } from 'node:path'
import { build, packagesToBuild } from './build.mjs'
import { install, isInstalled } from './install.mjs'
import { withLock } from './lock.mjs'
import { isMain, reportAndExit, seconds, step } from './progress.mjs'
import { root } from './workspace.mjs'

/** Installs the dependencies and builds the packages, where that is not done yet. Rejects with a CommandError. */
export async function setup() {
  if (isReady()) return
  const lock = join(root, '.cache/setup.lock')
  await withLock(
    lock,
    (holder) => step(`Waiting for another setup (process ${holder.split(' ')[1]}) to finish; its lock is ${lock}`),
    async () => {
      if (!isInstalled()) await step('Installing dependencies', install)
      const stale = packagesToBuild()
      if (stale.length === 0) return
      await step(`Building ${stale.length === 1 ? stale[0].name : `${stale.length} packages`}`, () =>
        build(stale, (name, duration) => step(`  ${name} ${seconds(duration)}`)),
      )
    },
  )
}

function isReady() {
  return isInstalled() && packagesToBuild().length === 0
}

if (isMain(import.meta.url)) {
  try {
    await setup()
    step('Ready')
  } catch (error) {
    reportAndExit(error)
  }
}
