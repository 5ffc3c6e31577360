import { describe, expect, test } from 'vitest'
import { LiveEdge } from './live-edge.ts'

/** Plays a stream of 100 ms blocks for so long; the rates asked for, and the margin at its end. */
function play(edge: LiveEdge, aheadSeconds: number, seconds: number, startMs = 0) {
  const rates: number[] = []
  let ahead = aheadSeconds
  let jumped = 0
  for (let at = 0; at < seconds * 1000; at += 20) {
    if (at % 100 === 0) ahead += 0.1
    const { rate, jumpSeconds } = edge.advise(ahead, startMs + at)
    ahead -= jumpSeconds
    jumped += jumpSeconds
    rates.push(rate)
    ahead -= 0.02 * rate
  }
  return { rates, ahead, jumped }
}

describe('near the live edge', () => {
  test('a margin that is right is left alone', () => {
    const { rates } = play(new LiveEdge(), 0.1, 10)
    expect(new Set(rates)).toEqual(new Set([1]))
  })

  test('delay that nobody needs is played away, never faster than a tenth, and then playback is normal', () => {
    const { rates, ahead, jumped } = play(new LiveEdge(), 1.2, 30)
    expect(Math.max(...rates)).toBeCloseTo(1.1)
    expect(rates.at(-1)).toBe(1)
    expect(jumped).toBe(0)
    expect(ahead).toBeLessThan(0.25)
  })

  test('a third of a second too much is gone within a few seconds', () => {
    const { ahead } = play(new LiveEdge(), 0.4, 5)
    expect(ahead).toBeLessThan(0.15)
  })

  test('a margin that is too thin grows by playing slower', () => {
    const edge = new LiveEdge({ leastMarginSeconds: 0.5 })
    const { rates, ahead } = play(edge, 0.1, 30)
    expect(Math.min(...rates)).toBeCloseTo(0.92)
    expect(rates.at(-1)).toBe(1)
    expect(ahead).toBeGreaterThan(0.4)
  })

  test('far behind it jumps, once, to the margin', () => {
    const { ahead, jumped } = play(new LiveEdge(), 10, 5)
    expect(jumped).toBeCloseTo(9.8, 0)
    expect(ahead).toBeLessThan(0.4)
  })

  test('the rate changes seldom', () => {
    const { rates } = play(new LiveEdge(), 1.2, 60)
    const changes = rates.filter((rate, place) => place > 0 && rate !== rates[place - 1]).length
    expect(changes).toBeLessThan(10)
  })

  test('every stall raises the target, up to a bound; calm brings it down, to the least', () => {
    const edge = new LiveEdge({ leastMarginSeconds: 0.1, mostMarginSeconds: 1 })
    edge.onstall(0)
    expect(edge.targetSeconds).toBeCloseTo(0.2)
    for (let count = 0; count < 20; count++) edge.onstall(0)
    expect(edge.targetSeconds).toBe(1)
    play(edge, 1, 20)
    expect(edge.targetSeconds).toBeCloseTo(0.9)
    play(edge, 1, 1200, 20_000)
    expect(edge.targetSeconds).toBe(0.1)
  })
})
