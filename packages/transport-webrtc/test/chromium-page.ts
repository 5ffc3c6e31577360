/** A page that is a peer: Node tells it by `page.evaluate` what to do, and hears what it got. */
import type { TransportConnection } from '@hypervision/core/contracts'
import { type IceServer, webrtc } from '../src/index.ts'
import { checksum, pattern } from './pattern.ts'

/** What the page puts in `window.peer`. */
export interface PagePeer {
  /** Opens the transport and joins; keys and topic as arrays, as nothing else comes through `evaluate`. */
  start(options: {
    tracker: string
    topic: number[]
    publicKey: number[]
    secretKey: number[]
    /** A TURN server, and nothing but that. */
    turn?: IceServer
  }): Promise<void>
  /** Resolves when there are so many connections; whether this side called, of each. */
  connected(count: number): Promise<boolean[]>
  /** Reads on a connection until so many bytes have come; their checksum. */
  receive(connection: number, length: number): Promise<number>
  /** Writes until the stream is full and has stayed so; how many bytes it took. */
  fill(connection: number, seed: number): Promise<number>
  /** Writes the first bytes of a pattern, from an offset, as fast as they go. */
  send(connection: number, from: number, length: number, seed: number): Promise<void>
  /** Resolves when the connection is over. */
  closed(connection: number): Promise<void>
}

declare global {
  var peer: PagePeer
}

const connections: TransportConnection[] = []
const waiting = new Set<() => void>()
const at = (index: number): TransportConnection => {
  const connection = connections[index]
  if (connection === undefined) throw new Error(`There is no connection ${index}.`)
  return connection
}

globalThis.peer = {
  async start({ tracker, topic, publicKey, secretKey, turn }) {
    const relays = turn === undefined ? { iceServers: [] } : { iceServers: [turn], relayOnly: true }
    const session = await webrtc({ trackers: [tracker], ...relays }).open({
      keyPair: { publicKey: Uint8Array.from(publicKey), secretKey: Uint8Array.from(secretKey) },
      maxConnections: 16,
      accept: () => true,
      onconnection(connection) {
        connections.push(connection)
        for (const look of waiting) look()
      },
      onerror: (error) => console.error(error.message),
    })
    await session.join(Uint8Array.from(topic), { announce: true, lookup: true }).ready
  },
  connected: (count) =>
    new Promise((resolve) => {
      const look = (): void => {
        if (connections.length < count) return
        waiting.delete(look)
        resolve(connections.map(({ initiator }) => initiator))
      }
      waiting.add(look)
      look()
    }),
  receive: (index, length) =>
    new Promise((resolve) => {
      let seen = 0
      let sum = 1
      at(index).stream.on('data', (chunk) => {
        sum = checksum(chunk, sum)
        seen += chunk.byteLength
        if (seen === length) resolve(sum)
      })
    }),
  async fill(index, seed) {
    const { stream } = at(index)
    const chunk = pattern(64 * 1024, seed)
    let drains = 0
    stream.on('drain', () => drains++)
    for (let written = chunk.byteLength; ; written += chunk.byteLength) {
      const before = drains
      if (stream.write(chunk)) continue
      for (let waited = 0; waited < 500 && drains === before; waited += 10) {
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      if (drains === before) return written
    }
  },
  async send(index, from, length, seed) {
    const { stream } = at(index)
    const bytes = pattern(from + length, seed)
    let drained = (): void => {}
    stream.on('drain', () => drained())
    for (let offset = from; offset < bytes.byteLength; offset += 50_000) {
      const isFull = !stream.write(bytes.slice(offset, offset + 50_000))
      if (isFull) {
        await new Promise<void>((resolve) => {
          drained = resolve
        })
      }
    }
  },
  closed: (index) =>
    new Promise((resolve) => {
      if (at(index).stream.destroyed) resolve()
      else at(index).stream.on('close', resolve)
    }),
}
