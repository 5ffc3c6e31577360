/** A machine of the emulated network: its uplink, what it sent and received, and whether it still runs. */
import type { Transport, TransportOpenOptions, TransportSession } from '@hypervision/core/contracts'
import type { Clock } from '../time/clock.ts'
import { Traffic } from './traffic.ts'
import type { Uplink } from './uplink.ts'

/** A node's place in the network, once it has opened its transport. */
export interface HostSession extends TransportSession {
  /** The network lets bytes through again. */
  resume(): void
}

/** What a host needs of the network. */
export interface HostNetwork {
  readonly clock: Clock
  readonly blockBytes: number
  openSession(host: EmulatedHost, options: TransportOpenOptions): HostSession
}

/** A host. */
export class EmulatedHost {
  /** Counts from 0. */
  readonly number: number
  readonly uplink: Uplink
  readonly sent: Traffic
  readonly received: Traffic
  /** Reaches the others of the network. */
  readonly transport: Transport
  /** Infinity while it lives. */
  diedAtMs = Number.POSITIVE_INFINITY
  readonly #network: HostNetwork
  readonly #sessions: HostSession[] = []

  constructor(number: number, uplink: Uplink, network: HostNetwork) {
    this.number = number
    this.uplink = uplink
    this.#network = network
    this.sent = new Traffic(network.blockBytes)
    this.received = new Traffic(network.blockBytes)
    this.transport = {
      name: 'emulated',
      open: async (options) => {
        options.signal?.throwIfAborted()
        const session = network.openSession(this, options)
        this.#sessions.push(session)
        return session
      },
    }
  }

  get isAlive(): boolean {
    return this.diedAtMs === Number.POSITIVE_INFINITY
  }

  /** `host:port`, one of 10.0.0.0/8 for each host. */
  get address(): string {
    return `10.${this.number >> 16}.${(this.number >> 8) & 255}.${this.number & 255}:49737`
  }

  /** Stops it as a power cut does: nothing more is sent or taken, and nobody is told. */
  kill(): void {
    this.diedAtMs = Math.min(this.diedAtMs, this.#network.clock.now())
  }

  /** The network lets bytes through again. */
  resume(): void {
    for (const session of this.#sessions) session.resume()
  }
}
