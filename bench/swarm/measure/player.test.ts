import { expect, it } from 'vitest'
import { continuityOf, longestGapMs } from './player.ts'

const blocksAt = (...times: number[]) => times.map((atMs, index) => ({ index, atMs }))
const everyBlock = (from: number, count: number) => Array.from({ length: count }, (_, at) => from + 100 * at)

it('sees no stall in blocks that come as they are played', () => {
  expect(continuityOf(blocksAt(...everyBlock(0, 100)), 10_000)).toBe(1)
})

it('does not take for a stall what the buffer bridges', () => {
  const deliveries = blocksAt(...everyBlock(0, 50), ...everyBlock(5400, 46))
  expect(continuityOf(deliveries, 10_000)).toBe(1)
})

it('counts the time that the picture stands still, and goes on at once', () => {
  // The block that is due at 5.5 s comes at 6.5 s; those after it are there with it.
  const deliveries = blocksAt(...everyBlock(0, 50), ...Array.from({ length: 60 }, () => 6500))
  expect(continuityOf(deliveries, 10_500)).toBeCloseTo(0.9, 9)
})

it('counts a stream that never goes on', () => {
  expect(continuityOf(blocksAt(...everyBlock(0, 50)), 10_500)).toBeCloseTo(0.5, 9)
  expect(continuityOf([], 10_000)).toBe(0)
})

it('finds the longest wait for a block, of those that came in the span', () => {
  const deliveries = blocksAt(0, 900, 1000, 1400, 1500, 3000)
  expect(longestGapMs(deliveries, 1000, 2000)).toBe(400)
})
