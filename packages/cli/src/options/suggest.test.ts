import { expect, test } from 'vitest'
import { suggest } from './suggest.ts'

const words = ['broadcast', 'watch', 'relay', 'inspect', 'cut', 'bootstrap']

test.each([
  ['braodcast', 'broadcast'],
  ['wacth', 'watch'],
  ['inspekt', 'inspect'],
  ['broad', 'broadcast'],
  ['cat', 'cut'],
])('%s was meant as %s', (found, meant) => {
  expect(suggest(found, words)).toBe(meant)
})

test.each(['play', 'zzzzzzzz', ''])('%j is near nothing', (found) => {
  expect(suggest(found, words)).toBeUndefined()
})
