/** A node on the emulated network: its topics, its connections, and whom it calls. */
import type {
  TopicOptions,
  TransportIntroductions,
  TransportOpenOptions,
  TransportStream,
  TransportTopic,
} from '@hypervision/core/contracts'
import type { Random } from '../random.ts'
import { Connection, type ConnectionEnd, type ConnectionNetwork } from './connection.ts'
import type { Directory } from './directory.ts'
import type { EmulatedHost, HostSession } from './host.ts'
import type { LaneStream } from './lane-stream.ts'

/** Round trips into the DHT until a topic is looked up and announced, ms. */
const lookupMs = 250
/** Waits between look-ups of a node that has room, ms; the last one is repeated. As in transport-dht. */
const lookupWaitsMs = [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 60_000]
/** Waits before a peer that was lost or refused is called again, ms. As in transport-dht. */
const backoffsMs = [500, 1500, 5000, 20_000]
/** Calls under way at once. As in hyperswarm. */
const callsAtOnce = 3
/**
 * A node calls until this share of its cap is taken; the rest is for those who call it. Otherwise the first nodes would fill
 * each other up and leave the later ones outside. As in transport-dht.
 */
const callShare = 0.35
/** Offer and answer of an introduction: in the DHT a key is all that it takes to reach a node. */
const greeting = 'emulated'

/** What a node needs of the network. */
export interface SessionNetwork extends ConnectionNetwork {
  readonly random: Random
  readonly directory: Directory<Session>
  /** The node of a public key; null where there is none. */
  find(publicKey: Uint8Array): Session | null
}

interface Candidate {
  readonly session: Session
  failures: number
  restsUntilMs: number
}

/** A started transport. */
export class Session implements HostSession, ConnectionEnd {
  readonly host: EmulatedHost
  readonly #options: TransportOpenOptions
  readonly #network: SessionNetwork
  readonly #topics = new Map<string, TopicOptions>()
  readonly #connections = new Map<Session, Connection>()
  /** Those of the connections that are not answered yet. */
  readonly #calls = new Set<Connection>()
  readonly #candidates = new Map<Session, Candidate>()
  readonly #onempty: (() => void)[] = []
  #maxConnections: number
  #closing: Promise<void> | null = null
  #lookups = 0
  #cancelLookup = (): void => {}

  constructor(host: EmulatedHost, options: TransportOpenOptions, network: SessionNetwork) {
    this.host = host
    this.#options = options
    this.#network = network
    this.#maxConnections = options.maxConnections
  }

  join(topic: Uint8Array, options: TopicOptions): TransportTopic {
    const name = Buffer.from(topic).toString('hex')
    const asked = { ...options }
    this.#topics.set(name, asked)
    const ready = new Promise<void>((resolve) => {
      this.#network.clock.after(lookupMs, () => {
        resolve()
        if (!this.#isRunning || this.#topics.get(name) !== asked) return
        // As with a DHT, two that join at one moment do not find each other yet.
        this.#lookUp()
        if (asked.announce) this.#network.directory.announce(name, this)
      })
    })
    return {
      ready,
      leave: async () => {
        if (this.#topics.get(name) !== asked) return
        this.#topics.delete(name)
        this.#network.directory.withdraw(name, this)
      },
      introductions: this.#introductions(name, asked),
    }
  }

  setMaxConnections(maxConnections: number): void {
    this.#maxConnections = maxConnections
    this.#callMore()
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  onopen(connection: Connection, stream: LaneStream): boolean {
    const initiator = connection.initiator === this
    const peer = this.#otherEnd(connection)
    if (!this.#isRunning || peer === null) return false
    if (initiator) this.#answered(peer, connection)
    else if (!this.#takes(peer, connection)) return false
    // streamx says `unknown` of what its streams emit; this one emits nothing but bytes.
    const bytes = stream as unknown as TransportStream
    const remoteAddress = peer.host.address
    this.#options.onconnection({ stream: bytes, initiator, security: 'none', remoteAddress })
    return true
  }

  onclose(connection: Connection): void {
    this.#calls.delete(connection)
    const peer = this.#otherEnd(connection)
    if (peer !== null && this.#connections.get(peer) === connection) {
      this.#connections.delete(peer)
      this.#rest(peer)
    }
    if (this.#connections.size === 0) {
      for (const resolve of this.#onempty.splice(0)) resolve()
      this.#lookups = 0
      this.#scheduleLookup()
    }
    this.#callMore()
  }

  /** The network lets bytes through again. */
  resume(): void {
    for (const connection of this.#connections.values()) connection.resume()
  }

  get publicKey(): Uint8Array {
    return this.#options.keyPair.publicKey
  }

  get #hasRoomForCaller(): boolean {
    return this.#connections.size < this.#maxConnections + (this.#options.reserve ?? 0)
  }

  get #isRunning(): boolean {
    return this.#closing === null && this.host.isAlive
  }

  #takes(caller: Session, connection: Connection): boolean {
    const known = this.#connections.get(caller)
    if (known === undefined && !this.#hasRoomForCaller) return false
    if (!this.#options.accept(caller.publicKey)) return false
    this.#connections.set(caller, connection)
    // What is left of an earlier connection that the caller has given up.
    known?.destroyEnd(this)
    return true
  }

  #answered(peer: Session, connection: Connection): void {
    this.#calls.delete(connection)
    const candidate = this.#candidates.get(peer)
    if (candidate !== undefined) candidate.failures = 0
    this.#callMore()
  }

  /** Calls whom it knows, of all topics and in any order, as hyperswarm does, as far as there is room. */
  #callMore(): void {
    if (!this.#isRunning || !this.#mayCall()) return
    for (const candidate of this.#network.random.shuffle(this.#candidates.values())) {
      if (this.#calls.size >= callsAtOnce || !this.#mayCall()) return
      const { session, restsUntilMs } = candidate
      if (this.#connections.has(session) || restsUntilMs > this.#network.clock.now()) continue
      // Of two that call each other at once, one call would be refused.
      if (session.#isCalling(this) || !this.#options.accept(session.publicKey)) continue
      this.#callOne(session)
    }
  }

  #callOne(session: Session): void {
    const connection = new Connection(this, session, this.#network)
    this.#calls.add(connection)
    this.#connections.set(session, connection)
  }

  #introductions(topic: string, asked: TopicOptions): TransportIntroductions {
    const isJoined = (): boolean => this.#isRunning && this.#topics.get(topic) === asked
    const mayConnect = (peer: Session | null): peer is Session =>
      peer !== null && peer !== this && !this.#connections.has(peer) && this.#options.accept(peer.publicKey)
    return {
      connect: async (key, ask) => {
        const peer = this.#network.find(key)
        const mayCall = (): boolean =>
          isJoined() && this.#connections.size < this.#maxConnections && mayConnect(peer) && !peer.#isCalling(this)
        if (!mayCall() || (await ask(greeting)) !== greeting || !mayCall() || peer === null) return false
        this.#callOne(peer)
        return true
      },
      answer: async (key, offer) => {
        const mayAnswer = isJoined() && asked.announce && this.#hasRoomForCaller && offer === greeting
        return mayAnswer && mayConnect(this.#network.find(key)) ? greeting : null
      },
    }
  }

  #mayCall(): boolean {
    let called = 0
    for (const { initiator } of this.#connections.values()) if (initiator === this) called++
    const hasRoom = this.#connections.size < this.#maxConnections
    return hasRoom && called < Math.max(1, Math.floor(this.#maxConnections * callShare))
  }

  #isCalling(peer: Session): boolean {
    const connection = this.#connections.get(peer)
    return connection !== undefined && this.#calls.has(connection)
  }

  /** Leaves a peer that was lost or refused the call alone for a while. */
  #rest(peer: Session): void {
    const candidate = this.#candidates.get(peer)
    if (candidate === undefined) return
    const { clock, random } = this.#network
    const restMs = (backoffsMs[Math.min(candidate.failures++, backoffsMs.length - 1)] ?? 0) + random.between(0, 250)
    candidate.restsUntilMs = clock.now() + restMs
    clock.after(restMs, () => this.#callMore())
  }

  #lookUp(): void {
    const { directory } = this.#network
    for (const [topic, { lookup }] of this.#topics) {
      if (!lookup) continue
      for (const session of directory.find(topic, this)) {
        if (!this.#candidates.has(session)) this.#candidates.set(session, { session, failures: 0, restsUntilMs: 0 })
      }
    }
    this.#callMore()
    this.#scheduleLookup()
  }

  #scheduleLookup(): void {
    this.#cancelLookup()
    if (!this.#isRunning) return
    const waitMs = lookupWaitsMs[Math.min(this.#lookups++, lookupWaitsMs.length - 1)] ?? 0
    const { clock, random } = this.#network
    this.#cancelLookup = clock.after(lookupMs + waitMs * random.between(0.75, 1.25), () => {
      if (!this.#isRunning) return
      if (this.#connections.size < this.#maxConnections) this.#lookUp()
      else this.#scheduleLookup()
    })
  }

  #otherEnd({ initiator, responder }: Connection): Session | null {
    const other = initiator === this ? responder : initiator
    return other instanceof Session ? other : null
  }

  async #close(): Promise<void> {
    this.#cancelLookup()
    for (const topic of this.#topics.keys()) if (this.host.isAlive) this.#network.directory.withdraw(topic, this)
    this.#topics.clear()
    if (this.#connections.size === 0) return
    const empty = new Promise<void>((resolve) => this.#onempty.push(resolve))
    for (const connection of [...this.#connections.values()]) connection.destroyEnd(this)
    await empty
  }
}
