import { expect, test } from 'vitest'
import { defaults } from '../app/preferences.ts'
import { plannedStart, showOf } from './show.ts'

test('what is left empty takes away what a channel said before', () => {
  expect(showOf(defaults)).toEqual({ title: null, description: null, startsAt: null, poster: null })
})

test('what was typed and chosen is said, with the picture as a file', () => {
  const show = showOf({
    ...defaults,
    title: 'Friday',
    description: 'Bread',
    startsAt: '2999-12-31T20:15',
    poster: 'data:image/jpeg;base64,/9j/4A==',
  })
  expect(show).toEqual({
    title: 'Friday',
    description: 'Bread',
    startsAt: new Date(2999, 11, 31, 20, 15),
    poster: Uint8Array.of(0xff, 0xd8, 0xff, 0xe0),
  })
})

test('a start that is past, or none, is not planned', () => {
  const now = new Date(2030, 0, 31, 20, 15).getTime()
  expect(plannedStart('2030-01-31T20:16', now)).toEqual(new Date(2030, 0, 31, 20, 16))
  expect(['2030-01-31T20:15', '', 'tomorrow'].map((text) => plannedStart(text, now))).toEqual([null, null, null])
})
