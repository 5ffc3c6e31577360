// What one peer may do, at each limit and one past it, on a clock that the test turns.
import { describe, expect, it } from 'vitest'
import type { LivePeer } from './live-peer.ts'
import { Neighbour } from './neighbour.ts'

const neighbour = (): Neighbour => new Neighbour({ id: '00'.repeat(8) } as LivePeer, 4, 0)

/** How often something is true before it is not. */
function times(most: number, holds: (at: number) => boolean): number {
  let at = 0
  while (at < most && holds(at)) at++
  return at
}

describe('a peer', () => {
  it('is heard 600 times at once and 200 times a second, new blocks left out', () => {
    const peer = neighbour()
    expect(times(1000, () => peer.hear(0))).toBe(600)
    // What was too much counts, too.
    expect(times(1000, () => peer.hear(1000))).toBe(199)
    const streaming = neighbour()
    const heard = times(1000, () => {
      streaming.excuse()
      return streaming.hear(0)
    })
    expect(heard).toBe(1000)
  })

  it('is pardoned 20 offences at once and one in two seconds', () => {
    const peer = neighbour()
    expect(times(100, () => peer.offend(0))).toBe(20)
    const patient = neighbour()
    expect(times(20, () => patient.offend(0))).toBe(20)
    expect(times(100, (at) => patient.offend(2000 * (at + 1)))).toBe(100)
  })

  it('gets 32 blocks by asking at once and two a second', () => {
    const peer = neighbour()
    expect(times(100, () => peer.mayPull(0))).toBe(32)
    expect(times(100, () => peer.mayPull(499))).toBe(0)
    expect(times(100, () => peer.mayPull(500))).toBe(1)
    expect(times(100, () => peer.mayPull(60_000))).toBe(32)
  })

  it('is remembered for the newest 256 blocks', () => {
    const peer = neighbour()
    for (let index = 0; index < 256; index++) expect(peer.receive(index, 0)).toBe(true)
    expect([peer.receive(0, 0), peer.knows(0)]).toEqual([false, false])
    peer.receive(256, 0)
    expect([peer.receive(1, 0), peer.receive(0, 0)]).toEqual([false, true])
    for (let index = 0; index <= 256; index++) peer.pull(index, 0)
    expect([peer.wasPulled(0), peer.wasPulled(1)]).toEqual([false, true])
  })

  it('owes three blocks and not four, and pays a third of one back with each that it pushes', () => {
    const parent = neighbour()
    expect(times(10, () => parent.owes())).toBe(3)
    for (let pushed = 0; pushed < 4; pushed++) parent.trust()
    expect(times(10, () => parent.owes())).toBe(1)
  })

  it('owes one block and not two when it has just become the parent', () => {
    const parent = neighbour()
    parent.promise()
    expect(times(10, () => parent.owes())).toBe(1)
  })

  it('owes none where it was given up before, and one when it has pushed one', () => {
    const parent = neighbour()
    times(10, () => parent.owes())
    parent.promise()
    expect(times(10, () => parent.owes())).toBe(0)
    parent.promise()
    parent.trust()
    expect(times(10, () => parent.owes())).toBe(1)
  })

  it('may take blocks of a stripe for wanted for ten seconds', () => {
    const peer = neighbour()
    peer.ask(1, 0)
    expect([peer.wasAsked(1, 9999), peer.wasAsked(1, 10_000), peer.wasAsked(2, 0)]).toEqual([true, false, false])
  })

  it('is left alone for 3 seconds, then twice as long each time, and a minute at the most', () => {
    const peer = neighbour()
    const waits = Array.from({ length: 7 }, (_, at) => {
      const now = at * 100_000
      peer.distrust(0, now)
      return times(100, (second) => !peer.mayAsk(0, now + 1000 * second))
    })
    expect(waits).toEqual([3, 6, 12, 24, 48, 60, 60])
  })
})
