// Which modules a source file imports, for tests of the order among packages. The compiler's own scanner finds them, so
// comments and strings cannot be mistaken for imports.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** An import, re-export, dynamic import or import type, and where it stands. */
export interface ImportSpecifier {
  readonly file: string
  readonly specifier: string
}

/** All module specifiers of the sources in a folder and those below it, test files left out. */
export function importSpecifiers(folder: string): ImportSpecifier[] {
  return sourceFiles(folder).flatMap((file) =>
    ts
      .preProcessFile(readFileSync(file, 'utf8'), true, true)
      .importedFiles.map(({ fileName }) => ({ file, specifier: fileName })),
  )
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sourceFiles(path)
    return /\.(ts|js|mjs)$/.test(entry.name) && !/\.test(-d)?\.ts$/.test(entry.name) ? [path] : []
  })
}
