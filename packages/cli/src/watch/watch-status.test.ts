import { expect, test } from 'vitest'
import { type ShownStatus, statusFields } from './watch-status.ts'

const status: ShownStatus = {
  state: 'playing',
  latencyMs: 140,
  bitsPerSecond: 812_000,
  blocksPerSecond: 10,
  peers: 1,
  stalls: 0,
  relayedCopies: 0,
  live: { depth: 1, repairs: 0 },
}

const textOf = (changes: Partial<ShownStatus>): string =>
  statusFields({ ...status, ...changes })
    .map(({ text }) => text)
    .join(' · ')

test('the live line tells how old the picture is, and no age of less than nothing where clocks do not agree', () => {
  expect(textOf({})).toContain('live · 140 ms · 812 kbit/s')
  expect(textOf({ latencyMs: -133 })).toContain('live · 812 kbit/s')
  expect(textOf({ latencyMs: null })).toContain('playing · 812 kbit/s')
})
