import { expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { freePort } from '../../../../tests/free-port.ts'
import { closed, newTopic, received, startNode } from '../../test/test-node.ts'
import { type Tracker, type TrackerOptions, tracker } from '../tracker/index.ts'

async function startTracker(options: TrackerOptions = {}): Promise<Tracker> {
  const running = await tracker({ port: 0, ...options })
  onTestFinished(() => running.close())
  return running
}

test('connections outlive their tracker, and newcomers are found when it is back', async () => {
  const first = await startTracker()
  const trackers = [first.url]
  const topic = newTopic()
  const [a, b] = [await startNode({ trackers }), await startNode({ trackers })]
  for (const node of [a, b]) await node.join(topic).ready
  const [atA, atB] = [await a.connected(1), await b.connected(1)]
  await first.close()
  expect((await a.trouble()).message).toMatch(/^The tracker ws:\/\/127\.0\.0\.1:\d+\/ is gone: .* It is tried again/)
  const arriving = received(atB, 4)
  atA.stream.write(Uint8Array.of(1, 2, 3, 4))
  await arriving
  await startTracker({ port: first.port })
  const newcomer = await startNode({ trackers })
  newcomer.join(topic)
  await Promise.all([a.connected(2), b.connected(2), newcomer.connected(2)])
  expect([atA.stream.destroyed, atB.stream.destroyed]).toEqual([false, false])
})

test('how many others a tracker has counted is known, whether or not they are connected', async () => {
  const { url } = await startTracker()
  const topic = newTopic()
  for (let count = 0; count < 3; count++) {
    const other = await startNode({ trackers: [url] }, { maxConnections: 0 })
    await other.join(topic).ready
  }
  const node = await startNode({ trackers: [url] }, { maxConnections: 0 })
  const joined = node.join(topic)
  expect(joined.others).toBe(null)
  await joined.ready
  expect(joined.others).toBe(3)
})

test('of several trackers each is used, and one that is not there is told once and holds nobody up', async () => {
  const [one, other] = [await startTracker(), await startTracker()]
  const nowhere = `ws://127.0.0.1:${await freePort()}`
  const topic = newTopic()
  const between = await startNode({ trackers: [nowhere, one.url, other.url] })
  await between.join(topic).ready
  const left = await startNode({ trackers: [one.url] })
  const right = await startNode({ trackers: [other.url] })
  for (const node of [left, right]) node.join(topic)
  await Promise.all([between.connected(2), left.connected(1), right.connected(1)])
  expect(between.errors.map((error) => (error as { code?: string }).code)).toEqual(['ERR_TRANSPORT_FAILED'])
  expect(between.errors[0]?.message).toContain(nowhere)
})

test('peers that meet by several trackers and topics are connected once', async () => {
  const trackers = [(await startTracker()).url, (await startTracker()).url]
  const topics = [newTopic(), newTopic()]
  const [a, b] = [await startNode({ trackers }), await startNode({ trackers })]
  await Promise.all([a, b].flatMap((node) => topics.map((topic) => node.join(topic).ready)))
  const ends = [await a.connected(1), await b.connected(1)]
  const arriving = Promise.all(ends.map((end) => received(end, 1)))
  for (const { stream } of ends) stream.write(Uint8Array.of(1))
  await arriving
  expect([a.connections.length, b.connections.length]).toEqual([1, 1])
})

test('a connection that is lost is made again', async () => {
  const { url } = await startTracker()
  const topic = newTopic()
  const [a, b] = [await startNode({ trackers: [url] }), await startNode({ trackers: [url] })]
  for (const node of [a, b]) await node.join(topic).ready
  const [atA, atB] = [await a.connected(1), await b.connected(1)]
  atA.stream.destroy()
  await closed(atB)
  await Promise.all([a.connected(2), b.connected(2)])
})

test.each<[string, (tell: (data: string | Buffer) => void, topic: Uint8Array) => void]>([
  ['garbage', (tell) => tell('garbage')],
  ['what is no message', (tell) => ['null', '[]', '7', '{}', '{"action":7}'].forEach(tell)],
  ['bytes', (tell) => tell(Buffer.alloc(100))],
  ['a message that is too long', (tell) => tell(`"${'x'.repeat(1_000_000)}"`)],
  [
    'offers that are none, and answers to nothing',
    (tell, topic) => {
      const info_hash = String.fromCharCode(...topic.subarray(0, 20))
      const ids = { info_hash, offer_id: 'o'.repeat(20), peer_id: 'p'.repeat(20) }
      for (const junk of [null, 7, 'x', [], {}, { sdp: 7 }, { sdp: 'v=0\r\n' }, { sdp: 'x'.repeat(100_000) }]) {
        tell(JSON.stringify({ action: 'announce', ...ids, offer: junk }))
        tell(JSON.stringify({ action: 'announce', ...ids, answer: junk }))
        tell(JSON.stringify({ action: 'announce', info_hash, complete: junk, incomplete: junk, interval: junk }))
        tell(JSON.stringify({ 'failure reason': junk }))
      }
    },
  ],
])('a tracker that sends %s disturbs nobody', async (_name, attack) => {
  const topic = newTopic()
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => {
    for (const client of server.clients) client.terminate()
    server.close()
  })
  const attacked = new Promise<void>((resolve) => {
    server.on('connection', (socket) => {
      socket.on('error', () => {})
      socket.once('message', () => {
        attack((data) => socket.send(data), topic)
        // Whether it is answered or hung up on, the attack was read by then.
        socket.ping()
        socket.on('pong', () => resolve())
        socket.on('close', () => resolve())
      })
    })
  })
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const bad = `ws://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const good = await startTracker()
  const [a, b] = [await startNode({ trackers: [bad, good.url] }), await startNode({ trackers: [good.url] })]
  a.join(topic)
  await attacked
  b.join(topic)
  await Promise.all([a.connected(1), b.connected(1)])
})

test('a server that is no tracker is named as such', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => {
    for (const client of server.clients) client.terminate()
    server.close()
  })
  server.on('connection', (socket) => socket.on('message', () => socket.send('hello')))
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const url = `ws://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`
  const node = await startNode({ trackers: [url] })
  node.join(newTopic())
  expect((await node.trouble()).message).toBe(`The tracker ${url} does not speak the protocol of WebTorrent trackers.`)
})

test('a tracker that says what is wrong is quoted', async () => {
  const { url } = await startTracker({ maxTopicsPerConnection: 1 })
  const node = await startNode({ trackers: [url] })
  for (const topic of [newTopic(), newTopic()]) await node.join(topic).ready
  expect((await node.trouble()).message).toBe(`The tracker ${url} says: too many topics`)
})
