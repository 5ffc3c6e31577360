// The one build configuration of every package: each is built from its own folder, and its entries are the sources
// that its package.json names under the `hypervision-source` condition. Moving to another bundler is this file.
import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

type SourceExports = Record<string, { 'hypervision-source'?: string }>

const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: SourceExports }
const entry = Object.values(exports).flatMap((target) => target['hypervision-source'] ?? [])

export default defineConfig({
  entry,
  format: 'esm',
  target: 'node20',
  dts: true,
  sourcemap: true,
  clean: true,
  tsconfig: '../../tsconfig.json',
})
