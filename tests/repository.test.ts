// The rules of the repository that no compiler knows: what a package publishes, and which package may stand on which.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { importSpecifiers } from './import-specifiers.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'))

const folders = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'package.json')),
)
const published = folders.filter((folder) => read(`packages/${folder}/package.json`).private !== true)

/** What each package may import of ours, by architecture.md; a package that is not here may import all of it. */
const allowedOfOurs: Record<string, readonly string[]> = {
  core: [
    '@hypervision/hypercore-web',
    '@hypervision/hypercore-web/block-cipher',
    '@hypervision/hypercore-web/named-storage',
  ],
  'hypercore-web': [],
  'capture-browser': ['@hypervision/core/contracts', '@hypervision/core/webm'],
  'capture-node': ['@hypervision/core/contracts', '@hypervision/core/webm'],
  'transport-dht': ['@hypervision/core/contracts', '@hypervision/core/webm'],
  'transport-webrtc': ['@hypervision/core/contracts', '@hypervision/core/webm'],
  testkit: ['@hypervision/core/contracts', '@hypervision/core/webm'],
}

const isOurs = (specifier: string) => /^(@hypervision\/|hypervision(\/|$))/.test(specifier)
const isOfNode = (specifier: string) => specifier.startsWith('node:') || builtinModules.includes(specifier)

/** Imports of a package's sources that a rule forbids, as `file imports specifier`. */
function offences(folder: string, isForbidden: (specifier: string) => boolean): string[] {
  return importSpecifiers(folder)
    .filter(({ specifier }) => isForbidden(specifier))
    .map(({ file, specifier }) => `${relative(root, file)} imports ${specifier}`)
}

describe('what packages publish', () => {
  test.each(published)('%s publishes the exports of the workspace, without their sources', (folder) => {
    const { exports, publishConfig } = read(`packages/${folder}/package.json`)
    const withoutSources = Object.fromEntries(
      Object.entries<string | Record<string, string>>(exports).map(([entry, target]) => {
        if (typeof target === 'string') return [entry, target]
        return [
          entry,
          Object.fromEntries(Object.entries(target).filter(([condition]) => condition !== 'hypervision-source')),
        ]
      }),
    )
    expect(publishConfig.exports).toEqual(withoutSources)
    expect(publishConfig.access).toBe('public')
  })

  test.each(published)('%s has a source behind every export', (folder) => {
    const { exports } = read(`packages/${folder}/package.json`)
    const sources = Object.values<{ 'hypervision-source'?: string }>(exports).flatMap(
      (t) => t['hypervision-source'] ?? [],
    )
    expect(sources).not.toEqual([])
    for (const source of sources) expect(existsSync(join(root, 'packages', folder, source)), source).toBe(true)
  })

  test('changesets gives all published packages one version', () => {
    const names = published.map((folder) => read(`packages/${folder}/package.json`).name)
    expect(read('.changeset/config.json').fixed.map((group: string[]) => group.toSorted())).toEqual([names.toSorted()])
  })

  test.each(published)('%s pins the packages of others to exact versions or to the catalog', (folder) => {
    const { dependencies = {} } = read(`packages/${folder}/package.json`)
    const loose = Object.entries<string>(dependencies).filter(
      ([, range]) => !/^(workspace:\*|catalog:|\d+\.\d+\.\d+)$/.test(range),
    )
    expect(loose).toEqual([])
  })
})

describe('which package stands on which', () => {
  test.each(Object.keys(allowedOfOurs).filter((folder) => folders.includes(folder)))(
    '%s imports only what architecture allows it of ours',
    (folder) => {
      const allowed = allowedOfOurs[folder] ?? []
      const found = offences(join(root, 'packages', folder, 'src'), (name) => isOurs(name) && !allowed.includes(name))
      expect(found).toEqual([])
    },
  )

  test('every package is in the table, except those that may import all', () => {
    expect(
      folders.filter((folder) => allowedOfOurs[folder] === undefined && !['cli', 'viewer'].includes(folder)),
    ).toEqual([])
  })

  test('no package reaches into the files of another', () => {
    const found = folders.flatMap((folder) => {
      const own = join(root, 'packages', folder)
      return importSpecifiers(join(own, 'src')).filter(
        ({ file, specifier }) =>
          specifier.startsWith('.') && relative(own, join(file, '..', specifier)).startsWith('..'),
      )
    })
    expect(found).toEqual([])
  })

  test('core imports nothing of Node', () => {
    expect(offences(join(root, 'packages/core/src'), isOfNode)).toEqual([])
  })

  test('contracts import nothing but each other', () => {
    expect(offences(join(root, 'packages/core/src/contracts'), (name) => !/^\.\/[\w-]+\.ts$/.test(name))).toEqual([])
  })

  test('webm imports nothing of core but contracts', () => {
    const isOutside = (name: string) => name.startsWith('../') && !name.startsWith('../contracts/')
    expect(offences(join(root, 'packages/core/src/webm'), isOutside)).toEqual([])
  })
})

describe('the search for imports', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hypervision-imports-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  test('finds every kind of import, and none in comments, strings or tests', () => {
    mkdirSync(join(folder, 'deep'))
    const lines = [
      "import a from 'a'",
      "import type { B } from 'b'",
      "import 'c'",
      "export { d } from 'd'",
      "export * from 'e'",
      "const f = await import('f')",
      "let g: import('g').G",
      "// import 'comment'",
      'const text = "import \'string\'"',
    ]
    writeFileSync(join(folder, 'deep/one.ts'), lines.join('\n'))
    writeFileSync(join(folder, 'deep/one.test.ts'), "import 'test'")
    expect(importSpecifiers(folder).map(({ specifier }) => specifier)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g'])
  })
})
