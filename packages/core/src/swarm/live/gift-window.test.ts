// How many blocks may be on their way to those who asked: at each measure and one past it.
import { expect, it } from 'vitest'
import { GiftWindow } from './gift-window.ts'
import type { LivePeer } from './live-peer.ts'
import { Neighbour } from './neighbour.ts'

const easyMs = 59
const strainedMs = 121

/** A window, and a neighbour that tells what has arrived when the test says so. */
function start() {
  const time = { ms: 10_000 }
  const window = new GiftWindow({ now: () => time.ms, after: () => () => {} })
  const to = new Neighbour({ id: '00'.repeat(8) } as LivePeer, 4, 0)
  let index = 0
  return {
    time,
    window,
    to,
    /** Gives as much as there is room for; how much that was. */
    give(lateMs: number): number {
      let given = 0
      for (; given < 1000 && window.hasRoom(to, lateMs); given++) {
        to.line.give(1000)
        window.add(to, index++)
      }
      return given
    },
    /** The neighbour has all that it was given. */
    arrive() {
      to.have = { first: 0, next: index, bits: [0, 0] }
    },
  }
}

it('four are given at once, and the next ones when the neighbour says that it has them', () => {
  const { give, arrive } = start()
  expect([give(100), give(100)]).toEqual([4, 0])
  arrive()
  expect([give(100), give(100)]).toEqual([4, 0])
})

it('an echo of what was sent after them tells it too', () => {
  const { give, to, window } = start()
  for (let block = 0; block < 4; block++) {
    to.line.give(1000)
    window.add(to, block)
  }
  expect(give(100)).toBe(0)
  to.line.beat(1, 10)
  to.line.echo(1, 50, 0, 100)
  expect(give(100)).toBe(4)
})

it('there is room for twice as many each time as long as nothing waits, for 16 at the most', () => {
  const { give, arrive } = start()
  const rounds = [0, 1, 2, 3].map(() => {
    const given = give(easyMs)
    arrive()
    return given
  })
  expect(rounds).toEqual([4, 8, 16, 16])
})

it('one at a time is given while the uplink is strained, and then half as many as before', () => {
  const { give, arrive, time } = start()
  give(100)
  arrive()
  time.ms += 100
  expect([give(strainedMs), give(strainedMs)]).toEqual([1, 0])
  // All four of them tell the same.
  expect([give(100), give(100)]).toEqual([1, 0])
  arrive()
  expect([give(easyMs), give(easyMs)]).toEqual([2, 0])
})

it('those who do not say what has come get one all together while the uplink is strained', () => {
  const { window, give, time } = start()
  const silent = [1, 2].map((number) => new Neighbour({ id: `0${number}`.repeat(8) } as LivePeer, 4, 0))
  for (const one of silent) {
    one.line.give(1000)
    window.add(one, 0)
  }
  time.ms += 1000
  const room = (lateMs: number): boolean[] => silent.map((one) => window.hasRoom(one, lateMs))
  expect(room(strainedMs)).toEqual([true, true])
  const [first] = silent
  if (first !== undefined) window.add(first, 1)
  expect([room(strainedMs), room(100)]).toEqual([
    [false, false],
    [false, true],
  ])
  expect(give(strainedMs)).toBe(1)
})

it('what has not arrived after a second is lost, and what a neighbour was given that is gone', () => {
  const { give, time, window, to } = start()
  give(easyMs)
  time.ms += 999
  expect(give(easyMs)).toBe(0)
  time.ms += 1
  // From then on one at a time, beside what others get.
  expect(give(easyMs)).toBe(1)
  expect(window.hasRoom(start().to, easyMs)).toBe(true)
  window.forget(to)
  expect(give(easyMs)).toBe(4)
})
