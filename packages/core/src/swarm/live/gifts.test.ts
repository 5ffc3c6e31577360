// What is given to those who ask, at each measure and one past it.
import { expect, it } from 'vitest'
import type { Children } from './children.ts'
import { Gifts } from './gifts.ts'
import type { LivePeer } from './live-peer.ts'
import type { LiveBlock } from './live-types.ts'
import { Neighbour } from './neighbour.ts'
import type { OverlayState } from './overlay-state.ts'

/** The gifts of one node that has the blocks 0 to 999, the newest of which can be put forward. */
function start(role: string, idlePlaces = 0) {
  const window = { head: 0, get: (index: number) => ({ index }) as LiveBlock }
  const time = { ms: 0 }
  const load = { lateMs: 0 }
  const given: (readonly [Neighbour, number])[] = []
  const gifts = new Gifts(
    { role, window, settings: { stripes: 4 }, clock: { now: () => time.ms } } as unknown as OverlayState,
    {
      places: 8,
      used: 8 - idlePlaces,
      mayGive: true,
      get uplinkMs() {
        return load.lateMs
      },
      give(to: Neighbour, { index }: LiveBlock) {
        given.push([to, index])
        to.line.give(1000)
        return to.knows(index)
      },
    } as unknown as Children,
  )
  return {
    gifts,
    window,
    time,
    load,
    given,
    /** A thousand peers ask for a block each: how many get it. What is given arrives before the next one asks. */
    ask(make: () => Neighbour): number {
      const before = given.length
      for (let asked = 0; asked < 1000; asked++) {
        const peer = make()
        gifts.onpull(peer, [10])
        peer.have = everything
      }
      return given.length - before
    },
  }
}

const everything = { first: 0, next: 1000, bits: [0, 0] } as const

const newcomer = (): Neighbour => new Neighbour({ id: '00'.repeat(8) } as LivePeer, 4, 0)

function viewer(): Neighbour {
  const peer = newcomer()
  peer.have = { first: 0, next: 5, bits: [0, 0] }
  return peer
}

const blocks = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from + at)

it('all that ask a node get 64 blocks at once, and one more with each new block', () => {
  const { window, ask } = start('node')
  expect([ask(viewer), ask(newcomer)]).toEqual([64, 0])
  window.head = 3
  expect(ask(newcomer)).toBe(3)
  window.head = 1000
  expect(ask(viewer)).toBe(64)
})

it('newcomers get 10 blocks at once of a source whose places are taken, and two with five new blocks', () => {
  const { window, ask } = start('source')
  expect(ask(newcomer)).toBe(10)
  window.head = 5
  expect([ask(newcomer), ask(viewer)]).toEqual([2, 57])
})

it('newcomers get 6 blocks more at once for each copy that the source does not push', () => {
  expect([4, 8].map((idlePlaces) => start('source', idlePlaces).ask(newcomer))).toEqual([16, 22])
})

it('who asks for a stream that has brought nothing new for a second gets what it asks for, until there is something new', () => {
  const { window, time, ask } = start('source')
  window.head = 50
  expect(ask(newcomer)).toBe(10)
  time.ms = 999
  expect(ask(newcomer)).toBe(0)
  time.ms = 1000
  expect([ask(newcomer), ask(viewer)]).toEqual([1000, 1000])
  window.head = 51
  expect([ask(newcomer), ask(viewer)]).toEqual([0, 55])
})

it('who has got something comes after those who wait, also where one place at a time becomes free', () => {
  const { gifts, given, load } = start('node')
  // Neither more room nor less.
  load.lateMs = 100
  const [one, other] = [viewer(), viewer()]
  gifts.onpull(one, blocks(10, 8))
  gifts.onpull(other, blocks(30, 4))
  for (const next of [11, 12, 13]) {
    one.have = { ...everything, next }
    gifts.serve()
  }
  expect(given.slice(4)).toEqual([
    [one, 14],
    [other, 30],
    [one, 15],
  ])
})

/** A node whose window is full, and how to empty it. */
function full() {
  const node = start('node')
  // Neither more room nor less.
  node.load.lateMs = 100
  const first = viewer()
  node.gifts.onpull(first, blocks(10, 4))
  return {
    ...node,
    makeRoom() {
      first.have = everything
      node.gifts.serve()
    },
  }
}

it('each has its turn where there is no room for all, and the rest waits', () => {
  const { gifts, given, makeRoom } = full()
  const [one, other] = [viewer(), viewer()]
  gifts.onpull(one, blocks(10, 16))
  gifts.onpull(other, blocks(20, 2))
  makeRoom()
  expect(given.slice(4)).toEqual([
    [one, 10],
    [other, 20],
    [one, 11],
    [other, 21],
  ])
  one.have = { ...everything, next: 12 }
  other.have = everything
  gifts.serve()
  expect(given.slice(8)).toEqual(blocks(12, 4).map((index) => [one, index]))
})

it.each([
  [500, 1],
  [501, 0],
])('who has waited %i ms gets %i', (ms, count) => {
  const { gifts, given, time, makeRoom } = full()
  gifts.onpull(viewer(), [50])
  time.ms += ms
  makeRoom()
  expect(given.slice(4).length).toBe(count)
})

it('one neighbour waits for 32 blocks at the most', () => {
  const { gifts, given, makeRoom } = full()
  const peer = viewer()
  for (const from of [20, 36, 52]) gifts.onpull(peer, blocks(from, 16))
  makeRoom()
  for (let round = 0; round < 20; round++) {
    peer.have = { ...everything, next: 16 + given.length }
    gifts.serve()
  }
  expect(given.slice(4).length).toBe(32)
})

it('what a new child has missed is not counted as asked for', () => {
  const { gifts, given } = start('source')
  const peer = viewer()
  gifts.offer(peer, blocks(10, 32))
  gifts.onpull(peer, blocks(50, 16))
  gifts.onpull(peer, blocks(70, 16))
  expect(given.length).toBe(64)
})
