import c from 'compact-encoding'
import fc from 'fast-check'
import { keyPair } from 'hypercore-crypto'
import { expect, test } from 'vitest'
import { connect, type IntroductionNode, startNode } from '../../../test/swarm/introduction-nodes.ts'
import { type ManualClock, manualClock, settle } from '../../../test/swarm/manual-clock.ts'
import { answersOf, callTo, offersOf, rawPeer } from '../../../test/swarm/raw-peer.ts'
import { neighbours } from './messages.ts'

function start(count: number, clock: ManualClock, options?: Parameters<typeof startNode>[2]): IntroductionNode[] {
  return Array.from({ length: count }, (_, at) => startNode(String.fromCharCode(97 + at), clock, options))
}

test('two that a third one is connected with swap an offer and an answer by way of it', async () => {
  const clock = manualClock()
  const [a, middle, b] = start(3, clock) as [IntroductionNode, IntroductionNode, IntroductionNode]
  b.introductions.want(0)
  connect(a, middle)
  connect(middle, b)
  await clock.advance(1000)
  expect(a.connected).toEqual([{ id: b.id, hasAgreed: true }])
  expect(b.offers).toEqual([{ id: a.id, offer: 'offer of a' }])
  expect(middle.offers).toEqual([])
})

test('nobody is asked who has the neighbours that it wants', async () => {
  const clock = manualClock()
  const [a, middle, b] = start(3, clock, { wanted: 1 }) as [IntroductionNode, IntroductionNode, IntroductionNode]
  connect(a, middle)
  connect(middle, b)
  await clock.advance(60_000)
  expect([a.connected, b.connected]).toEqual([[], []])
  a.introductions.want(2)
  await clock.advance(1000)
  expect(a.connected).toEqual([{ id: b.id, hasAgreed: true }])
  expect(a.introductions.wanted).toBe(2)
})

test('a peer that declines is not called again at once, and another one is', async () => {
  const clock = manualClock()
  const [a, middle, b, d] = start(4, clock, { wanted: 0 }) as [
    IntroductionNode,
    IntroductionNode,
    IntroductionNode,
    IntroductionNode,
  ]
  for (const each of [b, d]) {
    each.answer = async () => null
    connect(middle, each)
  }
  connect(a, middle)
  await clock.advance(100)
  a.introductions.want(4)
  await clock.advance(9000)
  expect(a.connected.map(({ id }) => id).sort()).toEqual([b.id, d.id].sort())
  await clock.advance(20_000)
  expect(a.connected.length).toBeGreaterThan(2)
})

test('a full node takes one more as a guest, hands it its peers, and the guest leaves and does not come back at once', async () => {
  const clock = manualClock()
  const [full, peer, late] = [
    startNode('full', clock, { maxPeers: 1 }),
    startNode('peer', clock),
    startNode('late', clock),
  ] as const
  connect(full, peer)
  await clock.advance(100)
  connect(late, full)
  await settle()
  expect([...full.peers.keys()]).toEqual([peer.id])
  expect([...full.guests.keys()]).toEqual([late.id])
  expect([...late.guests.keys()]).toEqual([full.id])
  await clock.advance(100)
  expect(late.connected).toEqual([{ id: peer.id, hasAgreed: true }])
  expect(peer.offers).toEqual([{ id: late.id, offer: 'offer of late' }])
  expect([full.guests.size, late.guests.size]).toEqual([0, 0])
  const mayCome = (): boolean => late.introductions.mayConnect(full.keyPair.publicKey, 'test')
  expect(mayCome()).toBe(false)
  expect(full.introductions.mayConnect(late.keyPair.publicKey, 'test')).toBe(false)
  await clock.advance(2500)
  expect(mayCome()).toBe(true)
  expect(full.introductions.mayConnect(late.keyPair.publicKey, 'test')).toBe(true)
  // The second time it waits for longer.
  connect(late, full)
  await clock.advance(100)
  await clock.advance(2500)
  expect(mayCome()).toBe(false)
  await clock.advance(2500)
  expect(mayCome()).toBe(true)
})

test('a guest that nobody can be introduced to is sent away after a while, whatever it says', async () => {
  const clock = manualClock()
  const full = startNode('full', clock, { maxPeers: 1, wanted: 0 })
  await rawPeer(full)
  const guest = await rawPeer(full)
  expect(full.guests.size).toBe(1)
  await clock.advance(4900)
  expect(guest.isClosed()).toBe(false)
  await clock.advance(1200)
  expect(guest.isClosed()).toBe(true)
  expect([full.peers.size, full.guests.size]).toEqual([1, 0])
})

test('a guest that does not speak the protocol is sent away at once, a peer is not', async () => {
  const clock = manualClock()
  const node = startNode('node', clock, { maxPeers: 1, wanted: 0 })
  const peer = await rawPeer(node, { speaks: false })
  const guest = await rawPeer(node, { speaks: false })
  await clock.advance(1200)
  expect([peer.isClosed(), guest.isClosed()]).toEqual([false, true])
})

test('a guest comes back as a peer when its host has room', async () => {
  const clock = manualClock()
  const [full, late] = [startNode('full', clock, { maxPeers: 1, wanted: 0 }), startNode('late', clock)] as const
  await rawPeer(full)
  connect(late, full)
  await clock.advance(100)
  // It waits for the answer of the peer that it called.
  expect(late.guests.size).toBe(1)
  for (const connection of full.peers.values()) connection.destroy()
  await clock.advance(100)
  expect(late.guests.size).toBe(0)
  expect(late.introductions.mayConnect(full.keyPair.publicKey, 'test')).toBe(true)
  connect(late, full)
  await clock.advance(100)
  expect([...full.peers.keys()]).toEqual([late.id])
})

test('an offer goes to a peer of whoever passes it on, and never further', async () => {
  const clock = manualClock()
  const [near, far] = start(2, clock, { wanted: 0 }) as [IntroductionNode, IntroductionNode]
  connect(near, far)
  const behind = await rawPeer(far)
  const caller = await rawPeer(near)
  caller.send[2]?.send(callTo(behind.keyPair.publicKey, 1))
  caller.send[2]?.send(callTo(caller.keyPair.publicKey, 2))
  caller.send[2]?.send(callTo(near.keyPair.publicKey, 3))
  await settle()
  expect(answersOf(caller)).toEqual([1, 2, 3].map((id) => ({ id, description: null })))
  expect(offersOf(behind)).toEqual([])
  caller.send[2]?.send(callTo(far.keyPair.publicKey, 4))
  await settle()
  expect(answersOf(caller).at(-1)).toEqual({ id: 4, description: 'answer of b' })
})

test('callers are answered at once when whom they call goes', async () => {
  const clock = manualClock()
  const node = startNode('node', clock, { wanted: 0 })
  const silent = await rawPeer(node)
  const caller = await rawPeer(node)
  caller.send[2]?.send(callTo(silent.keyPair.publicKey))
  await settle()
  node.peers.get(Buffer.from(silent.keyPair.publicKey).toString('hex'))?.destroy()
  await settle()
  expect(answersOf(caller)).toEqual([{ id: 1, description: null }])
})

test('peers that nobody asked for are not called', async () => {
  const clock = manualClock()
  const node = startNode('node', clock, { wanted: 0 })
  const peer = await rawPeer(node)
  const list = [{ key: keyPair().publicKey, transport: 'test', isFull: false }]
  peer.send[1]?.send(c.encode(neighbours, list))
  await settle()
  node.introductions.want(4)
  await clock.advance(500)
  expect(node.connected).toEqual([])
  peer.send[1]?.send(c.encode(neighbours, list))
  await settle()
  expect(node.connected).toHaveLength(0)
  expect(peer.got[2]).toHaveLength(1)
})

test('nothing that a peer says breaks a node, or costs another peer its connection', async () => {
  const clock = manualClock()
  const node = startNode('node', clock, { maxPeers: 64 })
  const good = await rawPeer(node)
  const message = fc.record({ kind: fc.nat(5), bytes: fc.uint8Array({ maxLength: 120 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 20 }), async (messages) => {
      const bad = await rawPeer(node)
      for (const { kind, bytes } of messages) bad.send[kind]?.send(bytes)
      await settle()
      for (const [id, connection] of node.peers) {
        if (id === Buffer.from(bad.keyPair.publicKey).toString('hex')) connection.destroy()
      }
      await settle()
      expect(good.isClosed()).toBe(false)
    }),
    { numRuns: 25 },
  )
  const other = await rawPeer(node)
  other.send[2]?.send(callTo(good.keyPair.publicKey))
  await settle()
  expect(offersOf(good)).toHaveLength(1)
})

test('a node that is closed holds no timer', async () => {
  const clock = manualClock()
  const [a, middle, b] = start(3, clock, { maxPeers: 1 }) as [IntroductionNode, IntroductionNode, IntroductionNode]
  connect(a, middle)
  connect(middle, b)
  await settle()
  expect(clock.timers).toBeGreaterThan(0)
  for (const node of [a, middle, b]) {
    node.introductions.close()
    for (const connection of [...node.peers.values(), ...node.guests.values()]) connection.destroy()
  }
  await settle()
  expect(clock.timers).toBe(0)
})
