import { expect, it } from 'vitest'
import { ArrivalTimes } from './arrival-times.ts'

it('tells which block came first in the last seconds, once it has watched for as long', () => {
  const times = new ArrivalTimes(100)
  for (let second = 0; second <= 99; second++) times.note(second * 10, second * 1000)
  expect(times.firstSince(99_000)).toBe(0)
  for (let second = 100; second <= 100_000; second++) times.note(second * 10, second * 1000)
  expect(times.firstSince(100_000_000)).toBe((100_000 - 100) * 10)
})

it('lets all that came before go when nothing came for long', () => {
  const times = new ArrivalTimes(10)
  times.note(500, 0)
  times.note(501, 100_000)
  expect(times.firstSince(100_000)).toBe(500)
  times.note(700, 120_000)
  expect(times.firstSince(120_000)).toBe(501)
})
