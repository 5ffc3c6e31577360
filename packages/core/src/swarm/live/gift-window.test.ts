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

it('nothing is given while the uplink is strained; then one, and one more each time', () => {
  const { give, arrive } = start()
  give(easyMs)
  arrive()
  expect(give(strainedMs)).toBe(0)
  const rounds = [0, 1, 2].map(() => {
    const given = give(easyMs)
    arrive()
    return given
  })
  expect(rounds).toEqual([1, 2, 2])
  expect(give(easyMs)).toBe(3)
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
