import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

test('a bundle for a page has nothing of Node in it', async () => {
  const { metafile, outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['hypervision-source'],
    metafile: true,
    logLevel: 'silent',
  })
  const inputs = Object.entries(metafile.inputs).filter(([, { bytes }]) => bytes > 0)
  expect(inputs.map(([path]) => path).filter((path) => /\/node_modules\/(ws|node-datachannel)\//.test(path))).toEqual(
    [],
  )
  expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([])
  expect(outputFiles[0]?.text).not.toMatch(/node:|\brequire\(/)
})
