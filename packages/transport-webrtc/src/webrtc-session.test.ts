import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openPost, type Post } from '../test/post.ts'
import { closed, newKeyPair, newTopic, received, startNode, type TestNode } from '../test/test-node.ts'
import { Signer } from './identity.ts'
import { readSdp, writeSdp } from './sdp.ts'
import type { SignallingOffer } from './signalling/signalling.ts'

const start = (post: Post, open: Parameters<typeof startNode>[1] = {}): Promise<TestNode> =>
  startNode({ trackers: [], signalling: [post.signalling()] }, open)

const openTo = ({ connections }: TestNode): number => connections.filter(({ stream }) => !stream.destroyed).length

async function offerOf(post: Post, node: number, topic: Uint8Array): Promise<SignallingOffer> {
  const [offer] = await post.host(node).offer(topic, 1)
  if (offer === undefined) throw new Error('no offer')
  return offer
}

test('peers connect with no tracker, by signalling of one’s own', async () => {
  const post = openPost({ isEager: true })
  const topic = newTopic()
  const [a, b] = [await start(post), await start(post)]
  for (const node of [a, b]) await node.join(topic).ready
  const [atA, atB] = [await a.connected(1), await b.connected(1)]
  const arriving = received(atB, 3)
  atA.stream.write(Uint8Array.of(1, 2, 3))
  expect([...(await arriving)]).toEqual([1, 2, 3])
  expect([atA.initiator, atB.initiator]).toEqual([false, true])
  expect([atA.security, atB.security]).toEqual(['none', 'none'])
  expect(atA.remoteAddress).toMatch(/:\d+$/)
})

test('of two calls that cross, one becomes a connection, the same one at both ends', async () => {
  for (let round = 0; round < 5; round++) {
    const post = openPost()
    const topic = newTopic()
    const nodes = [await start(post), await start(post)]
    for (const node of nodes) await node.join(topic).ready
    const [one, other] = [post.host(0), post.host(1)]
    const [there, back] = [await offerOf(post, 0, topic), await offerOf(post, 1, topic)]
    const [yes, too] = await Promise.all([other.answer(topic, there.sdp), one.answer(topic, back.sdp)])
    expect([typeof yes, typeof too]).toEqual(['string', 'string'])
    if (round % 2 === 0) one.complete(topic, there.id, yes)
    other.complete(topic, back.id, too)
    if (round % 2 === 1) one.complete(topic, there.id, yes)
    const ends = await Promise.all(nodes.map((node) => node.connected(1)))
    expect(ends.map(({ initiator }) => initiator).sort()).toEqual([false, true])
    const arriving = Promise.all(ends.map((end) => received(end, 1)))
    for (const { stream } of ends) stream.write(Uint8Array.of(1))
    await arriving
    expect(nodes.map(openTo)).toEqual([1, 1])
  }
})

test('a second call of a peer that is connected is not answered', async () => {
  const post = openPost()
  const topic = newTopic()
  const nodes = [await start(post), await start(post)]
  for (const node of nodes) await node.join(topic).ready
  await post.call(0, 1, topic)
  await Promise.all(nodes.map((node) => node.connected(1)))
  for (const [from, to] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const { sdp } = await offerOf(post, from, topic)
    expect(await post.host(to).answer(topic, sdp)).toBe(null)
  }
})

test('a peer that comes back with the same key takes the place of its former self', async () => {
  const post = openPost()
  const topic = newTopic()
  const keyPair = newKeyPair()
  const lasting = await start(post, { maxConnections: 1 })
  const before = await start(post, { keyPair })
  const after = await start(post, { keyPair })
  for (const node of [lasting, before, after]) await node.join(topic).ready
  await post.call(1, 0, topic)
  const first = await lasting.connected(1)
  await post.call(2, 0, topic)
  await lasting.connected(2)
  await closed(first)
  expect(openTo(lasting)).toBe(1)
})

test('who is full answers nobody and calls nobody', async () => {
  const post = openPost()
  const topic = newTopic()
  const full = await start(post, { maxConnections: 1 })
  const others = [await start(post), await start(post)]
  for (const node of [full, ...others]) await node.join(topic).ready
  await post.call(1, 0, topic)
  await full.connected(1)
  const { sdp } = await offerOf(post, 2, topic)
  expect(await post.host(0).answer(topic, sdp)).toBe(null)
  expect(await post.host(0).offer(topic, 5)).toEqual([])
  full.session.setMaxConnections(2)
  expect(typeof (await post.host(0).answer(topic, sdp))).toBe('string')
})

test('a peer that is refused gets no answer, and its answer is not followed', async () => {
  const post = openPost()
  const topic = newTopic()
  const asked: string[] = []
  const picky = await start(post, {
    accept: (key) => {
      asked.push(Buffer.from(key).toString('hex'))
      return false
    },
  })
  const keyPair = newKeyPair()
  const refused = await start(post, { keyPair })
  for (const node of [picky, refused]) await node.join(topic).ready
  const { sdp } = await offerOf(post, 1, topic)
  expect(await post.host(0).answer(topic, sdp)).toBe(null)
  await post.call(0, 1, topic)
  const key = Buffer.from(keyPair.publicKey).toString('hex')
  expect(asked).toEqual([key, key])
  expect(picky.connections).toHaveLength(0)
})

test('nobody connects with a node by a description of somebody else’s making', async () => {
  const post = openPost()
  const topic = newTopic()
  const node = await start(post)
  const caller = await start(post)
  for (const each of [node, caller]) await each.join(topic).ready
  const offer = await offerOf(post, 1, topic)
  const answers = async (sdp: unknown): Promise<string | null> => post.host(0).answer(topic, sdp)
  const bare = readSdp(offer.sdp)?.sdp ?? ''
  const stranger = new Signer(newKeyPair())
  const forge = (signed: Uint8Array, line: string): string =>
    writeSdp(bare, {
      relayOnly: false,
      identify: (fingerprints) =>
        stranger.sign({ type: 'offer', topic: signed, fingerprints: [...fingerprints, line] }),
    })
  expect(await answers(bare)).toBe(null)
  expect(await answers(forge(topic, 'a=fingerprint:of another'))).toBe(null)
  expect(await answers(offer.sdp.replace(/sha-256 ../, 'sha-256 00'))).toBe(null)
  for (const garbage of [null, 7, '', 'garbage', { sdp: offer.sdp }, 'v=0\r\n'.repeat(9)]) {
    expect(await answers(garbage)).toBe(null)
  }
  // Nor does what is no answer spoil the offer for the true one.
  post.host(1).complete(topic, offer.id, 'garbage')
  post.host(1).complete(topic, offer.id, offer.sdp)
  post.host(1).complete(newTopic(), offer.id, 'garbage')
  post.host(1).complete(topic, 'unknown', 'garbage')
  post.host(1).complete(topic, offer.id, await answers(offer.sdp))
  await Promise.all([node.connected(1), caller.connected(1)])
})

test('a description that WebRTC cannot follow costs nothing but that call', async () => {
  const post = openPost()
  const topic = newTopic()
  const keyPair = newKeyPair()
  const node = await start(post)
  await node.join(topic).ready
  const nonsense = ['v=0', 's=-', 'a=fingerprint:nonsense', 'm=application what ever', ''].join('\r\n')
  const signer = new Signer(keyPair)
  const sdp = writeSdp(nonsense, {
    relayOnly: false,
    identify: (fingerprints) => signer.sign({ type: 'offer', topic, fingerprints }),
  })
  expect(await post.host(0).answer(topic, sdp)).toBe(null)
  const other = await start(post, { keyPair })
  await other.join(topic).ready
  await post.call(1, 0, topic)
  await node.connected(1)
})

test('no description, however it is mutilated, does more than fail', async () => {
  const post = openPost()
  const topic = newTopic()
  const node = await start(post, { maxConnections: 1000 })
  const caller = await start(post)
  for (const each of [node, caller]) await each.join(topic).ready
  const lines = (readSdp((await offerOf(post, 1, topic)).sdp)?.sdp ?? '').split('\r\n')
  const junk = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.constantFrom('-1', '4294967296', 'x'.repeat(3000), 'foo.local'),
  )
  const change = fc.record({ at: fc.nat(lines.length), from: fc.nat(60), length: fc.nat(60), junk })
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const changed = [...lines]
      for (const { at, from, length, junk: put } of changes) {
        const line = changed[at] ?? ''
        changed[at] = line.slice(0, from) + put + line.slice(from + length)
      }
      const read = readSdp(changed.join('\r\n'))
      if (read === null) return
      // Somebody else each time: a peer is answered once.
      const signer = new Signer(newKeyPair())
      const sdp = writeSdp(read.sdp, {
        relayOnly: false,
        identify: (fingerprints) => signer.sign({ type: 'offer', topic, fingerprints }),
      })
      const answer = await post.host(0).answer(topic, sdp)
      expect(answer === null || readSdp(answer) !== null).toBe(true)
    }),
    { numRuns: 200 },
  )
  await post.call(1, 0, topic)
  await node.connected(1)
})

test('many calls at once are answered up to a limit', async () => {
  const post = openPost()
  const topic = newTopic()
  const node = await start(post, { maxConnections: 100 })
  const caller = await start(post, { maxConnections: 100 })
  for (const each of [node, caller]) await each.join(topic).ready
  const bare = readSdp((await offerOf(post, 1, topic)).sdp)?.sdp ?? ''
  const calls = Array.from({ length: 40 }, () => {
    const signer = new Signer(newKeyPair())
    return writeSdp(bare, {
      relayOnly: false,
      identify: (fingerprints) => signer.sign({ type: 'offer', topic, fingerprints }),
    })
  })
  const answers = await Promise.all(calls.map((sdp) => post.host(0).answer(topic, sdp)))
  expect(answers.filter((answer) => answer !== null)).toHaveLength(16)
})

test('no more offers wait for an answer at once than may, however many are asked for', async () => {
  const post = openPost()
  const topic = newTopic()
  const node = await start(post, { maxConnections: 1000 })
  await node.join(topic).ready
  const offers = await post.host(0).offer(topic, 100)
  expect(offers).toHaveLength(32)
  expect(new Set(offers.map(({ id }) => id)).size).toBe(32)
  expect(await post.host(0).offer(topic, 1)).toEqual([])
})

test('answers that are given up under way leave room for others', async () => {
  const post = openPost()
  const topic = newTopic()
  const keyPair = newKeyPair()
  const node = await start(post)
  await node.join(topic).ready
  // The same peer again and again: what is being made for its former self is given up.
  for (let before = 0; before < 20; before++) {
    const caller = await start(post, { keyPair })
    await caller.join(topic).ready
  }
  const offers = await Promise.all(Array.from({ length: 20 }, (_, at) => offerOf(post, at + 1, topic)))
  const answering: Promise<string | null>[] = []
  for (const { sdp } of offers) {
    answering.push(post.host(0).answer(topic, sdp))
    // Each is begun and waits for WebRTC when the next one comes.
    for (let turn = 0; turn < 10; turn++) await Promise.resolve()
  }
  await Promise.all(answering)
  const other = await start(post)
  await other.join(topic).ready
  await post.call(21, 0, topic)
  await other.connected(1)
})

test('what a closed node is asked or given leads to nothing', async () => {
  const post = openPost()
  const topic = newTopic()
  const [node, other] = [await start(post), await start(post)]
  for (const each of [node, other]) await each.join(topic).ready
  const mine = await offerOf(post, 0, topic)
  const { sdp } = await offerOf(post, 1, topic)
  const answer = await post.host(1).answer(topic, mine.sdp)
  await node.session.close()
  post.host(0).complete(topic, mine.id, answer)
  expect(await post.host(0).answer(topic, sdp)).toBe(null)
  expect(await post.host(0).offer(topic, 3)).toEqual([])
  await node.session.join(topic, { announce: true, lookup: true }).ready
  expect(node.connections).toHaveLength(0)
})
