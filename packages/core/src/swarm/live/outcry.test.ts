// When a child of the source is discredited for not passing on: at each measure and one short of it.
import { expect, it } from 'vitest'
import type { LivePeer } from './live-peer.ts'
import { Neighbour } from './neighbour.ts'
import { Outcry } from './outcry.ts'
import type { OverlayState } from './overlay-state.ts'

const stripes = 4

/** A neighbour that has begun; ids that begin with its stripe are at home there. */
function neighbour(home: number, name: string, role: Neighbour['role'] = 'node'): Neighbour {
  const one = new Neighbour({ id: `0000000${home}${name}` } as LivePeer, stripes, 0)
  one.role = role
  one.have = { first: 0, next: 90, bits: [0, 0] }
  return one
}

/** A source with the blocks 0 to 99 that gives stripe 0 to two, and has some more neighbours, at home in it where nothing else is said. */
function source(others = 2, make = (at: number) => neighbour(0, `asks${at}`)) {
  const children = [neighbour(0, 'eldest'), neighbour(0, 'other')]
  const asking = Array.from({ length: others }, (_, at) => make(at))
  const served = new Set(children)
  const time = { ms: 0 }
  const state = {
    clock: { now: () => time.ms },
    window: { head: 100, has: (index: number) => index < 100 },
    neighbours: new Set([...children, ...asking]),
  } as unknown as OverlayState
  const outcry = new Outcry(state, [served, new Set(), new Set(), new Set()])
  return {
    outcry,
    asking,
    served,
    time,
    ask: (from: Neighbour | undefined, ...indices: readonly number[]) => {
      for (const index of indices) if (from !== undefined) outcry.onpull(from, index)
    },
    /** Each asks for the newest three blocks of the stripe. */
    cry: (...who: readonly (Neighbour | undefined)[]) => {
      for (const from of who) for (const index of [88, 92, 96]) if (from !== undefined) outcry.onpull(from, index)
    },
    /** Whether each of the two is discredited. */
    verdict: () => children.map((child) => child.isDiscredited(time.ms)),
  }
}

it('two who ask for three of the last six blocks of a stripe discredit the eldest who should have passed them on', () => {
  const { ask, asking, verdict } = source()
  ask(asking[0], 76, 84, 96)
  ask(asking[1], 84, 92)
  expect(verdict()).toEqual([false, false])
  ask(asking[1], 96)
  expect(verdict()).toEqual([true, false])
})

it('what one alone asks for is nothing, nor what it asks for again and again', () => {
  const { ask, asking, verdict } = source()
  ask(asking[0], 76, 80, 84, 88, 92, 96)
  ask(asking[1], 96, 96, 96)
  expect(verdict()).toEqual([false, false])
})

it('nor what is older than the last six, of another stripe, or not there', () => {
  const { ask, asking, verdict } = source()
  for (const one of asking) {
    ask(one, 64, 68, 72)
    ask(one, 92, 96, 77, 78, 100, 104)
  }
  expect(verdict()).toEqual([false, false])
})

it.each([
  [4, 1],
  [5, 2],
  [6, 2],
])('where %i at home get nothing from the source, %i who ask are too few', (others, tooFew) => {
  const { asking, cry, verdict } = source(others)
  cry(...asking.slice(0, tooFew))
  expect(verdict()).toEqual([false, false])
  cry(asking[tooFew])
  expect(verdict()).toEqual([true, false])
})

it('a newcomer and one who is gone do not count', () => {
  const { asking, cry, outcry, verdict } = source(3)
  const [gone, newcomer, third] = asking
  cry(gone)
  if (gone !== undefined) outcry.onclose(gone)
  if (newcomer !== undefined) newcomer.have = { first: 0, next: 0, bits: [0, 0] }
  cry(newcomer)
  cry(third)
  expect(verdict()).toEqual([false, false])
})

it('those count too who are leaves, or at home elsewhere: they get nothing either', () => {
  const { asking, cry, verdict } = source(2, (at) => neighbour(at, `asks${at}`, at === 0 ? 'leaf' : 'node'))
  cry(...asking)
  expect(verdict()).toEqual([true, false])
})

it('one that has got the place since it asked does not count', () => {
  const { asking, cry, served, verdict } = source(3)
  const [first, second, third] = asking
  cry(first)
  if (first !== undefined) served.add(first)
  cry(second)
  expect(verdict()).toEqual([false, false])
  cry(third)
  expect(verdict()).toEqual([true, false])
})

it('what was asked for before one was discredited does not count against the next one', () => {
  const { ask, asking, cry, verdict } = source(2)
  cry(...asking)
  ask(asking[0], 96)
  expect(verdict()).toEqual([true, false])
  cry(...asking)
  expect(verdict()).toEqual([true, true])
})

it('after 30 seconds it is forgotten', () => {
  const { asking, cry, time, verdict } = source()
  cry(...asking)
  time.ms = 29_999
  expect(verdict()).toEqual([true, false])
  time.ms = 30_000
  expect(verdict()).toEqual([false, false])
})
