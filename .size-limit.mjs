// Budgets of what a page downloads of core, minified and gzipped: without hypercore and the other packages of others, and with
// all of it. A budget is what was measured and about a tenth more: raising one is a decision to be seen in a diff.
import { coreEntries, coreExternals } from './scripts/check/core-bundle.mjs'

const budgets = { core: '25 kB', 'core/webm': '11 kB', 'core/contracts': '1.2 kB' }

export default [
  ...Object.entries(budgets).map(([name, limit]) => ({
    name,
    path: coreEntries[name],
    limit,
    gzip: true,
    ignore: coreExternals,
  })),
  { name: 'core for pages', path: 'packages/core/dist/browser/index.js', limit: '180 kB', gzip: true },
]
