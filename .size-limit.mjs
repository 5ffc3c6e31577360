// Budgets of what a page downloads, minified and gzipped: our own code without the packages of others, and core with all that
// it needs. A budget is what was measured and about a tenth more: raising one is a decision to be seen in a diff.
import { coreEntries, coreExternals } from './scripts/check/core-bundle.mjs'

/** What is loaded by those who record, and by nobody else; the script tag's one file has nothing of it. */
const recording = './recording-*.js'

const budgets = { core: '62 kB', 'core/webm': '11 kB', 'core/contracts': '1.5 kB' }

export default [
  ...Object.entries(budgets).map(([name, limit]) => ({
    name,
    path: coreEntries[name],
    limit,
    gzip: true,
    ignore: [...coreExternals, recording],
  })),
  {
    name: 'transport-webrtc',
    path: 'packages/transport-webrtc/dist/index.js',
    limit: '9.5 kB',
    gzip: true,
    ignore: ['@hypervision/core', '@noble/curves', 'node-datachannel', 'streamx', 'ws'],
  },
  // As it is: bundled once more it would be measured as something that nobody downloads.
  {
    name: 'script tag',
    path: 'packages/viewer/dist/script/element.js',
    limit: '202 kB',
    gzip: true,
    disablePlugins: ['@size-limit/esbuild'],
  },
  {
    name: 'core for pages',
    path: 'packages/core/dist/browser/index.js',
    limit: '200 kB',
    gzip: true,
    ignore: [recording],
  },
  {
    name: 'recordings for pages, not minified',
    path: 'packages/core/dist/browser/recording-*.js',
    limit: '9 kB',
    gzip: true,
    disablePlugins: ['@size-limit/esbuild'],
  },
]
