/** Rules of the transport contract about the streams of its connections. */

import { demand, pause } from '../rule-run.ts'
import type { KitRule } from './finding-rules.ts'
import type { KitConnection } from './kit-connection.ts'
import { type KitNetwork, newTopic } from './kit-network.ts'

export const streamRules: readonly KitRule[] = [
  {
    name: 'carries bytes intact both ways, however they are cut',
    async check(network) {
      const [a, b] = await connect(network)
      const length = 3_000_001
      await Promise.all([
        sendPattern(network, a, length, 1),
        sendPattern(network, b, length, 2),
        network.until('all bytes to arrive', () => a.receivedBytes >= length && b.receivedBytes >= length),
      ])
      checkPattern(b, length, 1)
      checkPattern(a, length, 2)
    },
  },
  {
    name: 'holds its writer back when it is full, and lets it go on when it is not',
    async check(network) {
      const [a, b] = await connect(network)
      const chunk = new Uint8Array(64 * 1024)
      let drains = 0
      a.stream.on('drain', () => drains++)
      let written = 0
      for (let round = 1; round <= 3; round++) {
        for (let isHeld = false; !isHeld; ) {
          demand(
            written < round * network.limits.bufferedBytes,
            `write() went on to return true after ${written} bytes in one go.`,
          )
          written += chunk.byteLength
          isHeld = !a.stream.write(chunk)
        }
        await network.until('drain after write() returned false', () => drains >= round)
      }
      await network.until('all bytes to arrive', () => b.receivedBytes === written)
    },
  },
  {
    name: 'lets its writer use a buffer again once the write is flushed',
    async check(network) {
      const [a, b] = await connect(network)
      const buffer = new Uint8Array(512 * 1024)
      let drains = 0
      a.stream.on('drain', () => drains++)
      for (let value = 1; value <= 4; value++) {
        const before = drains
        buffer.fill(value)
        // As large as it is, it fills the stream: the drain that follows says that it is flushed.
        if (!a.stream.write(buffer)) await network.until('drain', () => drains > before)
      }
      buffer.fill(0)
      await network.until('all bytes to arrive', () => b.receivedBytes === 4 * buffer.byteLength)
      let at = 0
      for (const byte of b.chunks.flatMap((chunk) => [...new Set(chunk)])) {
        demand(byte === at || byte === at + 1, 'Bytes changed on their way when the writer used its buffer again.')
        at = byte
      }
      demand(at === 4, 'Bytes changed on their way when the writer used its buffer again.')
    },
  },
  {
    name: 'closes once at both ends when both have ended, after the last byte',
    async check(network) {
      const [a, b] = await connect(network)
      const length = 300_000
      await sendPattern(network, a, length, 3)
      a.stream.end()
      await network.until('end at the other side', () => b.hasEnded)
      checkPattern(b, length, 3)
      b.stream.end()
      await closedOnce(network, [a, b])
    },
  },
  {
    name: 'closes once at both ends when one destroys its stream',
    async check(network) {
      const [a, b] = await connect(network)
      a.stream.destroy(new Error('A reason that is for the log only.'))
      await closedOnce(network, [a, b])
    },
  },
  {
    name: 'closes once at both ends when a peer closes its transport',
    async check(network) {
      const [nodeA, nodeB] = await network.startOn(newTopic(), 2)
      if (nodeA === undefined || nodeB === undefined) return
      const ends = await network.connected(nodeA, nodeB)
      await network.soon('close() to resolve', nodeA.session.close())
      demand(ends[0].closes === 1, 'close() resolved before the connections were closed.')
      await closedOnce(network, ends)
    },
  },
]

/** For transports that can tell a writer that its reader is slow; those over UDP and data channels cannot. */
export const readerRules: readonly KitRule[] = [
  {
    name: 'holds its writer back while nobody reads, and lets it go on when somebody does',
    async check(network) {
      const [a, b] = await connect(network, { isTalking: false })
      const chunk = new Uint8Array(64 * 1024)
      const { bufferedBytes, quietMs } = network.limits
      let drains = 0
      a.stream.on('drain', () => drains++)
      let written = 0
      for (let isHeld = false; !isHeld; ) {
        demand(written <= bufferedBytes, `More than ${bufferedBytes} bytes were taken while nobody read.`)
        const before = drains
        written += chunk.byteLength
        if (a.stream.write(chunk)) continue
        const last = performance.now() + quietMs
        while (drains === before && performance.now() < last) await pause(1)
        isHeld = drains === before
      }
      const held = drains
      b.read()
      await network.until('drain after the peer began to read', () => drains > held)
      // The first bytes are taken for a greeting by the kit's reader.
      await network.until('all bytes to arrive', () => b.receivedBytes + 33 === written)
    },
  },
]

async function connect(
  network: KitNetwork,
  options: { isTalking?: boolean } = {},
): Promise<[KitConnection, KitConnection]> {
  const [nodeA, nodeB] = await network.startOn(newTopic(), 2, options)
  if (nodeA === undefined || nodeB === undefined) throw new Error('Two nodes were asked for.')
  if (options.isTalking !== false) return network.connected(nodeA, nodeB)
  await network.until('two nodes of one topic to be connected', () => {
    return nodeA.connections.length > 0 && nodeB.connections.length > 0
  })
  const open = (connections: readonly KitConnection[]): KitConnection => {
    const connection = connections.find(({ closes }) => closes === 0)
    demand(connection !== undefined, 'A new connection was lost at once.')
    return connection
  }
  return [open(nodeA.connections), open(nodeB.connections)]
}

async function closedOnce(network: KitNetwork, ends: readonly KitConnection[]): Promise<void> {
  await network.until('close at both ends', () => ends.every(({ closes }) => closes > 0))
  await network.never('A stream emitted close more than once.', () => ends.some(({ closes }) => closes > 1))
}

async function sendPattern(network: KitNetwork, from: KitConnection, length: number, seed: number): Promise<void> {
  let drains = 0
  from.stream.on('drain', () => drains++)
  const bytes = pattern(length, seed)
  for (let offset = 0, size = 1; offset < length; offset += size, size = 1 + ((size * 7 + 13) % 70_001)) {
    const before = drains
    if (!from.stream.write(bytes.slice(offset, offset + size))) await network.until('drain', () => drains > before)
  }
}

function checkPattern(to: KitConnection, length: number, seed: number): void {
  demand(to.receivedBytes === length, `${to.receivedBytes} bytes arrived of ${length}.`)
  const expected = pattern(length, seed)
  let offset = 0
  for (const chunk of to.chunks) {
    for (const byte of chunk) {
      demand(byte === expected[offset], `Byte ${offset} changed on its way.`)
      offset++
    }
  }
}

/** Bytes that look random and are the same each time (xorshift32). */
function pattern(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let state = seed
  for (let at = 0; at < length; at++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[at] = state
  }
  return bytes
}
