import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { newTopic, startNode } from '../../test/test-node.ts'
import { type Tracker, type TrackerOptions, tracker } from './index.ts'

const hash = 'h'.repeat(20)
const sdp = 'v=0'

async function startTracker(options: TrackerOptions = {}): Promise<Tracker> {
  const running = await tracker({ port: 0, ...options })
  onTestFinished(() => running.close())
  return running
}

interface Client {
  send(message: unknown): void
  raw: WebSocket
  /** The next message that has come or comes. */
  next(): Promise<Record<string, unknown>>
  /** How it ends: the WebSocket's code. */
  closed: Promise<number>
}

/** A bare client; rejects with the HTTP status where it is not let in. */
async function connectTo({ url }: Tracker, headers: Record<string, string> = {}): Promise<Client> {
  const raw = new WebSocket(url, { headers })
  onTestFinished(() => raw.terminate())
  const queue: Record<string, unknown>[] = []
  const waiting: ((message: Record<string, unknown>) => void)[] = []
  raw.on('message', (data) => {
    const message = JSON.parse(String(data)) as Record<string, unknown>
    const next = waiting.shift()
    if (next === undefined) queue.push(message)
    else next(message)
  })
  const closed = new Promise<number>((resolve) => raw.on('close', resolve))
  await new Promise<void>((resolve, reject) => {
    raw.on('open', resolve)
    raw.on('unexpected-response', (_request, { statusCode }) => reject(new Error(String(statusCode))))
    raw.on('error', reject)
  })
  return {
    raw,
    closed,
    send: (message) => raw.send(typeof message === 'string' ? message : JSON.stringify(message)),
    next: () => {
      const message = queue.shift()
      return message === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(message)
    },
  }
}

const announce = (peerId: string, more: object = {}): object => ({
  action: 'announce',
  info_hash: hash,
  peer_id: peerId.padEnd(20, '.'),
  ...more,
})
const offers = (count: number): object => ({
  offers: Array.from({ length: count }, (_, at) => ({
    offer_id: `${at}`.padEnd(20, 'o'),
    offer: { type: 'offer', sdp },
  })),
})

test('offers go to as many others as there are, each to another, and an answer to who offered', async () => {
  const running = await startTracker()
  const others = await Promise.all(['a', 'b', 'c'].map(() => connectTo(running)))
  for (const [at, other] of others.entries()) {
    other.send(announce(`other${at}`))
    expect(await other.next()).toMatchObject({ action: 'announce', info_hash: hash, complete: 0, incomplete: at + 1 })
  }
  const newcomer = await connectTo(running)
  newcomer.send(announce('newcomer', offers(5)))
  expect(await newcomer.next()).toMatchObject({ incomplete: 4, interval: 120 })
  const got = await Promise.all(others.map((other) => other.next()))
  for (const message of got) {
    expect(message).toMatchObject({ peer_id: 'newcomer'.padEnd(20, '.'), offer: { type: 'offer', sdp } })
  }
  expect(new Set(got.map(({ offer_id }) => offer_id)).size).toBe(3)
  const answer = { to_peer_id: 'newcomer'.padEnd(20, '.'), offer_id: got[0]?.offer_id, answer: { type: 'answer', sdp } }
  others[0]?.send(announce('other0', answer))
  expect(await newcomer.next()).toMatchObject({
    peer_id: 'other0'.padEnd(20, '.'),
    offer_id: got[0]?.offer_id,
    answer: { type: 'answer', sdp },
  })
})

test('who stops or is gone is counted no more, and leaves nothing behind', async () => {
  const running = await startTracker()
  const [one, other] = [await connectTo(running), await connectTo(running)]
  one.send(announce('one'))
  other.send(announce('other'))
  await Promise.all([one.next(), other.next()])
  expect(running.stats()).toEqual({ connections: 2, topics: 1 })
  one.send(announce('one', { event: 'stopped' }))
  one.send(announce('one', { info_hash: 'i'.repeat(20) }))
  expect(await one.next()).toMatchObject({ incomplete: 1 })
  other.send(announce('other'))
  expect(await other.next()).toMatchObject({ incomplete: 1 })
  one.raw.terminate()
  other.raw.close()
  await other.closed
  await expect.poll(() => running.stats()).toEqual({ connections: 0, topics: 0 })
})

test('nobody takes the place of another peer', async () => {
  const running = await startTracker()
  const [victim, thief] = [await connectTo(running), await connectTo(running)]
  victim.send(announce('victim'))
  await victim.next()
  thief.send(announce('victim'))
  expect(await thief.next()).toMatchObject({ 'failure reason': 'peer_id in use' })
  thief.send(announce('thief'))
  await thief.next()
  thief.send(announce('changed'))
  expect(await thief.next()).toMatchObject({ 'failure reason': 'another peer_id than before' })
})

describe('limits:', () => {
  test('pages of other sites are kept out, programs are not', async () => {
    const running = await startTracker({ origins: ['https://mine.example/'] })
    await connectTo(running, { origin: 'https://mine.example' })
    await connectTo(running)
    await expect(connectTo(running, { origin: 'https://other.example' })).rejects.toThrow('403')
    await expect(connectTo(running, { origin: 'null' })).rejects.toThrow('403')
  })

  test('connections, in all and from one address, also where a proxy is before it', async () => {
    const running = await startTracker({ maxConnections: 3, maxConnectionsPerAddress: 2, trustProxy: true })
    const from = (address: string): Promise<Client> => connectTo(running, { 'x-forwarded-for': `${address}, 10.0.0.1` })
    const first = await from('192.0.2.1')
    await from('192.0.2.1')
    await expect(from('192.0.2.1')).rejects.toThrow('429')
    await from('192.0.2.2')
    await expect(from('192.0.2.3')).rejects.toThrow('503')
    first.raw.close()
    await first.closed
    await from('192.0.2.3')
  })

  test('100 connections beyond the cap are told that it is reached, and one more is hung up on', async () => {
    const running = await startTracker({ maxConnections: 1 })
    const call = async (): Promise<Socket> => {
      const socket = connect(running.port, running.host)
      onTestFinished(() => void socket.destroy())
      socket.on('error', () => {})
      await once(socket, 'connect')
      return socket
    }
    // None of them says anything: as those do who want to fill it.
    const sockets: Socket[] = []
    while (sockets.length < 101) sockets.push(await call())
    const last = sockets.at(-1)
    last?.write(
      `GET / HTTP/1.1\r\nHost: tracker\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'a'.repeat(22)}==\r\n\r\n`,
    )
    const [answer] = await once(last ?? expect.fail('nobody'), 'data')
    expect(String(answer)).toContain('101 Switching Protocols')
    const late = await call()
    late.resume()
    await once(late, 'close')
    expect(late.bytesRead).toBe(0)
    expect(sockets.filter(({ closed }) => closed)).toEqual([])
  })

  test('topics, in all and of one connection, and peers of one topic', async () => {
    const running = await startTracker({ maxTopics: 2, maxTopicsPerConnection: 2, maxPeersPerTopic: 1 })
    const [one, other] = [await connectTo(running), await connectTo(running)]
    const on = (topic: string, peerId: string): object => announce(peerId, { info_hash: topic.repeat(20) })
    for (const topic of ['a', 'b', 'c']) one.send(on(topic, 'one'))
    expect([await one.next(), await one.next()]).toMatchObject([{ incomplete: 1 }, { incomplete: 1 }])
    expect(await one.next()).toMatchObject({ 'failure reason': 'too many topics' })
    for (const topic of ['a', 'c']) other.send(on(topic, 'other'))
    expect(await other.next()).toMatchObject({ 'failure reason': 'the topic is full' })
    expect(await other.next()).toMatchObject({ 'failure reason': 'the tracker has no room for topics' })
  })

  test('offers of one announcement', async () => {
    const running = await startTracker({ maxMessageBytes: 1_000_000 })
    const others = await Promise.all(Array.from({ length: 12 }, () => connectTo(running)))
    for (const [at, other] of others.entries()) {
      other.send(announce(`other${at}`))
      await other.next()
    }
    const greedy = await connectTo(running)
    greedy.send(announce('greedy', offers(100)))
    await greedy.next()
    const seen: number[] = []
    others.forEach((other, at) => {
      void other.next().then(() => seen.push(at))
    })
    await expect.poll(() => seen.length).toBe(10)
  })

  test('a message of 131 072 bytes is answered, and whoever sends one of one more is hung up on', async () => {
    const client = await connectTo(await startTracker())
    const longest = JSON.stringify(announce('talker')).padEnd(131_072)
    client.send(longest)
    expect(await client.next()).toMatchObject({ incomplete: 1 })
    client.send(`${longest} `)
    expect(await client.closed).toBe(1009)
  })

  test('messages: whoever sends too many, or too much nonsense, is hung up on', async () => {
    const running = await startTracker({ messagesPerSecond: 5 })
    const [flood, nonsense] = [await connectTo(running), await connectTo(running)]
    for (let count = 0; count < 200; count++) flood.send(announce('flood'))
    for (let count = 0; count < 10; count++) nonsense.send('nonsense')
    await Promise.all([flood.closed, nonsense.closed])
    await expect.poll(() => running.stats()).toEqual({ connections: 0, topics: 0 })
  })

  test.each([
    { port: 0, maxTopics: 0 },
    { port: 0, messagesPerSecond: 1.5 },
    { port: 0, origins: ['not a site'] },
  ])('a limit that is none is refused: %j', async (options) => {
    await expect(tracker(options)).rejects.toMatchObject({ code: 'ERR_OPTION_INVALID' })
  })
})

describe('bad input costs the one who sends it:', () => {
  const attacks: Record<string, (client: Client) => void> = {
    'a message that is too long': ({ raw }) => raw.send('x'.repeat(1_000_000)),
    bytes: ({ raw }) => raw.send(Buffer.alloc(10)),
    'a broken frame': ({ raw }) => {
      // Reserved bits: https://www.rfc-editor.org/rfc/rfc6455#section-5.2
      ;(raw as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(Buffer.from([0xff, 0xff, 0, 0]))
    },
    'a flood of what is no message': ({ send }) => {
      for (const each of [null, [], 7, '{', {}, { action: 'announce' }, announce('x', { info_hash: 'short' })]) {
        for (let count = 0; count < 20; count++) send(each)
      }
    },
    'a flood of scrapes': ({ send }) => {
      for (let count = 0; count < 100; count++) send({ action: 'scrape' })
    },
  }
  test.each(Object.entries(attacks))('%s', async (_name, attack) => {
    const running = await startTracker()
    const bystander = await connectTo(running)
    bystander.send(announce('bystander'))
    await bystander.next()
    const attacker = await connectTo(running)
    attacker.raw.on('error', () => {})
    attack(attacker)
    await attacker.closed
    bystander.send(announce('bystander'))
    expect(await bystander.next()).toMatchObject({ incomplete: 1 })
    await expect.poll(() => running.stats().connections).toBe(1)
  })

  test('parts of an announcement that make no sense are left out', async () => {
    const running = await startTracker()
    const [one, other] = [await connectTo(running), await connectTo(running)]
    other.send(announce('other'))
    await other.next()
    for (const junk of [7, 'x', {}, [null, 7, {}, { offer_id: 'short', offer: { sdp } }, { offer: { sdp: 7 } }]]) {
      one.send(announce('one', { offers: junk, numwant: junk, event: junk, answer: junk, to_peer_id: junk }))
      expect(await one.next()).toMatchObject({ incomplete: 2 })
    }
    one.send(announce('one', offers(1)))
    expect(await other.next()).toMatchObject({ offer: { type: 'offer', sdp } })
  })

  test('a request that is no WebSocket is told so, and a broken one is hung up on', async () => {
    const running = await startTracker()
    expect((await fetch(running.url.replace('ws:', 'http:'))).status).toBe(426)
    const socket = connect(running.port, running.host)
    const answered = new Promise<string>((resolve) => socket.on('data', (data) => resolve(String(data))))
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    expect(await answered).toMatch(/^HTTP\/1\.1 400/)
    socket.destroy()
  })
})

test('listens by a server of one’s own, and leaves it running', async () => {
  const server = createServer((_request, response) => response.end('mine'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const running = await startTracker({ server })
  const topic = newTopic()
  const nodes = [await startNode({ trackers: [running.url] }), await startNode({ trackers: [running.url] })]
  for (const node of nodes) node.join(topic)
  await Promise.all(nodes.map((node) => node.connected(1)))
  const page = running.url.replace('ws:', 'http:')
  expect(await (await fetch(page)).text()).toBe('mine')
  await Promise.all(nodes.map(({ session }) => session.close()))
  await running.close()
  await running.close()
  expect(await (await fetch(page)).text()).toBe('mine')
})

test('a port that is taken is named', async () => {
  const { port } = await startTracker()
  await expect(tracker({ port })).rejects.toMatchObject({
    code: 'ERR_TRANSPORT_PORT',
    message: expect.stringContaining(`port ${port} of 127.0.0.1`),
  })
})
