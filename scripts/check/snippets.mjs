// Code in the documentation compiles: each ```ts fence is a module of its own that is checked against the workspace. Where
// a snippet cannot compile for a good reason its fence says ```ts nocheck.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { CommandError } from '../child-process.mjs'
import { root, workspacePackages } from '../workspace.mjs'
import { program } from './program.mjs'

export const title = 'snippets of the documentation compile'

const folder = join(root, '.cache/snippets')

export async function check() {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const documents = markdownFiles()
  const sources = new Map()
  for (const document of documents) {
    for (const { firstLine, code } of fences(readFileSync(join(root, document), 'utf8'))) {
      const file = `${document.replaceAll(/[^\w]/g, '_')}_${firstLine}.ts`
      sources.set(file, document)
      // Line numbers in messages are those of the document.
      writeFileSync(join(folder, file), `${'\n'.repeat(firstLine - 1)}${code}`)
    }
  }
  if (sources.size === 0) return 'no snippets'
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(compilerOptions))
  try {
    await program('tsc', ['-p', folder, '--pretty', 'false'])
  } catch (error) {
    throw new CommandError(
      'Snippets, or sources that they import, do not compile',
      1,
      withDocumentNames(error.output, sources),
    )
  }
  return `${sources.size} snippets of ${new Set(sources.values()).size} documents`
}

const compilerOptions = {
  extends: '../../tsconfig.json',
  compilerOptions: {
    moduleDetection: 'force',
    lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable'],
    noUnusedLocals: false,
    noUnusedParameters: false,
    typeRoots: ['../../types', '../../node_modules/@types'],
  },
  include: ['*.ts'],
  exclude: [],
}

function markdownFiles() {
  const inFolder = (path) =>
    readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) => {
      if (entry.isDirectory()) return entry.name === 'api' ? [] : inFolder(`${path}/${entry.name}`)
      return entry.name.endsWith('.md') ? [`${path}/${entry.name}`] : []
    })
  const ofPackages = workspacePackages().flatMap((one) =>
    readdirSync(join(root, one.folder)).includes('README.md') ? [`${one.folder}/README.md`] : [],
  )
  const top = readdirSync(root).includes('README.md') ? ['README.md'] : []
  return [...top, ...inFolder('docs'), ...ofPackages]
}

/** The ```ts fences of a Markdown text, with the line (from 1) that their code begins on. */
function fences(text) {
  const found = []
  let open
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const fence = /^\s*(`{3,})\s*(.*)$/.exec(line)
    if (open === undefined && fence) {
      const [language, ...rest] = fence[2].trim().split(/\s+/)
      const isChecked = ['ts', 'typescript'].includes(language) && !rest.includes('nocheck')
      open = { marks: fence[1], isChecked, firstLine: index + 2, lines: [] }
    } else if (open !== undefined && line.trim() === open.marks) {
      if (open.isChecked) found.push({ firstLine: open.firstLine, code: `${open.lines.join('\n')}\n` })
      open = undefined
    } else open?.lines.push(line)
  }
  return found
}

function withDocumentNames(output, sources) {
  return output.replaceAll(/^(\S+?\.ts)\((\d+),(\d+)\)/gm, (all, file, line, column) => {
    const document = sources.get(basename(file))
    return document === undefined ? all : `${document}:${line}:${column}`
  })
}
