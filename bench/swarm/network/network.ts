/**
 * An emulated internet in one process: hosts with one uplink each, lines with delay and loss between them, a DHT to find
 * each other by, and the faults that a bench asks for. To a node it is a transport like any other.
 */
import type { TransportOpenOptions } from '@hypervision/core/contracts'
import { type Random, seededRandom } from '../random.ts'
import type { Clock } from '../time/clock.ts'
import { Directory } from './directory.ts'
import { EmulatedHost, type HostNetwork } from './host.ts'
import { Session, type SessionNetwork } from './session.ts'
import { Uplink } from './uplink.ts'

/** Options of an {@link EmulatedNetwork}. */
export interface EmulatedNetworkOptions {
  readonly clock: Clock
  readonly seed: number
  /** Delay one way, ms: each pair of hosts has its own, which lies between the two. */
  readonly delayMs: readonly [least: number, most: number]
  /** Share of packets that are lost, 0 to 1. They are sent again: what arrives is late, never missing. @default 0 */
  readonly loss?: number
  /** Size from which on a write counts as a block of the stream; see {@link Traffic}. */
  readonly blockBytes: number
}

/** Payload of a UDX packet, bytes. */
const packetBytes = 1200

/** Hosts and what is between them. */
export class EmulatedNetwork implements HostNetwork, SessionNetwork {
  readonly clock: Clock
  readonly blockBytes: number
  readonly random: Random
  readonly directory: Directory<Session>
  readonly #options: EmulatedNetworkOptions
  readonly #lossRandom: Random
  readonly #hosts: EmulatedHost[] = []
  readonly #sessions = new Map<string, Session>()
  /** Which part of a divided network a host is in. */
  #parts = new Map<EmulatedHost, number>()

  constructor(options: EmulatedNetworkOptions) {
    this.#options = options
    this.clock = options.clock
    this.blockBytes = options.blockBytes
    this.random = seededRandom(`network ${options.seed}`)
    this.#lossRandom = seededRandom(`loss ${options.seed}`)
    this.directory = new Directory(seededRandom(`directory ${options.seed}`))
  }

  get hosts(): readonly EmulatedHost[] {
    return this.#hosts
  }

  /** Adds a host. */
  addHost(uplinkBitsPerSecond: number): EmulatedHost {
    const host = new EmulatedHost(this.#hosts.length, new Uplink(this.clock, uplinkBitsPerSecond), this)
    this.#hosts.push(host)
    return host
  }

  /** The node of a public key; null where there is none. */
  find(publicKey: Uint8Array): Session | null {
    return this.#sessions.get(Buffer.from(publicKey).toString('hex')) ?? null
  }

  /** A node opens its transport. */
  openSession(host: EmulatedHost, options: TransportOpenOptions): Session {
    const session = new Session(host, options, this)
    this.#sessions.set(Buffer.from(session.publicKey).toString('hex'), session)
    return session
  }

  /** The delay of a pair does not depend on what else was drawn before. */
  delayMs(a: EmulatedHost, b: EmulatedHost): number {
    const pair = [a.number, b.number].sort((one, other) => one - other).join(' ')
    return seededRandom(`delay ${this.#options.seed} ${pair}`).between(...this.#options.delayMs)
  }

  /** A lost packet is noticed and sent again within two round trips; it may be lost again. */
  lossMs(delayMs: number, bytes: number): number {
    const { loss = 0 } = this.#options
    if (loss === 0) return 0
    const part = 1 - (1 - loss) ** Math.max(1, Math.ceil(bytes / packetBytes))
    let lateMs = 0
    for (let isLost = this.#lossRandom.next() < part; isLost; isLost = this.#lossRandom.next() < loss)
      lateMs += 4 * delayMs
    return lateMs
  }

  /** Lets nothing pass between the groups of hosts, in silence. Who is in none of them reaches all. */
  divide(...groups: readonly (readonly EmulatedHost[])[]): void {
    this.#parts = new Map(groups.flatMap((group, part) => group.map((host) => [host, part] as const)))
  }

  /** Undoes a division; what waits is delivered. */
  heal(): void {
    this.#parts.clear()
    for (const host of this.#hosts) host.resume()
  }

  isCut(a: EmulatedHost, b: EmulatedHost): boolean {
    if (this.#parts.size === 0) return false
    const parts = [this.#parts.get(a), this.#parts.get(b)]
    return parts[0] !== undefined && parts[1] !== undefined && parts[0] !== parts[1]
  }
}
