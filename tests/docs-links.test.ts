// What the documentation points at is there: files, headings, and the command that CI runs.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

function markdownIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return ['node_modules', 'dist', 'api'].includes(entry.name) ? [] : markdownIn(path)
    return entry.name.endsWith('.md') ? [path] : []
  })
}

const documents = [
  join(root, 'README.md'),
  ...['docs', 'packages', 'examples'].flatMap((f) => markdownIn(join(root, f))),
]

/** Names of the headings of a document, as GitHub makes them. */
function anchorsOf(document: string): string[] {
  const headings = readFileSync(document, 'utf8').matchAll(/^#+ (.+)$/gm)
  return Array.from(headings, ([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

test.each(documents.map((document) => relative(root, document)))('the links of %s lead somewhere', (name) => {
  const document = join(root, name)
  const text = readFileSync(document, 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '')
  const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^https?:/.test(target))
    .filter((target) => {
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? document : join(dirname(document), path)
      if (!existsSync(file)) return true
      return anchor !== undefined && (statSync(file).isDirectory() || !anchorsOf(file).includes(anchor))
    })
  expect(broken).toEqual([])
})

describe('README.md', () => {
  const commands = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/```sh\n([^`]*)```/g)].flatMap(
    ([, lines = '']) => lines.trim().split('\n'),
  )

  test('names the two commands by themselves, and CI runs the second', () => {
    expect(commands).toContain('npm start')
    expect(commands).toContain('npm test')
    expect(readFileSync(join(root, '.ci/run'), 'utf8')).toMatch(/ npm test$/m)
  })

  test('quotes benches that there are', () => {
    const text = readFileSync(join(root, 'README.md'), 'utf8')
    const names = Array.from(text.matchAll(/`pnpm bench ([\w-]+)/g), ([, name = '']) => name)
    expect(names).not.toEqual([])
    const missing = names.filter((name) => ![`${name}.ts`, name].some((file) => existsSync(join(root, 'bench', file))))
    expect(missing).toEqual([])
  })
})
