// What is given to those who ask, at each measure and one past it.
import { expect, it } from 'vitest'
import type { Children } from './children.ts'
import { Gifts } from './gifts.ts'
import type { Neighbour } from './neighbour.ts'
import type { OverlayState } from './overlay-state.ts'

const newcomer = { have: { first: 0, next: 0, bits: [0, 0] } } as unknown as Neighbour
const viewer = { have: { first: 0, next: 9, bits: [0, 0] } } as unknown as Neighbour

/** The gifts of one node, the newest block there, and how many a peer gets until there is none left, of a thousand. */
function measure(role: string, idlePlaces: number) {
  const window = { head: 0 }
  const time = { ms: 0 }
  const gifts = new Gifts(
    { role, window, settings: { stripes: 4 }, clock: { now: () => time.ms } } as unknown as OverlayState,
    { places: 8, used: 8 - idlePlaces } as unknown as Children,
  )
  const given = (to: Neighbour): number => {
    let count = 0
    for (; count < 1000 && gifts.allows(to); count++) gifts.spend(to)
    return count
  }
  return { window, time, given }
}

it('all that ask a node get 64 blocks at once, and one more with each new block', () => {
  const { window, given } = measure('node', 0)
  expect([given(viewer), given(newcomer)]).toEqual([64, 0])
  window.head = 3
  expect(given(newcomer)).toBe(3)
  window.head = 1000
  expect(given(viewer)).toBe(64)
})

it('newcomers get 10 blocks at once of a source whose places are taken, and two with five new blocks', () => {
  const { window, given } = measure('source', 0)
  expect(given(newcomer)).toBe(10)
  window.head = 5
  expect([given(newcomer), given(viewer)]).toEqual([2, 57])
})

it('newcomers get 6 blocks more at once for each copy that the source does not push', () => {
  expect([4, 8].map((idlePlaces) => measure('source', idlePlaces).given(newcomer))).toEqual([16, 22])
})

it('who asks for a stream that has brought nothing new for a second gets what it asks for, until there is something new', () => {
  const { window, time, given } = measure('source', 0)
  window.head = 50
  expect(given(newcomer)).toBe(10)
  time.ms = 999
  expect(given(newcomer)).toBe(0)
  time.ms = 1000
  expect([given(newcomer), given(viewer)]).toEqual([1000, 1000])
  window.head = 51
  expect([given(newcomer), given(viewer)]).toEqual([0, 55])
})
