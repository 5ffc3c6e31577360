import { expect, test } from 'vitest'
import { formatBitrate, formatBytes, formatCount, formatDuration, formatMilliseconds } from './format.ts'

test('figures change their unit where the shorter one would round up to it', () => {
  expect([0, 499, 812_345, 999_499, 999_500, 2_440_000].map(formatBitrate)).toEqual([
    '0 kbit/s',
    '0 kbit/s',
    '812 kbit/s',
    '999 kbit/s',
    '1.0 Mbit/s',
    '2.4 Mbit/s',
  ])
  expect([0, 999, 1000, 999_949, 999_950, 4_500_000, 6_700_000_000].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '999.9 kB',
    '1.0 MB',
    '4.5 MB',
    '6.7 GB',
  ])
  expect([0, 87.4, 999.4, 999.5, 1449].map(formatMilliseconds)).toEqual(['0 ms', '87 ms', '999 ms', '1.0 s', '1.4 s'])
  expect([0, 7.9, 754, 3723].map(formatDuration)).toEqual(['0:00', '0:07', '12:34', '1:02:03'])
  expect([formatCount(1, 'peer'), formatCount(2, 'peer')]).toEqual(['1 peer', '2 peers'])
})
