import { expect, test } from 'vitest'
import { bitrateText, bytesText, copiesText, delayText, durationText } from './figures.ts'

test('numbers are written as people read them', () => {
  expect([0, 7.9, 723, 3723, -1].map(durationText)).toEqual(['0:00', '0:07', '12:03', '1:02:03', '0:00'])
  expect([0, 812_400, 1_240_000, 3_400_000_000].map(bytesText)).toEqual(['0 kB', '812 kB', '1.2 MB', '3.4 GB'])
  expect([0, 811_600, 2_100_000].map(bitrateText)).toEqual(['0 kbit/s', '812 kbit/s', '2.1 Mbit/s'])
  expect(copiesText(1.94)).toBe('1.9 ×')
  expect([140.2, 999.6, 1640, -6].map(delayText)).toEqual(['140 ms', '1.0 s', '1.6 s', null])
})
