import { expect, it } from 'vitest'
import { UploadBudget } from '../upload-budget.ts'
import { Capacity } from './capacity.ts'
import { defaultLiveSettings } from './live-options.ts'
import type { LiveRole } from './live-types.ts'

const tickMs = 50
/** 1 Mbit/s. */
const streamBytesPerMs = 125

/** A node that has everything of a stream, and whose uplink carries so many copies of it. */
function node(copies: number, role: LiveRole = 'node', limitCopies = Number.POSITIVE_INFINITY) {
  let nowMs = 0
  const capacity = new Capacity({
    clock: { now: () => nowMs, after: () => () => {} },
    role,
    settings: defaultLiveSettings,
    budget: new UploadBudget({ bytesPerSecond: limitCopies * 1000 * streamBytesPerMs, now: () => nowMs }),
  })
  /** Lets time pass in which every place is taken, but for those that are left, and somebody is refused or not. */
  const pass = (forMs: number, { isWanted = false, left = 0 } = {}): void => {
    for (const endMs = nowMs + forMs; nowMs < endMs; nowMs += tickMs) {
      const used = capacity.places - left
      const given = used / defaultLiveSettings.stripes
      capacity.countStream(tickMs * streamBytesPerMs)
      capacity.countArrived(Math.min(given, copies) * tickMs * streamBytesPerMs)
      if (given > 0.9 * copies) capacity.strain()
      else capacity.relax(true, used, isWanted)
    }
  }
  return { capacity, pass }
}

it('has one copy to give to begin with, and one and a half when that has arrived', () => {
  const { capacity, pass } = node(5)
  expect(capacity.places).toBe(4)
  pass(tickMs)
  expect(capacity.places).toBe(4)
  pass(1000)
  expect(capacity.places).toBe(6)
  pass(60_000)
  expect(capacity.places).toBe(6)
})

it('has no more as long as there is a place left', () => {
  const { capacity, pass } = node(5)
  pass(5000, { left: 1, isWanted: true })
  expect(capacity.places).toBe(4)
})

it('has as many as its settings allow within two seconds where somebody is refused and the uplink carries them', () => {
  const { capacity, pass } = node(20)
  pass(2000, { isWanted: true })
  expect(capacity.places).toBe(16)
})

it('has half as many places when it has taken on too much for the first time, until it is known what the uplink carries', () => {
  const { capacity, pass } = node(1.2)
  while (capacity.places === 4) pass(tickMs)
  expect(capacity.places).toBe(6)
  pass(tickMs)
  expect(capacity.places).toBe(3)
})

it('where somebody is refused it has places for what its uplink carries, not for more', () => {
  const { capacity, pass } = node(2.8)
  pass(10_000, { isWanted: true })
  expect(capacity.places).toBe(10)
})

it('gives up within a second or two what the uplink does not carry, and keeps four fifths of what it does', () => {
  const { capacity, pass } = node(0.9)
  pass(2500)
  expect(capacity.places).toBe(2)
})

it('gives nothing over an uplink in which a block waits longer than those below would wait for it', () => {
  const { capacity, pass } = node(0.5)
  pass(2500)
  expect(capacity.places).toBe(0)
})

it('tries again seldom what was too much', () => {
  const { capacity, pass } = node(1)
  let raised = 0
  let before = 0
  for (let second = 0; second < 120; second++) {
    pass(1000)
    if (second >= 10 && capacity.places > before) raised++
    before = capacity.places
  }
  expect(raised).toBeLessThan(15)
})

it('a source gives one copy, however little its uplink carries', () => {
  const { capacity, pass } = node(0.3, 'source')
  expect(capacity.places).toBe(8)
  pass(5000)
  expect(capacity.places).toBe(4)
})

it('a source whose upload limit is below the stream gives no places, so that those who ask get one block after another', () => {
  const places = [0.9, 1, 1.5, 5].map((limitCopies) => {
    const { capacity, pass } = node(5, 'source', limitCopies)
    pass(5000)
    capacity.fit()
    return capacity.places
  })
  expect(places).toEqual([0, 4, 5, 8])
})
