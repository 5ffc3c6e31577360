import { expect, it } from 'vitest'
import { Lateness } from './lateness.ts'

/** Messages each 100 ms on a line of 50 ms, between clocks that differ by `aheadMs`; each is so much later as `lateMs` says. */
function listen(aheadMs: number, lateMs: (nowMs: number) => number, forMs: number): Lateness {
  const lateness = new Lateness()
  for (let nowMs = 0; nowMs < forMs; nowMs += 100) {
    lateness.add((nowMs + aheadMs) % 2 ** 32, nowMs + 50 + lateMs(nowMs), nowMs + 50 + lateMs(nowMs))
  }
  return lateness
}

it.each([0, 3_600_000, 2 ** 32 - 1000])(
  'is nothing on a line that is at rest, of clocks that differ by %i ms',
  (aheadMs) => {
    expect(listen(aheadMs, () => 0, 5000).ms).toBeCloseTo(0, 9)
  },
)

it('is what waits before the messages, once it has lasted for a second or two, and forgets it as soon', () => {
  expect(listen(0, (nowMs) => (nowMs < 3000 ? 0 : 200), 5000).ms).toBeGreaterThan(190)
  expect(listen(0, (nowMs) => (nowMs < 3000 ? 200 : 0), 5000).ms).toBeLessThan(10)
})

it('has forgotten a second later that a message was lost and sent again', () => {
  const late = (nowMs: number): number => (nowMs === 3000 ? 320 : 0)
  expect(listen(0, late, 4400).ms).toBeLessThan(30)
})

it('takes a line that has become longer for the line after a while', () => {
  expect(listen(0, (nowMs) => (nowMs < 1000 ? 0 : 300), 70_000).ms).toBeCloseTo(0, 1)
})
