// `npm start`: sets up what is missing and runs the demo until Ctrl-C. `npm start -- --check` runs it for some seconds
// without a person, prints what it saw, and exits with 0 or 1.
import './node-version.mjs'
import { ProcessDied } from './demo/cli-process.mjs'
import { startDemo } from './demo/demo.mjs'
import { introduction, LiveView } from './demo/live-view.mjs'
import { reportAndExit } from './progress.mjs'
import { setup } from './setup.mjs'

const isCheck = process.argv.slice(2).includes('--check')
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

try {
  await setup()
} catch (error) {
  reportAndExit(error)
}

// Setup ends at once on a signal; the demo ends its processes first.
for (const signal of signals) process.removeAllListeners(signal)
const interrupted = new Promise((resolve) => {
  let isSecond = false
  for (const signal of signals) {
    process.on(signal, () => {
      if (isSecond) process.exit(130)
      isSecond = true
      resolve('interrupted')
    })
  }
})

process.exitCode = await (isCheck ? check() : show())
// Signal listeners keep no process alive, and nothing else shall.
process.exit()

/** Runs the demo for a person. */
async function show() {
  const view = new LiveView(process.stdout)
  let demo = null
  try {
    const starting = startDemo({ onstats: (stats) => demo !== null && view.show(stats) })
    demo = await starting
    console.log(introduction(demo, process.stdout.columns))
    await Promise.race([interrupted, demo.died])
    view.finish()
    await demo.stop()
    // Figures come until the last process has ended.
    view.finish()
    console.log('Everything has ended.')
    return 0
  } catch (error) {
    view.finish()
    return fail(error)
  } finally {
    await demo?.stop()
  }
}

/** Runs the demo without a person. */
async function check() {
  let newest = null
  let demo = null
  try {
    demo = await startDemo({ port: 0, onstats: ({ watch }) => (newest = watch) })
    console.log(`Watching ${demo.live} …`)
    const { checkDemo } = await import('./demo/check.mjs')
    const result = await Promise.race([checkDemo(demo, () => newest), demo.died, interrupted])
    if (result === 'interrupted') return 130
    const ends = await demo.stop()
    for (const { name, how } of ends) if (how !== 'ended with exit code 0') result.problems.push(`${name} ${how}`)
    for (const [label, text] of result.figures) console.log(`  ${label.padEnd(8)}  ${text}`)
    for (const problem of result.problems) console.log(`Problem: ${problem}`)
    console.log(result.problems.length === 0 ? 'The demo works.' : 'The demo does not work.')
    return result.problems.length === 0 ? 0 : 1
  } catch (error) {
    return fail(error)
  } finally {
    await demo?.stop()
  }
}

function fail(error) {
  console.error(error instanceof ProcessDied ? error.message : error)
  return 1
}
