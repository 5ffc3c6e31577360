import { expect, test } from 'vitest'
import { printable, wrapWords } from './plain-text.ts'

test('what steers a terminal is left out of text', () => {
  expect(printable('a\u001b[2Jb\u009b31mc\rd\u0007e\u202ef\ng')).toBe('a[2Jb31mcdef\ng')
  expect(printable('Übung 映画 🎬')).toBe('Übung 映画 🎬')
})

test('text is broken between words, and a long word stays whole', () => {
  expect(wrapWords('the link is abcdefghijkl here', 10)).toEqual(['the link', 'is', 'abcdefghijkl', 'here'])
  expect(wrapWords('', 10)).toEqual([''])
})
