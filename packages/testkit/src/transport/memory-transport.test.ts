import type {
  Transport,
  TransportConnection,
  TransportOpenOptions,
  TransportSession,
} from '@hypervision/core/contracts'
import { expect, it, onTestFinished } from 'vitest'
import { type MemoryNetworkOptions, memoryNetwork } from './memory-transport.ts'

const topic = new Uint8Array(32).fill(7)
let lastKey = 0

interface Node {
  readonly session: TransportSession
  readonly connections: TransportConnection[]
  connected(count: number): Promise<void>
}

async function start(transport: Transport, options: Partial<TransportOpenOptions> = {}): Promise<Node> {
  const connections: TransportConnection[] = []
  const waiting = new Set<() => void>()
  const session = await transport.open({
    keyPair: { publicKey: new Uint8Array(32).fill(++lastKey), secretKey: new Uint8Array(64) },
    maxConnections: 16,
    accept: () => true,
    onconnection(connection) {
      connections.push(connection)
      for (const check of waiting) check()
    },
    onerror: () => {},
    ...options,
  })
  onTestFinished(() => session.close())
  const connected = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (connections.length >= count) resolve()
      }
      waiting.add(check)
      check()
    })
  return { session, connections, connected }
}

async function pair(options?: MemoryNetworkOptions) {
  const network = memoryNetwork(options)
  const hosts = [network.transport({ host: 'a' }), network.transport({ host: 'b' })] as const
  const nodes = [await start(hosts[0]), await start(hosts[1])] as const
  for (const { session } of nodes) session.join(topic, { announce: true, lookup: true })
  await Promise.all(nodes.map((node) => node.connected(1)))
  const [a, b] = nodes.map(({ connections }) => connections[0]?.stream)
  if (a === undefined || b === undefined) throw new Error('not connected')
  return { network, hosts, nodes, a, b }
}

const once = (stream: TransportConnection['stream'], event: 'close'): Promise<void> =>
  new Promise((resolve) => {
    stream.on(event, resolve)
  })
const bytesOf = (stream: TransportConnection['stream']): Promise<Uint8Array> =>
  new Promise((resolve) => {
    stream.on('data', resolve)
  })

it('sends what is in the buffer when it leaves, and gives the receiver bytes of its own', async () => {
  const { a, b } = await pair({ delayMs: 5 })
  const received = bytesOf(b)
  const chunk = Uint8Array.of(1, 2, 3)
  a.write(chunk)
  await new Promise<void>((resolve) => setImmediate(resolve))
  chunk.fill(9)
  const arrived = await received
  expect([...arrived]).toEqual([1, 2, 3])
  arrived.fill(8)
  expect([...chunk]).toEqual([9, 9, 9])
})

it('keeps what is on its way below the bound while nobody reads, and lets the writer go on when somebody does', async () => {
  const { network, a, b } = await pair({ bufferBytes: 64 * 1024 })
  const total = 4 * 1024 * 1024
  let written = 0
  const write = (): void => {
    while (written < total) {
      written += 8 * 1024
      if (!a.write(new Uint8Array(8 * 1024))) break
    }
  }
  a.on('drain', write)
  write()
  const sent = (): number => network.links.find(({ from }) => from === 'a')?.bytes ?? 0
  for (let before = -1, quiet = 0; quiet < 50; quiet = before === sent() ? quiet + 1 : 0) {
    before = sent()
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  // What the reader's own stream keeps comes on top.
  expect(sent()).toBeLessThan(128 * 1024)
  expect(written).toBeLessThan(160 * 1024)
  await new Promise<void>((resolve) => {
    let received = 0
    b.on('data', ({ byteLength }) => {
      received += byteLength
      if (received === total) resolve()
    })
  })
})

it('lets chunks arrive in order however the delay jumps, and counts each of them', async () => {
  const delays = [30, 1, 20, 0]
  const { network, a, b } = await pair({ delayMs: ({ bytes }) => (bytes === 0 ? 0 : (delays.shift() ?? 0)) })
  const seen: number[] = []
  const tapped: string[] = []
  network.tap(({ from, to, kind }) => tapped.push(`${from}${to} ${kind}`))
  const all = new Promise<void>((resolve) => {
    b.on('data', ([first = 0]) => {
      if (seen.push(first) === 4) resolve()
    })
  })
  for (const value of [1, 2, 3, 4]) a.write(Uint8Array.of(value))
  await all
  expect(seen).toEqual([1, 2, 3, 4])
  expect(network.links).toEqual([{ from: 'a', to: 'b', bytes: 4, messages: 4 }])
  expect(tapped).toEqual(['ab data', 'ab data', 'ab data', 'ab data'])
})

it('runs on a clock that is passed in', async () => {
  let now = 0
  const timers: { at: number; callback: () => void }[] = []
  const clock = {
    now: () => now,
    after(milliseconds: number, callback: () => void) {
      const timer = { at: now + milliseconds, callback }
      timers.push(timer)
      return () => {
        if (timers.includes(timer)) timers.splice(timers.indexOf(timer), 1)
      }
    },
  }
  const advance = async (to: number): Promise<void> => {
    for (;;) {
      await new Promise<void>((resolve) => setImmediate(resolve))
      const next = timers.filter(({ at }) => at <= to).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      timers.splice(timers.indexOf(next), 1)
      now = next.at
      next.callback()
    }
    now = to
  }
  const network = memoryNetwork({ delayMs: 1000, clock })
  const nodes = [await start(network.transport()), await start(network.transport())]
  for (const { session } of nodes) session.join(topic, { announce: true, lookup: true })
  await advance(999)
  const roles = (): boolean[] => nodes.flatMap(({ connections }) => connections.map(({ initiator }) => initiator))
  expect(roles()).toEqual([])
  await advance(1000)
  expect(roles()).toEqual([false])
  await advance(1999)
  expect(roles()).toEqual([false])
  await advance(2000)
  expect(roles().sort()).toEqual([false, true])
})

it('holds back what is sent over a cut until it is healed, without a word to either', async () => {
  const { network, hosts, a, b } = await pair()
  const seen: string[] = []
  b.on('data', ([first]) => seen.push(`data ${first}`))
  b.on('close', () => seen.push('close'))
  network.cut(...hosts)
  a.write(Uint8Array.of(5))
  a.destroy()
  await once(a, 'close')
  await new Promise<void>((resolve) => setTimeout(resolve, 20))
  expect(seen).toEqual([])
  network.heal()
  await once(b, 'close')
  expect(seen).toEqual(['close'])
})

it('cuts groups of hosts off from each other, and connects them when it heals', async () => {
  const network = memoryNetwork()
  const hosts = [network.transport(), network.transport(), network.transport()] as const
  network.partition([hosts[0], hosts[1]], [hosts[2]])
  const nodes = await Promise.all(hosts.map((host) => start(host)))
  for (const { session } of nodes) await session.join(topic, { announce: true, lookup: true }).ready
  await Promise.all(nodes.slice(0, 2).map((node) => node.connected(1)))
  expect(nodes.map(({ connections }) => connections.length)).toEqual([1, 1, 0])
  network.heal()
  await Promise.all(nodes.map((node) => node.connected(2)))
})

it('breaks a connection at both ends, and makes it again', async () => {
  const { network, hosts, nodes, a, b } = await pair({ retryMs: 1 })
  const closed = Promise.all([once(a, 'close'), once(b, 'close')])
  network.disconnect(...hosts)
  await closed
  await Promise.all(nodes.map((node) => node.connected(2)))
})

it('kills a host in silence, and lets it come back with the key that it had', async () => {
  const network = memoryNetwork({ retryMs: 1 })
  const keyPair = { publicKey: new Uint8Array(32).fill(200), secretKey: new Uint8Array(64) }
  const host = network.transport()
  const lasting = await start(network.transport())
  const first = await start(host, { keyPair })
  for (const { session } of [lasting, first]) session.join(topic, { announce: true, lookup: true })
  await Promise.all([lasting.connected(1), first.connected(1)])
  let closed = 0
  lasting.connections[0]?.stream.on('close', () => closed++)
  host.kill()
  first.connections[0]?.stream.destroy()
  await new Promise<void>((resolve) => setTimeout(resolve, 20))
  expect(closed).toBe(0)
  const second = await start(host, { keyPair })
  second.session.join(topic, { announce: true, lookup: true })
  await Promise.all([lasting.connected(2), second.connected(1)])
  expect(closed).toBe(1)
})

it('never fills a group of nodes up among themselves, so that everyone who comes later is reached', async () => {
  const network = memoryNetwork()
  const nodes = await Promise.all(Array.from({ length: 30 }, () => start(network.transport(), { maxConnections: 5 })))
  for (const { session, connected } of nodes) {
    await session.join(topic, { announce: true, lookup: true }).ready
    if (session !== nodes[0]?.session) await connected(1)
  }
  expect(Math.max(...nodes.map(({ connections }) => connections.length))).toBeLessThanOrEqual(5)
})
