import type { TransportConnection, TransportSession } from '@hypervision/core/contracts'
import { transportRules } from '@hypervision/testkit'
import { describe, expect, it } from 'vitest'
import type { Clock } from '../time/clock.ts'
import { VirtualTime } from '../time/virtual-time.ts'
import type { EmulatedHost } from './host.ts'
import { EmulatedNetwork } from './network.ts'

const topic = new Uint8Array(32).fill(7)
const megabit = 1_000_000

/** A node that takes whatever comes. */
interface Node {
  readonly host: EmulatedHost
  readonly session: TransportSession
  readonly connections: TransportConnection[]
  readonly arrivals: { readonly bytes: number; readonly atMs: number }[]
  closedAtMs: number | null
}

async function start(network: EmulatedNetwork, bitsPerSecond = 10 * megabit, maxConnections = 8): Promise<Node> {
  const host = network.addHost(bitsPerSecond)
  const connections: TransportConnection[] = []
  const arrivals: Node['arrivals'] = []
  const publicKey = new Uint8Array(32).fill(host.number)
  const session = await host.transport.open({
    keyPair: { publicKey, secretKey: new Uint8Array(64) },
    maxConnections,
    accept: () => true,
    onerror: () => {},
    onconnection(connection) {
      connections.push(connection)
      connection.stream.on('error', () => {})
      connection.stream.on('data', (chunk) => {
        arrivals.push({ bytes: chunk.byteLength, atMs: network.clock.now() })
      })
      connection.stream.on('close', () => {
        node.closedAtMs = network.clock.now()
      })
    },
  })
  const node: Node = { host, session, connections, arrivals, closedAtMs: null }
  return node
}

async function pair(options: { bitsPerSecond?: number; loss?: number } = {}) {
  const time = new VirtualTime()
  const network = new EmulatedNetwork({
    clock: time,
    seed: 1,
    delayMs: [20, 80],
    loss: options.loss ?? 0,
    blockBytes: 10_000,
  })
  const a = await start(network, options.bitsPerSecond)
  const b = await start(network, options.bitsPerSecond)
  a.session.join(topic, { announce: true, lookup: false })
  await time.run(time.sleep(1000))
  b.session.join(topic, { announce: false, lookup: true })
  await time.run(time.sleep(1000))
  const [connection] = a.connections
  if (connection === undefined) throw new Error('They did not connect.')
  return { time, network, a, b, delayMs: network.delayMs(a.host, b.host), write: writer(connection) }
}

function writer({ stream }: TransportConnection): (bytes: number) => boolean {
  return (bytes) => stream.write(new Uint8Array(bytes))
}

it('delivers after the time that the bytes take on the uplink and the delay of the pair', async () => {
  const { time, a, b, delayMs, write } = await pair({ bitsPerSecond: megabit })
  const sentAtMs = time.now()
  write(12_500)
  await time.run(time.sleep(1000))
  expect(delayMs).toBeGreaterThanOrEqual(20)
  expect(delayMs).toBeLessThan(80)
  expect(b.arrivals.map(({ bytes }) => bytes)).toEqual([12_500])
  expect(b.arrivals[0]?.atMs).toBeCloseTo(sentAtMs + 100 + delayMs, 6)
  expect(a.host.sent.copy()).toEqual({ bytes: 12_500, blocks: 1 })
  expect(b.host.received.copy()).toEqual({ bytes: 12_500, blocks: 1 })
})

it('draws other delays for other pairs, and the same ones for the same seed', () => {
  const delays = [1, 1, 2].map((seed) => {
    const network = new EmulatedNetwork({ clock: new VirtualTime(), seed, delayMs: [20, 80], blockBytes: 1 })
    const hosts = Array.from({ length: 40 }, () => network.addHost(megabit))
    return hosts.flatMap((a) => hosts.slice(a.number + 1).map((b) => network.delayMs(a, b)))
  })
  expect(delays[0]).toEqual(delays[1])
  expect(delays[0]).not.toEqual(delays[2])
  const [drawn = []] = delays
  expect(Math.min(...drawn)).toBeLessThan(22)
  expect(Math.max(...drawn)).toBeGreaterThan(78)
  expect(drawn.reduce((sum, delay) => sum + delay, 0) / drawn.length).toBeCloseTo(50, -1)
})

it('holds a writer back while the uplink is busy with other connections too', async () => {
  const { time, network, a, b, write } = await pair({ bitsPerSecond: megabit })
  const other = await start(network)
  a.session.join(topic, { announce: true, lookup: false })
  other.session.join(topic, { announce: false, lookup: true })
  await time.run(time.sleep(1000))
  const [, second] = a.connections
  if (second === undefined) throw new Error('They did not connect.')
  let room = true
  for (let chunk = 0; chunk < 20; chunk++) room = [write(12_500), writer(second)(12_500)].includes(true)
  expect(room).toBe(false)
  let drainedAtMs = 0
  const startMs = time.now()
  a.connections[0]?.stream.on('drain', () => {
    drainedAtMs = time.now() - startMs
  })
  await time.run(time.sleep(10_000))
  // 500 kB at a megabit take four seconds, of which each had its part: there was room only near the end.
  expect(drainedAtMs).toBeGreaterThan(3000)
  const lastAtMs = [b, other].map(({ arrivals }) => (arrivals.at(-1)?.atMs ?? 0) - startMs)
  for (const { arrivals } of [b, other]) expect(arrivals.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(250_000)
  expect(Math.min(...lastAtMs)).toBeGreaterThan(3000)
  expect(Math.max(...lastAtMs)).toBeGreaterThan(4000)
  expect(Math.max(...lastAtMs)).toBeLessThan(4100)
})

it('says nothing of a host that was killed, and takes no more for it than a window', async () => {
  const { time, a, b, write } = await pair()
  b.host.kill()
  for (let chunk = 0; chunk < 1000; chunk++) write(1000)
  const reply = b.connections[0]
  if (reply !== undefined) writer(reply)(100)
  await time.run(time.sleep(60_000))
  expect(b.arrivals).toEqual([])
  expect(a.arrivals).toEqual([])
  expect(a.closedAtMs).toBe(null)
  expect(a.host.sent.bytes).toBeGreaterThan(100_000)
  expect(a.host.sent.bytes).toBeLessThan(140_000)
})

it('delivers what was on its way when its sender was killed, and nothing of what had not left', async () => {
  const { time, a, b, write } = await pair({ bitsPerSecond: megabit })
  write(1250)
  write(12_500)
  await time.run(time.sleep(50))
  a.host.kill()
  await time.run(time.sleep(1000))
  expect(b.arrivals.map(({ bytes }) => bytes)).toEqual([1250])
})

it('tells the other end of an orderly leave after the delay', async () => {
  const { time, a, b, delayMs } = await pair()
  const leftAtMs = time.now()
  await time.run(b.session.close())
  await time.run(time.sleep(1000))
  expect(a.closedAtMs).toBeCloseTo(leftAtMs + delayMs, 6)
})

it('keeps what crosses a division until it is healed', async () => {
  const { time, network, a, b, write } = await pair()
  network.divide([a.host], [b.host])
  write(1000)
  await time.run(time.sleep(3000))
  expect(b.arrivals).toEqual([])
  network.heal()
  await time.run(time.sleep(1000))
  expect(b.arrivals.map(({ bytes }) => bytes)).toEqual([1000])
})

it('makes what was lost late, never out of order and never missing', async () => {
  const { time, b, delayMs, write } = await pair({ loss: 0.1 })
  const sentAtMs = time.now()
  for (let chunk = 1; chunk <= 200; chunk++) write(chunk)
  await time.run(time.sleep(60_000))
  expect(b.arrivals.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(20_100)
  const times = b.arrivals.map(({ atMs }) => atMs)
  expect(times).toEqual([...times].sort((one, other) => one - other))
  expect(times.at(-1)).toBeGreaterThan(sentAtMs + 4 * delayMs)
})

it('connects many nodes to each other within their caps, newcomers too', async () => {
  const time = new VirtualTime()
  const network = new EmulatedNetwork({ clock: time, seed: 1, delayMs: [20, 80], blockBytes: 1 })
  const nodes: Node[] = []
  for (let number = 0; number < 40; number++) {
    const node = await start(network, megabit, 6)
    node.session.join(topic, { announce: true, lookup: true })
    nodes.push(node)
    await time.run(time.sleep(100))
  }
  await time.run(time.sleep(20_000))
  for (const { connections } of nodes) {
    const open = connections.filter(({ stream }) => !stream.destroyed).length
    expect(open).toBeGreaterThanOrEqual(2)
    expect(open).toBeLessThanOrEqual(6)
  }
})

describe('as a transport', () => {
  // Its own time, ten times as fast as that of the machine: the rules wait for real.
  const clock: Clock = {
    now: () => performance.now() * 10,
    after(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds / 10)
      return () => clearTimeout(timer)
    },
  }
  for (const rule of transportRules({
    setup() {
      const network = new EmulatedNetwork({ clock, seed: 1, delayMs: [20, 80], blockBytes: 1 })
      return { transport: () => network.addHost(1000 * megabit).transport }
    },
  })) {
    it(rule.name, rule.run)
  }
})
