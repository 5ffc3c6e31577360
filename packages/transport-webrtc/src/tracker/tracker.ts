/**
 * A tracker: it tells peers of one topic of each other, by handing on their offers and answers. It keeps nothing but who is
 * connected now, sees no media, and is needed only until peers are connected.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { HypervisionError } from '@hypervision/core/contracts'
import { type WebSocket, WebSocketServer } from 'ws'
import { ConnectionLimits } from './connection-limits.ts'
import { Registry } from './registry.ts'
import { TrackerConnection } from './tracker-connection.ts'
import { type TrackerLimits, type TrackerOptions, trackerLimits } from './tracker-options.ts'

/** Figures of a running tracker. */
export interface TrackerStats {
  /** Peers that are connected. */
  readonly connections: number
  /** Topics that somebody is on. */
  readonly topics: number
}

/** A running tracker. */
export interface Tracker {
  /** What it listens on. */
  readonly port: number
  readonly host: string
  /** For `webrtc({ trackers: [url] })` on this machine. */
  readonly url: string
  /** Figures of now. */
  stats(): TrackerStats
  /** Disconnects everybody and stops; idempotent. */
  close(): Promise<void>
}

const defaultPort = 8000
/** How often a peer is asked whether it is there. */
const probeMs = 20_000
/** Connections beyond the cap, so that somebody can be told that it is reached. */
const spareConnections = 100
/** So often clients are asked to announce themselves. */
const intervalSeconds = 120

/**
 * Starts a tracker.
 *
 * @throws HypervisionError ERR_TRANSPORT_PORT when the port is taken or may not be bound
 * @throws HypervisionError ERR_OPTION_INVALID for an origin that cannot be read, or a limit below 1
 */
export async function tracker(options: TrackerOptions = {}): Promise<Tracker> {
  const running = new RunningTracker(options)
  await running.listen()
  return running
}

class RunningTracker implements Tracker {
  readonly #server: Server | HttpsServer
  readonly #isOwnServer: boolean
  readonly #options: TrackerOptions
  readonly #limits: TrackerLimits
  readonly #doors: ConnectionLimits
  readonly #registry: Registry<TrackerConnection>
  readonly #connections = new Set<TrackerConnection>()
  readonly #sockets: WebSocketServer
  readonly #onupgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void =>
    this.#upgrade(request, socket, head)
  /** Kept when the server is closed, so that another one can take its place. */
  #lastAddress = { address: '127.0.0.1', port: 0 }
  #probe: ReturnType<typeof setInterval> | undefined
  #closing: Promise<void> | null = null

  constructor(options: TrackerOptions) {
    this.#options = options
    this.#limits = trackerLimits(options)
    this.#doors = new ConnectionLimits(options, this.#limits)
    this.#registry = new Registry({ ...this.#limits, intervalSeconds })
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: this.#limits.maxMessageBytes,
    })
    this.#isOwnServer = options.server === undefined
    this.#server =
      options.server ?? createServer((_request, response) => response.writeHead(426).end('A WebSocket please.\n'))
  }

  get port(): number {
    return this.#address().port
  }

  get host(): string {
    return this.#address().address
  }

  get url(): string {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host
    const isEverywhere = host === '0.0.0.0' || host === '[::]'
    return `ws://${isEverywhere ? '127.0.0.1' : host}:${this.port}/`
  }

  async listen(): Promise<void> {
    const { port = defaultPort, host = '127.0.0.1' } = this.#options
    if (this.#isOwnServer) {
      // Those that never become a WebSocket count too, and are hung up on by Node's own time-outs.
      this.#server.maxConnections = this.#limits.maxConnections + spareConnections
      await bind(this.#server, port, host)
    }
    this.#server.on('upgrade', this.#onupgrade)
    this.#probe = setInterval(() => {
      for (const connection of this.#connections) connection.probe()
    }, probeMs)
  }

  stats(): TrackerStats {
    return { connections: this.#connections.size, topics: this.#registry.topics }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  #address(): { readonly address: string; readonly port: number } {
    const address = this.#server.address()
    if (typeof address === 'object' && address !== null) this.#lastAddress = address
    return this.#lastAddress
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A peer that goes away in the middle of the handshake is no error of the tracker.
    socket.on('error', () => {})
    const address = this.#doors.addressOf(request)
    const refusal = this.#closing === null ? this.#doors.refuse(request, address) : '503 Service Unavailable'
    if (refusal !== null) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
      return
    }
    this.#doors.enter(address)
    let isUpgraded = false
    socket.on('close', () => {
      if (!isUpgraded) this.#doors.leave(address)
    })
    this.#sockets.handleUpgrade(request, socket, head, (upgraded) => {
      isUpgraded = true
      this.#take(upgraded, address)
    })
  }

  #take(socket: WebSocket, address: string): void {
    const connection = new TrackerConnection(socket, {
      messagesPerSecond: this.#limits.messagesPerSecond,
      announce: (member, announcement) => this.#registry.announce(member, announcement),
      onclose: (closed) => {
        this.#connections.delete(closed)
        this.#registry.remove(closed)
        this.#doors.leave(address)
      },
    })
    this.#connections.add(connection)
  }

  async #close(): Promise<void> {
    clearInterval(this.#probe)
    this.#server.off('upgrade', this.#onupgrade)
    for (const connection of this.#connections) connection.terminate()
    this.#address()
    if (!this.#isOwnServer) return
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
  }
}

async function bind(server: Server | HttpsServer, port: number, host: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, () => {
        server.off('error', reject)
        resolve()
      })
    })
  } catch (error) {
    throw new HypervisionError(
      'ERR_TRANSPORT_PORT',
      `The tracker cannot listen on port ${port} of ${host}: ${error instanceof Error ? error.message : String(error)}. ` +
        'Another program may use it: choose another port, or 0 for any.',
      { cause: error, detail: { port, host } },
    )
  }
}
