// docs/faults.md says what is shown by which test: each has to be there, and each kind of fault has to concern somebody.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const root = new URL('../', import.meta.url)
const text = readFileSync(new URL('docs/faults.md', root), 'utf8')
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\| (-|fault )/.test(line))
  .map((line) => {
    const cells = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim())
    const [fault = '', who = ''] = cells
    const [, file = '', title = ''] = /^`([^`]+)` "(.+)"$/.exec(cells[6] ?? '') ?? []
    return { fault, who, columns: cells.length, file, title }
  })

describe('docs/faults.md', () => {
  test('has rows', () => {
    expect(rows.length).toBeGreaterThan(30)
  })

  test.each(rows)('names a test that there is for "$fault" of $who', ({ columns, file, title }) => {
    expect(columns).toBe(7)
    const titles = [
      ...readFileSync(new URL(file, root), 'utf8').matchAll(
        /\b(?:it|test)(?:\.(?:each|skipIf)\([^\n]*\))?\(\s*'([^\n]*?)'/g,
      ),
    ]
    expect(titles.map(([, found]) => found)).toContain(title)
  })
})
