// How much a node does for a peer at once, and a second.
import c from 'compact-encoding'
import { keyPair } from 'hypercore-crypto'
import { expect, test } from 'vitest'
import { startNode } from '../../../test/swarm/introduction-nodes.ts'
import { manualClock, settle } from '../../../test/swarm/manual-clock.ts'
import { answersOf, callTo, offersOf, type RawPeer, rawPeer } from '../../../test/swarm/raw-peer.ts'
import { answer, neighbours, offer } from './messages.ts'

test('an offer that is not answered holds a place for six seconds, and there are eight of them', async () => {
  const clock = manualClock()
  const node = startNode('node', clock, { wanted: 0 })
  const silent = await rawPeer(node)
  const caller = await rawPeer(node)
  for (let id = 1; id <= 9; id++) caller.send[2]?.send(callTo(silent.keyPair.publicKey, id))
  await settle()
  expect(offersOf(silent)).toHaveLength(8)
  expect(answersOf(caller)).toEqual([{ id: 9, description: null }])
  await clock.advance(6000)
  expect(answersOf(caller)).toHaveLength(9)
  caller.send[2]?.send(callTo(silent.keyPair.publicKey, 10))
  await settle()
  const passed = offersOf(silent).at(-1)
  expect(passed?.key).toEqual(Uint8Array.from(caller.keyPair.publicKey))
  silent.send[4]?.send(c.encode(answer, { id: passed?.id ?? 0, description: 'here' }))
  // An answer to what was never asked, or once more, is passed over.
  silent.send[4]?.send(c.encode(answer, { id: passed?.id ?? 0, description: 'again' }))
  silent.send[4]?.send(c.encode(answer, { id: 999, description: 'what' }))
  await settle()
  expect(answersOf(caller).slice(9)).toEqual([{ id: 10, description: 'here' }])
})

test('a peer that sends 128 messages at once is heard, and one that sends more loses its connection', async () => {
  const clock = manualClock()
  const node = startNode('node', clock, { wanted: 0 })
  const [tame, wild] = [await rawPeer(node), await rawPeer(node)]
  for (let count = 0; count < 128; count++) tame.send[0]?.send(new Uint8Array())
  for (let count = 0; count < 129; count++) wild.send[0]?.send(new Uint8Array())
  await settle()
  expect([tame.isClosed(), wild.isClosed()]).toEqual([false, true])
  expect(tame.got[1]).toHaveLength(128)
  // A second later 32 more are taken.
  await clock.advance(1000)
  for (let count = 0; count < 32; count++) tame.send[0]?.send(new Uint8Array())
  await settle()
  expect(tame.isClosed()).toBe(false)
  tame.send[0]?.send(new Uint8Array())
  await settle()
  expect(tame.isClosed()).toBe(true)
})

test('whoever is asked is told of 16 peers at most, those with room first, and guests never', async () => {
  const clock = manualClock()
  const node = startNode('node', clock, { maxPeers: 19, wanted: 0 })
  const peers: RawPeer[] = []
  while (peers.length < 20) peers.push(await rawPeer(node))
  const [asking, full, guest] = [peers[0], peers[1], peers[19]] as [RawPeer, RawPeer, RawPeer]
  full.send[5]?.send(Uint8Array.of(1))
  asking.send[0]?.send(new Uint8Array())
  guest.send[0]?.send(new Uint8Array())
  await settle()
  const told = ({ got }: RawPeer): string[] =>
    c.decode(neighbours, got[1]?.[0] ?? new Uint8Array()).map(({ key }) => Buffer.from(key).toString('hex'))
  const id = ({ keyPair: { publicKey } }: RawPeer): string => Buffer.from(publicKey).toString('hex')
  expect(told(asking)).toHaveLength(16)
  for (const each of [asking, full, guest]) expect(told(asking)).not.toContain(id(each))
  expect(told(guest)).toHaveLength(16)
})

test('a peer is passed 32 offers at once and 8 a second, whoever they are of', async () => {
  const clock = manualClock()
  const node = startNode('node', clock, { wanted: 0 })
  const called = await rawPeer(node)
  const callers = [await rawPeer(node), await rawPeer(node)]
  const call = async (id: number): Promise<void> => {
    callers[id % 2]?.send[2]?.send(callTo(called.keyPair.publicKey, id))
    await settle()
    // Answered at once, so that none holds a place.
    const passed = offersOf(called).at(-1)
    called.send[4]?.send(c.encode(answer, { id: passed?.id ?? 0, description: null }))
    await settle()
  }
  for (let id = 1; id <= 33; id++) await call(id)
  expect(offersOf(called)).toHaveLength(32)
  expect(callers.flatMap(answersOf)).toHaveLength(33)
  await clock.advance(1000)
  for (let id = 34; id <= 42; id++) await call(id)
  expect(offersOf(called)).toHaveLength(40)
})

test('of one peer 8 offers are passed on at a time, to whomever they are', async () => {
  const clock = manualClock()
  const node = startNode('node', clock, { wanted: 0 })
  const [caller, other] = [await rawPeer(node), await rawPeer(node)]
  const silent = [await rawPeer(node), await rawPeer(node)]
  const call = (from: RawPeer, id: number): unknown =>
    from.send[2]?.send(callTo(silent[id % 2]?.keyPair.publicKey ?? new Uint8Array(32), id))
  for (let id = 1; id <= 9; id++) call(caller, id)
  await settle()
  expect(silent.flatMap(offersOf)).toHaveLength(8)
  expect(answersOf(caller)).toEqual([{ id: 9, description: null }])
  // Somebody else's are not held up by that.
  call(other, 10)
  await settle()
  expect(silent.flatMap(offersOf)).toHaveLength(9)
})

test('a node answers 8 offers at a time, and declines further ones', async () => {
  const clock = manualClock()
  const node = startNode('node', clock, { wanted: 0 })
  node.answer = () => new Promise(() => {})
  const peer = await rawPeer(node)
  for (let id = 1; id <= 9; id++) {
    peer.send[3]?.send(c.encode(offer, { id, key: keyPair().publicKey, transport: 'test', description: 'offer' }))
  }
  await settle()
  expect(node.offers).toHaveLength(8)
  expect(answersOf(peer)).toEqual([{ id: 9, description: null }])
})
