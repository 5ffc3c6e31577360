// Imported first by every script: an old Node ends here, with words. What the scripts import may therefore not need
// syntax or modules newer than Node 16, or that Node would stop before it gets here.
import { readFileSync } from 'node:fs'

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const wanted = engines.node.replace(/^>=/, '')
const [major, minor] = wanted.split('.').map(Number)
const [foundMajor, foundMinor] = process.versions.node.split('.').map(Number)

if (foundMajor < major || (foundMajor === major && foundMinor < minor)) {
  console.error(
    `hypervision needs Node ${wanted} or newer; this is Node ${process.versions.node}.\n` +
      'Install a current one from your system, from nodejs.org or with a version manager, and run this again.',
  )
  process.exit(1)
}
