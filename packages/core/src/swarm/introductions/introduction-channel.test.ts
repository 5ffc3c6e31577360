// What waits for a peer that does not read.
import { keyPair } from 'hypercore-crypto'
import Protomux from 'protomux'
import { expect, onTestFinished, test } from 'vitest'
import { line } from '../../../test/swarm/introduction-nodes.ts'
import { manualClock, settle } from '../../../test/swarm/manual-clock.ts'
import type { PeerConnection } from '../peer-connection.ts'
import { IntroductionChannel } from './introduction-channel.ts'
import { hello } from './messages.ts'

test('256 messages wait for a peer to read them, and one more costs it its connection', async () => {
  const [near, far] = line(keyPair(), keyPair())
  for (const stream of [near, far]) onTestFinished(() => void stream.destroy())
  await Promise.all([near.opened, far.opened])
  let isDropped = false
  let waiting = 0
  const write = near.write.bind(near)
  near.write = (data) => {
    const isTaken = write(data)
    if (!isTaken) waiting++
    return isTaken
  }
  const channel = new IntroductionChannel({
    connection: { stream: near, transport: 'test', destroy: () => (isDropped = true) } as unknown as PeerConnection,
    clock: manualClock(),
    isGuest: false,
    isFull: false,
    onopen() {},
    onclose() {},
    onroom() {},
    onseek() {},
    onneighbours() {},
    oncall: async () => null,
    onoffer: async () => null,
  })
  const theirs = Protomux.from(far).createChannel({
    protocol: 'hypervision/introductions',
    handshake: hello,
    onopen() {},
    onclose() {},
  })
  theirs?.open({ version: 1, isGuest: false, isFull: false })
  await settle()
  const neighbours = Array.from({ length: 16 }, () => ({
    key: keyPair().publicKey,
    transport: 'test',
    isFull: false,
  }))
  /** What is said in one turn of the loop cannot be read before it is over. */
  const fill = (messages: number): void => {
    waiting = 0
    while (waiting < messages) channel.tellNeighbours(neighbours)
  }

  fill(256)
  expect(isDropped).toBe(false)
  await settle()
  // All of it was read.
  fill(256)
  expect(isDropped).toBe(false)
  channel.tellNeighbours(neighbours)
  expect(isDropped).toBe(true)
})
