// The one build configuration of every package: each is built from its own folder, and its entries are the sources
// that its package.json names under the `hypervision-source` condition. Moving to another bundler is this file.
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Options } from 'tsup'
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

/** What a page needs in the place of native code; its own package is built before the ones that take it. */
const withoutNativeCode = async () => {
  const { hypercoreWeb } = await import('@hypervision/hypercore-web/esbuild')
  return [hypercoreWeb(), thirdPartyNotices()]
}

/** With everything in it and nothing native, so that an application's bundler needs no configuration. */
const forPages = async () =>
  defineConfig({
    ...shared,
    outDir: 'dist/browser',
    platform: 'browser',
    target: 'es2022',
    clean: true,
    noExternal: [/./],
    esbuildPlugins: await withoutNativeCode(),
  })

/** Methods of hypercore's that nobody in the element calls, by the file that does their work. */
const uncalledOfHypercore = [
  'audit',
  'copy-prologue',
  'default-encryption',
  'fully-remote-proof',
  'info',
  'inspect',
  'mark-bitfield',
  'streams',
]
/** The element opens its viewers itself: nobody in it records, reads streams as text, or encodes numbers to be sorted. */
const uncalled = [
  'core/src/recording/index.ts',
  'text-decoder/index.js',
  'compact-encoding/lexint.js',
  ...uncalledOfHypercore.map((name) => `hypercore/lib/${name}.js`),
]
const withoutUncalled: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'without-uncalled',
  setup: (build) => {
    const filter = new RegExp(`/(?:${uncalled.map((path) => path.replaceAll('.', '\\.')).join('|')})$`)
    build.onLoad({ filter }, () => ({ contents: '' }))
  },
}

/**
 * One file for a script tag, of the entry that has its name: `dist/script/element.js` of `src/element.ts`. It is made of our
 * sources, in which each thing is there once and what nobody calls is left out; what core builds for pages has both.
 */
const forScriptTag = async (file: string) =>
  defineConfig({
    ...shared,
    entry: [`src/${basename(file, '.js')}.ts`],
    outDir: dirname(file),
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    // After esbuild, which shortens what it made itself: a twentieth smaller than by esbuild alone.
    minify: 'terser',
    terserOptions: { ecma: 2020, compress: { passes: 2 }, sourceMap: true },
    banner: { js: '/*! MIT; the licences of all that is in it: THIRD-PARTY-NOTICES.txt */' },
    clean: true,
    noExternal: [/./],
    outExtension: () => ({ js: '.js' }),
    esbuildPlugins: [...(await withoutNativeCode()), withoutUncalled],
    esbuildOptions(options) {
      Object.assign(options, { conditions: ['hypervision-source'], minify: true, legalComments: 'none' })
    },
  })

const hasPages = Object.values(exports).some(({ browser }) => browser !== undefined)
export default [
  library,
  ...(hasPages ? [await forPages()] : []),
  ...(unpkg === undefined ? [] : [await forScriptTag(unpkg)]),
]
