/** Peers by the hyperswarm DHT: topics are announced and looked up there, connections are made directly by UDP. */
import {
  HypervisionError,
  type TopicOptions,
  type Transport,
  type TransportIntroductions,
  type TransportOpenOptions,
  type TransportSession,
  type TransportTopic,
} from '@hypervision/core/contracts'
import HyperDHT from 'hyperdht'
import Hyperswarm, { type PeerDiscoverySession } from 'hyperswarm'
import { type Address, isLoopback, parseAddress } from './address.ts'
import { discardNode } from './discard-node.ts'
import { LookupAgain } from './lookup-again.ts'
import { Reachability } from './reachability.ts'

/** Options of {@link dht}. */
export interface DhtOptions {
  /**
   * DHT nodes to begin with, `host:port`. Where all of them are on this machine the node stays on loopback.
   * @default the public nodes of hyperdht
   */
  readonly bootstrap?: readonly (string | Address)[]
  /** UDP port to prefer; another one is taken where it is in use. @default 0 any */
  readonly port?: number
}

/** Waits before a lost peer is called again: short, because a live stream does not wait. */
const backoffs = [500, 1500, 5000, 20_000]
const backoffJitterMs = 250
/** Leaving politely takes round trips; a DHT that does not answer is left without. */
const farewellMs = 2000
/** Offer and answer of an introduction: the key is all that it takes to call a peer, so they say no more than that. */
const greeting = 'dht'
/** A DHT that answers lets a node in well before; one that does not is asked on while the node runs. */
const joinMs = 2000

/**
 * The DHT transport.
 *
 * @throws HypervisionError ERR_OPTION_INVALID for a bootstrap address that cannot be read
 */
export function dht(options: DhtOptions = {}): Transport {
  const bootstrap = options.bootstrap?.map(parseAddress)
  return { name: 'dht', open: (open) => openSession(open, bootstrap, options.port) }
}

async function openSession(
  options: TransportOpenOptions,
  bootstrap: Address[] | undefined,
  port: number | undefined,
): Promise<TransportSession> {
  options.signal?.throwIfAborted()
  const isLocal = bootstrap !== undefined && bootstrap.length > 0 && bootstrap.every(({ host }) => isLoopback(host))
  const node = new HyperDHT({
    ...(bootstrap === undefined ? {} : { bootstrap: [...bootstrap] }),
    // Nothing is in the way on loopback; a node that believed otherwise would punch holes there, which fails.
    ...(isLocal ? { host: '127.0.0.1', firewalled: false } : {}),
    ...(port === undefined ? {} : { port }),
  })
  try {
    await joined(node, options.signal)
    options.signal?.throwIfAborted()
    return new DhtSession(node, options, bootstrap)
  } catch (error) {
    await discardNode(node)
    if (options.signal?.aborted) throw error
    throw new HypervisionError(
      'ERR_TRANSPORT_FAILED',
      `The DHT cannot be joined: ${error instanceof Error ? error.message : String(error)}. Check that UDP is allowed here.`,
      { cause: error },
    )
  }
}

/** Resolves when the node is in the DHT, when it has had the time for it, or when the signal aborts. */
async function joined(node: HyperDHT, signal: AbortSignal | undefined): Promise<void> {
  let stop = (): void => {}
  const stopped = new Promise<void>((resolve) => {
    stop = resolve
  })
  const timer = setTimeout(stop, joinMs)
  signal?.addEventListener('abort', stop)
  try {
    await Promise.race([node.ready(), stopped])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}

interface JoinedTopic {
  readonly session: PeerDiscoverySession
  readonly lookups: LookupAgain | null
}

/**
 * Share of the connections that a node makes itself. With half of them the first nodes fill each other up, those that come later find only each other,
 * and trees grow as deep as there were generations.
 */
const callShare = 0.35

class DhtSession implements TransportSession {
  readonly #node: HyperDHT
  readonly #swarm: Hyperswarm
  readonly #options: TransportOpenOptions
  readonly #topics = new Map<string, JoinedTopic>()
  readonly #reachability: Reachability
  #maxConnections: number
  #closing: Promise<void> | null = null

  constructor(node: HyperDHT, options: TransportOpenOptions, bootstrap: Address[] | undefined) {
    this.#node = node
    this.#options = options
    this.#reachability = new Reachability(node, { bootstrap, onlost: (error) => this.#report(error) })
    this.#maxConnections = options.maxConnections
    this.#swarm = new Hyperswarm({
      dht: node,
      keyPair: options.keyPair,
      maxPeers: options.maxConnections,
      // The others are for those who call: in a swarm of which each has called all it may, newcomers find no place.
      maxClientConnections: callsOf(options.maxConnections),
      // Whoever was killed stays announced for minutes, and a call to it ends after some eight seconds. With a few calls at once, as hyperswarm
      // has it, a handful of those would keep a newcomer from the one who is there.
      maxParallel: callsOf(options.maxConnections),
      firewall: (remotePublicKey) => this.#refuses(remotePublicKey),
      backoffs,
      jitter: backoffJitterMs,
    })
    this.#swarm.on('connection', (stream) => {
      stream.on('close', () => this.#onclose())
      const { remoteHost, remotePort } = stream.rawStream as { remoteHost?: string; remotePort?: number }
      options.onconnection({
        stream,
        initiator: stream.isInitiator,
        security: 'noise',
        remoteAddress: remoteHost === undefined ? null : `${remoteHost}:${remotePort}`,
      })
    })
  }

  join(topic: Uint8Array, { announce, lookup }: TopicOptions): TransportTopic {
    const name = toHex(topic)
    const before = this.#topics.get(name)
    const session = this.#swarm.join(topic, { server: announce, client: lookup })
    const lookups = lookup ? new LookupAgain(session, () => this.#isFull()) : null
    this.#topics.set(name, { session, lookups })
    // The new session is there before the old one goes, so that the topic is never left in between.
    before?.lookups?.stop()
    void before?.session.destroy().catch((error: unknown) => this.#report(error))
    return {
      ready: session.flushed().then(
        () => {},
        () => {},
      ),
      leave: async (): Promise<void> => {
        if (this.#topics.get(name)?.session !== session) return
        this.#topics.delete(name)
        lookups?.stop()
        await session.destroy().catch((error: unknown) => this.#report(error))
      },
      introductions: this.#introductions(() => this.#topics.get(name)?.session === session, announce),
    }
  }

  setMaxConnections(maxConnections: number): void {
    this.#maxConnections = maxConnections
    this.#swarm.maxPeers = maxConnections
    this.#swarm.maxClientConnections = callsOf(maxConnections)
    this.#swarm.maxParallel = callsOf(maxConnections)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  #introductions(isJoined: () => boolean, isAnnounced: boolean): TransportIntroductions {
    const isStranger = (key: Uint8Array): boolean => {
      const id = toHex(key)
      const isConnected = [...this.#swarm.connections].some(({ remotePublicKey }) => toHex(remotePublicKey) === id)
      return !isConnected && isJoined() && this.#options.accept(key)
    }
    return {
      connect: async (key, ask) => {
        const mayCall = (): boolean => !this.#isFull(this.#swarm.connecting) && isStranger(key)
        if (!mayCall() || (await ask(greeting)) !== greeting || !mayCall()) return false
        this.#swarm.joinPeer(key)
        // It is called by now. One that stays joined would be called again and again, and count for several others.
        this.#swarm.leavePeer(key)
        return true
      },
      answer: async (key, offer) =>
        offer === greeting && isAnnounced && !this.#hasNoPlace() && isStranger(key) ? greeting : null,
    }
  }

  /** Whether nobody else is called. */
  #isFull(connecting = 0): boolean {
    return this.#swarm.connections.size + connecting >= this.#maxConnections
  }

  /** Whether nobody else is accepted. */
  #hasNoPlace(): boolean {
    return this.#swarm.connections.size >= this.#maxConnections + (this.#options.reserve ?? 0)
  }

  #onclose(): void {
    if (this.#swarm.connections.size > 0 || this.#closing !== null) return
    for (const { lookups } of this.#topics.values()) lookups?.restart()
  }

  /** hyperswarm bans whom it refuses, for ever; here the next call decides anew. */
  #refuses(remotePublicKey: Uint8Array): boolean {
    if (!this.#hasNoPlace() && this.#options.accept(remotePublicKey)) return false
    const name = toHex(remotePublicKey)
    queueMicrotask(() => this.#swarm.peers.get(name)?.ban(false))
    return true
  }

  #report(error: unknown): void {
    if (this.#closing === null) this.#options.onerror(error instanceof Error ? error : new Error(String(error)))
  }

  async #close(): Promise<void> {
    this.#reachability.stop()
    for (const { lookups } of this.#topics.values()) lookups?.stop()
    this.#topics.clear()
    for (const connection of this.#swarm.connections) connection.destroy()
    let timer: ReturnType<typeof setTimeout> | undefined
    // Where nobody is known there is nobody to say goodbye to.
    const waitMs = this.#node.toArray().length === 0 ? 0 : farewellMs
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), waitMs)
    })
    const destroyed = this.#swarm.destroy().catch((error: unknown) => error)
    // The swarm would wait for its messages to time out, however it is destroyed; without sockets there is no point.
    if ((await Promise.race([destroyed, late])) === 'late') await this.#node.destroy({ force: true }).catch(() => {})
    clearTimeout(timer)
  }
}

function toHex(bytes: Uint8Array | null): string {
  return bytes === null ? '' : Buffer.from(bytes).toString('hex')
}

/** How many of its connections a node makes itself. */
function callsOf(maxConnections: number): number {
  return Math.max(1, Math.floor(maxConnections * callShare))
}
