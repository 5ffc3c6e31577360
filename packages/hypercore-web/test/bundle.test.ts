/** The memory database stands on nothing of Node's and nothing of a page's. */
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

it('bundles for a neutral platform, with hypercore-storage left to the application', async () => {
  const { outputFiles, metafile, warnings } = await build({
    entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['browser'],
    // streamx takes its events from `events`: built into Node, and for pages a package of the same name.
    external: ['hypercore-storage', 'events'],
  })
  expect(warnings).toEqual([])
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path))
  expect([...new Set(imports)].sort()).toEqual(['events', 'hypercore-storage'])
  expect(outputFiles).toHaveLength(1)
})
