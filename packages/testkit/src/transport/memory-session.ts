/** A node of the memory network: its topics, its connections, and whom it calls. */
import type {
  TopicOptions,
  TransportIntroductions,
  TransportOpenOptions,
  TransportSession,
  TransportStream,
  TransportTopic,
} from '@hypervision/core/contracts'
import type { KitClock } from '../clock.ts'
import type { MemoryConnection, MemoryConnectionEnd } from './memory-connection.ts'
import type { MemoryStream } from './memory-stream.ts'

/** What a node needs of the network it is in. */
export interface MemorySessionNetwork {
  readonly clock: KitClock
  /** Wait before a peer that was lost or refused is tried again. */
  readonly retryMs: number
  /** Tries to connect the node with everyone it shares a topic with. */
  seek(session: MemorySession): void
  /** Tries to connect the node with one that it knows the id of. */
  call(session: MemorySession, id: string): void
  remove(session: MemorySession): void
}

/**
 * A node calls until this share of its cap is taken; the rest is for those who call it. With half or more, the first
 * nodes of a large network could fill each other up and leave every later one outside.
 */
const dialShare = 0.4
/** Offer and answer of an introduction. */
const greeting = 'memory'

/** A started memory transport. */
export class MemorySession implements TransportSession, MemoryConnectionEnd {
  readonly host: string
  /** Its public key in hex. */
  readonly id: string
  readonly options: TransportOpenOptions
  /** Its end of each connection, by the other's id. */
  readonly connections = new Map<string, MemoryConnection>()
  readonly #network: MemorySessionNetwork
  readonly #topics = new Map<string, TopicOptions>()
  readonly #onclosed: (() => void)[] = []
  #maxConnections: number
  #isAlive = true
  #closing: Promise<void> | null = null
  #cancelRetry: (() => void) | null = null

  constructor(host: string, options: TransportOpenOptions, network: MemorySessionNetwork) {
    this.host = host
    this.id = hex(options.keyPair.publicKey)
    this.options = options
    this.#network = network
    this.#maxConnections = options.maxConnections
  }

  get isAlive(): boolean {
    return this.#isAlive
  }

  /** Whether it takes part in the network. */
  get isOpen(): boolean {
    return this.#isAlive && this.#closing === null
  }

  /** Whether it may call one more. */
  get hasRoom(): boolean {
    return this.isOpen && this.connections.size < this.#maxConnections
  }

  /** Whether it takes one more that calls it. */
  get hasRoomForCaller(): boolean {
    return this.isOpen && this.connections.size < this.#maxConnections + (this.options.reserve ?? 0)
  }

  /** Whether it calls one more of those that it finds. */
  get mayCall(): boolean {
    const called = [...this.connections.values()].filter(({ initiator }) => initiator === this).length
    return this.hasRoom && called < Math.max(1, Math.floor(this.#maxConnections * dialShare))
  }

  join(topic: Uint8Array, options: TopicOptions): TransportTopic {
    const name = hex(topic)
    const asked = { ...options }
    if (this.isOpen) this.#topics.set(name, asked)
    const ready = new Promise<void>((resolve) => {
      this.#network.clock.after(0, () => {
        this.#network.seek(this)
        resolve()
      })
    })
    return {
      ready,
      leave: async () => {
        if (this.#topics.get(name) === asked) this.#topics.delete(name)
      },
      introductions: this.#introductions(name, asked),
    }
  }

  setMaxConnections(maxConnections: number): void {
    this.#maxConnections = maxConnections
    this.seekLater(0)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** Stops as a process does that was killed: nothing more is sent or taken, and nobody hears of it. */
  kill(): void {
    this.#isAlive = false
    this.#stop()
  }

  /** Whether it finds the other on a topic of both. */
  finds(other: MemorySession): boolean {
    for (const [topic, { lookup }] of this.#topics) {
      if (lookup && other.#topics.get(topic)?.announce) return true
    }
    return false
  }

  accepts(other: MemorySession): boolean {
    return this.options.accept(other.options.keyPair.publicKey)
  }

  seekLater(milliseconds = this.#network.retryMs): void {
    if (!this.isOpen || this.#cancelRetry !== null) return
    this.#cancelRetry = this.#network.clock.after(milliseconds, () => {
      this.#cancelRetry = null
      this.#network.seek(this)
    })
  }

  onopen(stream: MemoryStream, initiator: boolean): void {
    if (!this.isOpen) return
    // streamx says `unknown` of what its streams emit; this one emits nothing but bytes.
    const bytes = stream as unknown as TransportStream
    this.options.onconnection({ stream: bytes, initiator, security: 'none', remoteAddress: null })
  }

  onclose(connection: MemoryConnection): void {
    for (const [id, known] of this.connections) if (known === connection) this.connections.delete(id)
    if (this.connections.size === 0) for (const resolve of this.#onclosed.splice(0)) resolve()
    this.seekLater()
  }

  /** The key is all that it takes to reach a host of the network, so the texts say no more than that. */
  #introductions(topic: string, asked: TopicOptions): TransportIntroductions {
    const mayConnect = (key: Uint8Array): boolean => !this.connections.has(hex(key)) && this.options.accept(key)
    return {
      connect: async (key, ask) => {
        const mayCall = (): boolean => this.#topics.get(topic) === asked && this.hasRoom && mayConnect(key)
        if (!mayCall() || (await ask(greeting)) !== greeting || !mayCall()) return false
        this.#network.call(this, hex(key))
        return true
      },
      answer: async (key, offer) => {
        const mayAnswer = this.#topics.get(topic) === asked && asked.announce && this.hasRoomForCaller
        return mayAnswer && offer === greeting && mayConnect(key) ? greeting : null
      },
    }
  }

  async #close(): Promise<void> {
    this.#stop()
    // A killed node's streams are closed too, so that whatever held them in this process lets go.
    const closed = new Promise<void>((resolve) => this.#onclosed.push(resolve))
    if (this.connections.size === 0) return
    for (const connection of [...this.connections.values()]) connection.destroyEnd(this)
    await closed
  }

  #stop(): void {
    this.#topics.clear()
    this.#cancelRetry?.()
    this.#cancelRetry = null
    this.#network.remove(this)
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
