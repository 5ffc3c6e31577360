// The one build configuration of every package: each is built from its own folder, and its entries are the sources
// that its package.json names under the `hypervision-source` condition. Moving to another bundler is this file.
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'tsup'
import { thirdPartyNotices } from './scripts/third-party-notices.ts'

type SourceExports = Record<string, { 'hypervision-source'?: string; browser?: string }>

const { exports, unpkg } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: SourceExports
  unpkg?: string
}
const entry = Object.values(exports).flatMap((target) => target['hypervision-source'] ?? [])

const atRoot = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const shared = {
  entry,
  format: 'esm',
  sourcemap: true,
  // Packages for pages have their own, with the DOM.
  tsconfig: existsSync('tsconfig.json') ? 'tsconfig.json' : atRoot('tsconfig.json'),
} as const

const library = defineConfig({
  ...shared,
  target: 'node20',
  // Written out, because the declaration build resolves these two against the package and not against tsconfig.json.
  dts: { compilerOptions: { typeRoots: ['types', 'node_modules/@types'].map(atRoot) } },
  clean: ['dist/*', '!dist/browser', '!dist/script'],
})

/** With everything in it and nothing native, so that an application's bundler needs no configuration. */
const forPages = async () => {
  const { hypercoreWeb } = await import('@hypervision/hypercore-web/esbuild')
  return defineConfig({
    ...shared,
    outDir: 'dist/browser',
    platform: 'browser',
    target: 'es2022',
    clean: true,
    noExternal: [/./],
    esbuildPlugins: [hypercoreWeb(), thirdPartyNotices()],
  })
}

/** One file for a script tag, of the entry that has its name: `dist/script/element.js` of `src/element.ts`. */
const forScriptTag = (file: string) =>
  defineConfig({
    ...shared,
    entry: [`src/${basename(file, '.js')}.ts`],
    outDir: dirname(file),
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    clean: true,
    noExternal: [/./],
    outExtension: () => ({ js: '.js' }),
    esbuildPlugins: [thirdPartyNotices()],
  })

const hasPages = Object.values(exports).some(({ browser }) => browser !== undefined)
export default [library, ...(hasPages ? [await forPages()] : []), ...(unpkg === undefined ? [] : [forScriptTag(unpkg)])]
