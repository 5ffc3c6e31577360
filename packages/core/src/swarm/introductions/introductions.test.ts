import c from 'compact-encoding'
import fc from 'fast-check'
import { keyPair } from 'hypercore-crypto'
import Protomux, { type ProtomuxChannel, type ProtomuxMessage } from 'protomux'
import { expect, onTestFinished, test } from 'vitest'
import { attach, connect, type IntroductionNode, line, startNode } from '../../../test/swarm/introduction-nodes.ts'
import { type ManualClock, manualClock, settle } from '../../../test/swarm/manual-clock.ts'
import { type Answer, answer, hello, neighbours, type Offer, offer } from './messages.ts'

/** A peer that says what the test lets it say. */
interface RawPeer {
  readonly keyPair: ReturnType<typeof keyPair>
  readonly channel: ProtomuxChannel<unknown>
  /** By their numbers in the protocol. */
  readonly send: readonly ProtomuxMessage<Uint8Array>[]
  /** What came, of each kind. */
  readonly got: readonly Uint8Array[][]
  readonly isClosed: () => boolean
}

/** Connects a raw peer with a node. */
async function rawPeer(node: IntroductionNode, { speaks = true } = {}): Promise<RawPeer> {
  const pair = keyPair()
  const [theirs, ours] = line(node.keyPair, pair)
  let isClosed = false
  ours.on('close', () => (isClosed = true))
  ours.on('error', () => {})
  onTestFinished(() => void ours.destroy())
  const got: Uint8Array[][] = [[], [], [], [], [], []]
  const channel = Protomux.from(ours).createChannel<unknown>({
    protocol: speaks ? 'hypervision/introductions' : 'something else',
    handshake: hello as never,
    onopen: () => {},
    onclose: () => {},
  })
  if (channel === null) throw new Error('no channel')
  const send = got.map((list) =>
    channel.addMessage<Uint8Array>({ encoding: c.raw, onmessage: (bytes) => void list.push(Uint8Array.from(bytes)) }),
  )
  attach(node, theirs)
  await ours.opened
  channel.open({ version: 1, isGuest: false, isFull: false })
  await settle()
  return { keyPair: pair, channel, send, got, isClosed: () => isClosed }
}

const callTo = (key: Uint8Array, id = 1): Uint8Array =>
  c.encode(offer, { id, key, transport: 'test', description: 'offer' })
const answersOf = ({ got }: RawPeer): Answer[] => (got[4] ?? []).map((bytes) => c.decode(answer, bytes))
const offersOf = ({ got }: RawPeer): Offer[] => (got[3] ?? []).map((bytes) => c.decode(offer, bytes))

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
