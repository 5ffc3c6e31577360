// Whom a node calls that looks for neighbours, of peers that are told of by a test.
import { keyPair } from 'hypercore-crypto'
import { expect, onTestFinished, test } from 'vitest'
import { manualClock } from '../../../test/swarm/manual-clock.ts'
import type { Neighbour } from './messages.ts'
import { type Introducer, Seeker } from './seeker.ts'

test('256 peers are remembered as called, and the one that was called first is called again for one more', async () => {
  const clock = manualClock()
  const neighbours: Neighbour[] = []
  const channel: Introducer = { neighbours, isHost: false, seek() {}, call: async () => null }
  const called: number[] = []
  const seeker = new Seeker({
    clock,
    random: () => 0.5,
    peers: 0,
    hasRoom: true,
    channels: () => [channel],
    introductionsOf: () => ({
      async connect(key) {
        called.push(neighbours.findIndex((neighbour) => neighbour.key === key))
        return false
      },
      answer: async () => null,
    }),
    mayCall: () => true,
    leave() {},
  })
  onTestFinished(() => seeker.close())
  const tell = async (): Promise<void> => {
    neighbours.push({ key: keyPair().publicKey, transport: 'test', isFull: false })
    seeker.seekNow()
    await clock.advance(0)
  }

  for (let peer = 0; peer < 256; peer++) await tell()
  // All have declined less than ten seconds ago: nobody is called twice.
  expect(called).toEqual(neighbours.map((_, peer) => peer))
  await tell()
  expect(called.slice(256, 258)).toEqual([256, 0])
})
