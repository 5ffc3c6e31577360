// docs/errors.md is where a person looks a code up, so it has to have every code, with the table's own words.
import { readFileSync } from 'node:fs'
import { errorCodes } from '@hypervision/core/contracts'
import { describe, expect, test } from 'vitest'

const text = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8')
const sections = new Map(
  text
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [heading = '', ...lines] = section.split(/^## /m)[0]?.split('\n') ?? []
      const paragraphs = lines
        .join('\n')
        .trim()
        .split(/\n{2,}/)
      return [heading.replaceAll('`', ''), paragraphs.map((paragraph) => paragraph.replaceAll('\n', ' '))]
    }),
)

describe('docs/errors.md', () => {
  test('has a section for every code and for nothing else', () => {
    expect([...sections.keys()].sort()).toEqual(Object.keys(errorCodes).sort())
  })

  test.each(Object.entries(errorCodes))('says of %s what the code table says, then what to do', (code, meaning) => {
    const [first, second] = sections.get(code) ?? []
    expect(first).toBe(meaning)
    expect(second).toMatch(/^\*\*What to do:\*\* \S/)
  })
})
