/** What a conformance rule works with: nodes of the transport under test. */
import type {
  KeyPair,
  TopicOptions,
  Transport,
  TransportOpenOptions,
  TransportSession,
  TransportTopic,
} from '@hypervision/core/contracts'
import { defaultLimits, RuleError, type RuleLimits, RuleRun } from '../rule-run.ts'
import { KitConnection } from './kit-connection.ts'

/** The network under test. */
export interface TransportKitNetwork {
  /** Makes a transport of the network; every call stands for another host, every host can reach every other. */
  transport(): Transport
  /**
   * Names what the process holds now, one entry per thing: sockets, timers.
   * @default process.getActiveResourcesInfo(), nothing where there is no such function
   */
  resources?(): readonly string[]
}

/** Limits of the kit. */
export interface TransportKitLimits extends RuleLimits {
  /** Bytes that a transport may take from a writer while the peer does not read. @default 16777216 */
  readonly bufferedBytes?: number
}

/** A node: one transport opened once. */
export interface KitNode {
  readonly session: TransportSession
  /** In hex. */
  readonly id: string
  /** All that it was ever given, in order. */
  readonly connections: readonly KitConnection[]
  join(topic: Uint8Array, options?: Partial<TopicOptions>): TransportTopic
  /** Those that are open, to a certain node. */
  openTo(other: KitNode): readonly KitConnection[]
}

/** How to start a {@link KitNode}. */
export interface KitNodeOptions extends Partial<TransportOpenOptions> {
  /** Left out: a new host. */
  readonly transport?: Transport
  /** Whether it reads its connections, and says on each who it is. @default true */
  readonly isTalking?: boolean
}

/** One run of one rule. */
export class KitNetwork extends RuleRun {
  override readonly limits: Required<TransportKitLimits>
  readonly #network: TransportKitNetwork
  readonly #sessions: TransportSession[] = []

  constructor(network: TransportKitNetwork, limits: TransportKitLimits) {
    const filled = { ...defaultLimits, bufferedBytes: 16 * 1024 * 1024, ...limits }
    super(filled, () => network.resources?.())
    this.#network = network
    this.limits = filled
  }

  transport(): Transport {
    return this.#network.transport()
  }

  async start(options: KitNodeOptions = {}): Promise<KitNode> {
    const { transport = this.transport(), isTalking = true, ...open } = options
    const connections: KitConnection[] = []
    const keyPair = open.keyPair ?? (await newKeyPair())
    const id = hex(keyPair.publicKey)
    const session = await this.soon(
      'open() to resolve',
      transport.open({
        maxConnections: 16,
        accept: () => true,
        onerror: () => {},
        ...open,
        keyPair,
        onconnection(connection) {
          connections.push(new KitConnection(connection, isTalking ? keyPair.publicKey : null))
          open.onconnection?.(connection)
        },
      }),
    )
    this.#sessions.push(session)
    return {
      session,
      id,
      connections,
      join: (topic, topicOptions) => session.join(topic, { announce: true, lookup: true, ...topicOptions }),
      openTo: (other) => connections.filter(({ remoteId, closes }) => remoteId === other.id && closes === 0),
    }
  }

  /** Starts nodes that are all on one topic. */
  async startOn(topic: Uint8Array, count: number, options: KitNodeOptions = {}): Promise<KitNode[]> {
    const nodes: KitNode[] = []
    while (nodes.length < count) nodes.push(await this.start(options))
    await this.soon('join() to be ready', Promise.all(nodes.map((node) => node.join(topic).ready)))
    return nodes
  }

  /** Waits until two nodes are connected; their two ends. */
  async connected(a: KitNode, b: KitNode): Promise<[KitConnection, KitConnection]> {
    await this.until('two nodes of one topic to be connected', () => a.openTo(b).length > 0 && b.openTo(a).length > 0)
    const [there] = a.openTo(b)
    const [back] = b.openTo(a)
    if (there === undefined || back === undefined) throw new RuleError('A new connection was lost at once.')
    return [there, back]
  }

  async close(): Promise<void> {
    await this.soon('close() to resolve', Promise.all(this.#sessions.map((session) => session.close())))
  }
}

/** A topic that nobody else is on. */
export function newTopic(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(32))
}

/** A new identity. */
export async function newKeyPair(): Promise<KeyPair> {
  const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new Error('WebCrypto gave no Ed25519 key pair.')
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey))
  // RFC 8410: the seed is the last 32 bytes. libsodium's secret key is the seed and the public key.
  const secretKey = new Uint8Array(64)
  secretKey.set(pkcs8.subarray(-32))
  secretKey.set(publicKey, 32)
  return { publicKey, secretKey }
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
