/** A node of the transport for tests: what it is given, and promises of what a test waits for. */
import { generateKeyPairSync } from 'node:crypto'
import type {
  KeyPair,
  TopicOptions,
  TransportConnection,
  TransportOpenOptions,
  TransportSession,
} from '@hypervision/core/contracts'
import { onTestFinished } from 'vitest'
import { type WebRtcOptions, webrtc } from '../src/index.ts'

/** An opened transport. */
export interface TestNode {
  readonly session: TransportSession
  readonly connections: readonly TransportConnection[]
  readonly errors: readonly Error[]
  join(topic: Uint8Array, options?: Partial<TopicOptions>): ReturnType<TransportSession['join']>
  /** The nth connection, from 1, once it is there. */
  connected(count: number): Promise<TransportConnection>
  /** The first trouble, once there is any. */
  trouble(): Promise<Error>
}

/** What a session is opened with, where nothing else is said. */
export function openOptions(more: Partial<TransportOpenOptions> = {}): TransportOpenOptions {
  return {
    keyPair: newKeyPair(),
    maxConnections: 16,
    accept: () => true,
    onconnection: () => {},
    onerror: () => {},
    ...more,
  }
}

/** Opens a node that is closed with the test; without ICE servers, as all is on one machine. */
export async function startNode(
  options: Partial<WebRtcOptions> & Pick<WebRtcOptions, 'trackers'>,
  open: Partial<TransportOpenOptions> = {},
): Promise<TestNode> {
  const connections: TransportConnection[] = []
  const errors: Error[] = []
  const changed = new Set<() => void>()
  const tell = (): void => {
    for (const listener of changed) listener()
  }
  const session = await webrtc({ iceServers: [], ...options }).open(
    openOptions({
      ...open,
      onconnection(connection) {
        connections.push(connection)
        open.onconnection?.(connection)
        tell()
      },
      onerror(error) {
        errors.push(error)
        tell()
      },
    }),
  )
  onTestFinished(() => session.close())
  const until = <T>(find: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = find()
        if (found === undefined) return
        changed.delete(look)
        resolve(found)
      }
      changed.add(look)
      look()
    })
  return {
    session,
    connections,
    errors,
    join: (topic, topicOptions) => session.join(topic, { announce: true, lookup: true, ...topicOptions }),
    connected: (count) => until(() => connections[count - 1]),
    trouble: () => until(() => errors[0]),
  }
}

/** A topic that nobody else is on. */
export function newTopic(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(32))
}

/** A new identity. */
export function newKeyPair(): KeyPair {
  const pair = generateKeyPairSync('ed25519')
  const publicKey = new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32))
  const seed = pair.privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32)
  return { publicKey, secretKey: Uint8Array.from([...seed, ...publicKey]) }
}

/** Resolves with the bytes that come, when there are so many. */
export function received({ stream }: TransportConnection, length: number): Promise<Uint8Array> {
  return new Promise((resolve) => {
    const bytes = new Uint8Array(length)
    let at = 0
    stream.on('data', (chunk) => {
      bytes.set(chunk.subarray(0, length - at), at)
      at += chunk.byteLength
      if (at >= length) resolve(bytes)
    })
  })
}

/** Resolves when the connection is over. */
export function closed({ stream }: TransportConnection): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) resolve()
    else stream.on('close', resolve)
  })
}
