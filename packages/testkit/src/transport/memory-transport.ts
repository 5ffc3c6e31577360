/** A network in memory: transports of one process that find and reach each other, with the faults that a test asks for. */
import type { Transport } from '@hypervision/core/contracts'
import { type KitClock, realClock } from '../clock.ts'
import { MemoryConnection, type MemoryConnectionNetwork } from './memory-connection.ts'
import type { MemoryParcel } from './memory-lane.ts'
import { MemorySession, type MemorySessionNetwork } from './memory-session.ts'

/** Options of {@link memoryNetwork}. */
export interface MemoryNetworkOptions {
  /**
   * Time from one host to another, in milliseconds: a number, or a function asked for each chunk, which so makes jitter,
   * spikes and slow lines. A chunk never overtakes an earlier one of its connection.
   * @default 0
   */
  readonly delayMs?: number | ((message: { from: string; to: string; bytes: number }) => number)
  /**
   * Bytes on their way on one connection in one direction at which its writer is held back.
   * @default 262144
   */
  readonly bufferBytes?: number
  /**
   * Wait before a peer that was lost or refused is tried again, milliseconds.
   * @default 100
   */
  readonly retryMs?: number
  /**
   * Whether a host may find another one by a topic that both are on, asked each time: where it gives false, trackers are gone, or
   * know only some. Connections go on, and introductions find anybody.
   * @default everybody does
   */
  readonly finds?: (hosts: { from: string; to: string }) => boolean
  /** Time. @default that of the machine */
  readonly clock?: KitClock
}

/** A chunk that was sent, or one of the signs that make and end a connection. */
export interface MemoryMessage {
  readonly from: string
  readonly to: string
  readonly kind: 'open' | 'data' | 'end' | 'reset'
  /** A copy of what was sent; empty unless `kind` is `data`. */
  readonly bytes: Uint8Array
  /** When it was sent, by the network's clock. */
  readonly sentAtMs: number
}

/** What has gone from one host to another, over all their connections. */
export interface MemoryLink {
  readonly from: string
  readonly to: string
  readonly bytes: number
  /** Chunks. */
  readonly messages: number
}

/** A host of a memory network: it may be opened again, as a host starts programs, one after another or side by side. */
export interface MemoryTransport extends Transport {
  /** Name of the host in messages, links and delays. */
  readonly host: string
  /**
   * Ends what runs on the host as SIGKILL does: nothing more is sent or delivered, and nobody is told. It can be opened
   * again.
   */
  kill(): void
}

/** A network in memory. */
export interface MemoryNetwork {
  /** Adds a host. @param options.host its name, `host-1`, `host-2` … where left out */
  transport(options?: { readonly host?: string }): MemoryTransport
  /** Traffic so far, one entry per direction of each pair that has any. */
  readonly links: readonly MemoryLink[]
  /** Calls back for every message as it is sent, to count round trips for instance. Returns what stops it. */
  tap(listener: (message: MemoryMessage) => void): () => void
  /** Breaks the connections of two hosts, which both are told; they may connect again. */
  disconnect(a: MemoryTransport, b: MemoryTransport): void
  /** Lets nothing pass between two hosts, in silence: what was sent waits until {@link MemoryNetwork.heal}. */
  cut(a: MemoryTransport, b: MemoryTransport): void
  /** Cuts each group of hosts off from each other group. */
  partition(...groups: readonly (readonly MemoryTransport[])[]): void
  /** Undoes every cut. */
  heal(): void
}

/** Starts an empty network. */
export function memoryNetwork(options: MemoryNetworkOptions = {}): MemoryNetwork {
  return new Network(options)
}

const noBytes = new Uint8Array()

class Network implements MemoryNetwork, MemoryConnectionNetwork, MemorySessionNetwork {
  readonly clock: KitClock
  readonly bufferBytes: number
  readonly retryMs: number
  readonly #delayMs: NonNullable<MemoryNetworkOptions['delayMs']>
  readonly #mayFind: MemoryNetworkOptions['finds']
  readonly #sessions = new Set<MemorySession>()
  readonly #links = new Map<string, { from: string; to: string; bytes: number; messages: number }>()
  readonly #cuts = new Set<string>()
  readonly #taps = new Set<(message: MemoryMessage) => void>()
  #hosts = 0

  constructor(options: MemoryNetworkOptions) {
    this.clock = options.clock ?? realClock
    this.bufferBytes = options.bufferBytes ?? 256 * 1024
    this.retryMs = options.retryMs ?? 100
    this.#delayMs = options.delayMs ?? 0
    this.#mayFind = options.finds
  }

  get links(): readonly MemoryLink[] {
    return [...this.#links.values()].map((link) => ({ ...link }))
  }

  transport(options: { readonly host?: string } = {}): MemoryTransport {
    const host = options.host ?? `host-${++this.#hosts}`
    return {
      name: 'memory',
      host,
      open: async (openOptions) => {
        openOptions.signal?.throwIfAborted()
        const session = new MemorySession(host, openOptions, this)
        this.#sessions.add(session)
        return session
      },
      kill: () => {
        for (const session of [...this.#sessions]) if (session.host === host) session.kill()
      },
    }
  }

  tap(listener: (message: MemoryMessage) => void): () => void {
    this.#taps.add(listener)
    return () => this.#taps.delete(listener)
  }

  disconnect(a: MemoryTransport, b: MemoryTransport): void {
    for (const connection of this.#connections()) {
      const hosts = [connection.initiator.host, connection.responder.host]
      if (hosts.includes(a.host) && hosts.includes(b.host)) connection.break()
    }
  }

  cut(a: MemoryTransport, b: MemoryTransport): void {
    this.#cuts.add(pairName(a.host, b.host))
  }

  partition(...groups: readonly (readonly MemoryTransport[])[]): void {
    groups.forEach((group, index) => {
      for (const a of group) for (const b of groups.slice(index + 1).flat()) this.cut(a, b)
    })
  }

  heal(): void {
    this.#cuts.clear()
    for (const connection of this.#connections()) connection.resume()
    for (const session of this.#sessions) session.seekLater(0)
  }

  delayMs(from: string, to: string, bytes: number): number {
    return typeof this.#delayMs === 'number' ? this.#delayMs : this.#delayMs({ from, to, bytes })
  }

  isCut(from: string, to: string): boolean {
    return this.#cuts.size > 0 && this.#cuts.has(pairName(from, to))
  }

  onsend(from: string, to: string, parcel: MemoryParcel): void {
    const bytes = parcel.kind === 'data' ? parcel.bytes : noBytes
    if (parcel.kind === 'data') {
      const name = `${from}>${to}`
      const link = this.#links.get(name) ?? { from, to, bytes: 0, messages: 0 }
      link.bytes += bytes.byteLength
      link.messages++
      this.#links.set(name, link)
    }
    const sentAtMs = this.clock.now()
    for (const tap of this.#taps) tap({ from, to, kind: parcel.kind, bytes: new Uint8Array(bytes), sentAtMs })
  }

  seek(session: MemorySession): void {
    for (const other of this.#sessions) {
      if (this.#finds(session, other) && session.mayCall) this.#connect(session, other)
      else if (this.#finds(other, session) && other.mayCall) this.#connect(other, session)
    }
  }

  call(session: MemorySession, id: string): void {
    for (const other of this.#sessions) if (other.id === id) this.#connect(session, other)
  }

  remove(session: MemorySession): void {
    this.#sessions.delete(session)
  }

  #finds(from: MemorySession, to: MemorySession): boolean {
    return from.finds(to) && (this.#mayFind?.({ from: from.host, to: to.host }) ?? true)
  }

  #connect(caller: MemorySession, called: MemorySession): void {
    if (caller.id === called.id || this.isCut(caller.host, called.host)) return
    if (this.#isConnected(caller, called) || !caller.hasRoom || !called.hasRoomForCaller) return
    if (!caller.accepts(called) || !called.accepts(caller)) {
      caller.seekLater()
      return
    }
    const connection = new MemoryConnection(caller, called, this)
    caller.connections.set(called.id, connection)
    called.connections.set(caller.id, connection)
  }

  /** Whether they are; what one of them keeps of an earlier life of the other is ended, so that they can be later. */
  #isConnected(a: MemorySession, b: MemorySession): boolean {
    const known = [a.connections.get(b.id), b.connections.get(a.id)]
    for (const [index, self, other] of [[0, a, b] as const, [1, b, a] as const]) {
      const connection = known[index]
      if (connection !== undefined && connection.initiator !== other && connection.responder !== other) {
        connection.destroyEnd(self)
      }
    }
    return known.some((connection) => connection !== undefined)
  }

  #connections(): Set<MemoryConnection> {
    return new Set([...this.#sessions].flatMap((session) => [...session.connections.values()]))
  }
}

function pairName(a: string, b: string): string {
  return a < b ? `${a}|${b}` : `${b}|${a}`
}
