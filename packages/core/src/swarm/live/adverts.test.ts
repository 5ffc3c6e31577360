import { expect, it } from 'vitest'
import { VirtualClock } from '../../../test/live/virtual-clock.ts'
import { Adverts } from './adverts.ts'
import { defaultLiveSettings } from './live-options.ts'
import type { Neighbour } from './neighbour.ts'

/** A node with one neighbour below it and one beside it, and when each was sent an advert. */
function node(places = 6) {
  const clock = new VirtualClock()
  const toldMs = { below: [] as number[], beside: [] as number[] }
  const neighbourOf = (times: number[]): Neighbour =>
    ({ peer: { advert: () => times.push(clock.now()) } }) as unknown as Neighbour
  const below = neighbourOf(toldMs.below)
  const beside = neighbourOf(toldMs.beside)
  const neighbours = new Set([below, beside])
  const adverts = new Adverts(
    { clock, neighbours, role: 'node', settings: defaultLiveSettings },
    { position: () => null },
    { places, free: () => 0, includes: (one) => one === below },
    { isUnderWay: false },
  )
  return { clock, toldMs, adverts, neighbours, beside }
}

it('a change is told within 20 ms, and several of them at once', async () => {
  const { clock, toldMs, adverts } = node()
  adverts.onchange()
  await clock.runUntil(10)
  adverts.onchange()
  await clock.runUntil(1000)
  expect(toldMs).toEqual({ below: [20], beside: [20] })
})

it('where something changes all the time those below are told each time, others the newest each 300 ms', async () => {
  const { clock, toldMs, adverts } = node()
  for (let ms = 0; ms < 1000; ms += 50) {
    await clock.runUntil(ms)
    adverts.onchange()
  }
  await clock.runUntil(3000)
  expect(toldMs.below).toHaveLength(20)
  expect(toldMs.beside).toEqual([20, 330, 630, 930, 1230])
})

it('nothing is told to who is gone, nor after the end', async () => {
  const { clock, toldMs, adverts, neighbours, beside } = node()
  adverts.onchange()
  await clock.runUntil(50)
  adverts.onchange()
  neighbours.delete(beside)
  await clock.runUntil(1000)
  adverts.onchange()
  adverts.close()
  await clock.runUntil(2000)
  expect(toldMs).toEqual({ below: [20, 70], beside: [20] })
})

it('a node that has no places says that it is a leaf: its uplink carries too little, or it uploads nothing', () => {
  const told = [0, 1].map((places) => node(places).adverts.own)
  expect(told).toMatchObject([
    { role: 'leaf', places: 0 },
    { role: 'node', places: 1 },
  ])
})
