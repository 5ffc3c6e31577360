/**
 * The swarm of one node: opens its transports, joins the channel's topic on each, takes the connections they make and
 * puts the protocols on them: introductions on every one, and on those of peers what `onopen` puts there.
 */
import {
  HypervisionError,
  type KeyPair,
  type Transport,
  type TransportConnection,
  type TransportSession,
  type TransportTopic,
} from '../contracts/index.ts'
import { type AdmissionOptions, isAuthorized } from './admission.ts'
import { Banishment } from './banishment.ts'
import { systemClock } from './clock.ts'
import { Introductions, reservedConnections } from './introductions/introductions.ts'
import { PeerConnection } from './peer-connection.ts'
import { onrefusal, refuse } from './refusal.ts'
import { mostOfOneHost } from './remote-host.ts'
import type { SwarmStats } from './types.ts'

/** Options of a {@link Swarm}. */
export interface SwarmOptions {
  /** Who this node is, on every transport. */
  readonly keyPair: KeyPair
  readonly transports: readonly Transport[]
  /** Most connections per transport. */
  readonly maxPeers: number
  /** Wall clock, ms since 1970. */
  readonly now: () => number
  /** Puts the protocols on a new connection. */
  onopen(connection: PeerConnection): void
  /** An open connection ended. */
  onclose(connection: PeerConnection): void
  /** Trouble that the swarm goes on without. */
  onwarning(error: Error): void
  /** Whether a peer may be served; everybody where left out. */
  readonly authorize?: AdmissionOptions['authorize'] | undefined
}

/** The connections of one node. */
export class Swarm {
  readonly #options: SwarmOptions
  /** Finds more neighbours by way of those that there are. */
  readonly introductions: Introductions
  readonly #sessions: { readonly name: string; readonly session: TransportSession }[] = []
  readonly #topics: TransportTopic[] = []
  readonly #connections = new Set<PeerConnection>()
  readonly #banished: Banishment
  #closedBytesUp = 0
  #closedBytesDown = 0
  #closing: Promise<void> | null = null

  constructor(options: SwarmOptions) {
    this.#options = options
    this.introductions = new Introductions({
      ownKey: options.keyPair.publicKey,
      maxPeers: options.maxPeers,
      clock: systemClock,
      random: Math.random,
      onhost: (connection) => this.#options.onclose(connection),
    })
    this.#banished = new Banishment(options.now)
  }

  /**
   * Opens every transport and joins the topics on each.
   *
   * @param topics of 32 bytes each: that of the channel, and those of the parts that this node has in it
   * @throws HypervisionError ERR_TRANSPORT_… when one of them cannot be opened; the others are closed again
   */
  async open(topics: readonly Uint8Array[], signal?: AbortSignal): Promise<void> {
    const opened = await Promise.allSettled(
      this.#options.transports.map((transport) => this.#openOne(transport, signal)),
    )
    const failed = opened.find((result) => result.status === 'rejected')
    if (failed === undefined && this.#closing === null) {
      for (const { name, session } of this.#sessions) {
        const joined = topics.map((topic) => session.join(topic, { announce: true, lookup: true }))
        this.introductions.use(name, joined[0]?.introductions)
        this.#topics.push(...joined.slice(0, 1))
      }
      return
    }
    await this.close()
    if (failed !== undefined) throw failed.reason
  }

  /** Resolves once every transport has looked for peers, whether or not there are any. Never rejects. */
  get found(): Promise<void> {
    return Promise.all(this.#topics.map(({ ready }) => ready)).then(() => {})
  }

  stats(): SwarmStats {
    const open = [...this.#connections].filter((connection) => connection.isOpen)
    const peers = open.filter((connection) => !connection.isGuest).map((connection) => connection.stats())
    const bytes = open.map((connection) => connection.stats())
    const peersByTransport: Record<string, number> = {}
    for (const { name } of this.#options.transports) peersByTransport[name] = 0
    for (const peer of peers) peersByTransport[peer.transport] = (peersByTransport[peer.transport] ?? 0) + 1
    return {
      peers,
      peersByTransport,
      others: Math.max(peers.length, ...this.#topics.map(({ others }) => others ?? 0)),
      bytesUp: bytes.reduce((sum, peer) => sum + peer.bytesUp, this.#closedBytesUp),
      bytesDown: bytes.reduce((sum, peer) => sum + peer.bytesDown, this.#closedBytesDown),
    }
  }

  /** Ends every connection and closes every transport. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #openOne(transport: Transport, signal?: AbortSignal): Promise<void> {
    try {
      const session = await transport.open({
        keyPair: this.#options.keyPair,
        maxConnections: this.#options.maxPeers,
        reserve: reservedConnections,
        accept: (publicKey) =>
          !this.#banished.has(publicKey) && this.introductions.mayConnect(publicKey, transport.name),
        onconnection: (connection) => this.#take(transport.name, connection),
        onerror: (error) => this.#options.onwarning(error),
        signal,
      })
      this.#sessions.push({ name: transport.name, session })
    } catch (error) {
      if (error instanceof HypervisionError || signal?.aborted) throw error
      throw new HypervisionError(
        'ERR_TRANSPORT_FAILED',
        `The transport "${transport.name}" cannot be opened: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error, detail: { transport: transport.name } },
      )
    }
  }

  #take(transport: string, connection: TransportConnection): void {
    const peer = new PeerConnection(connection, {
      transport,
      keyPair: this.#options.keyPair,
      now: this.#options.now,
      onopen: (opened) => this.#open(opened),
      onclose: (closed) => this.#forget(closed),
      onbanish: (banished, reason) => this.#banish(banished, reason),
    })
    const isCrowd = this.#isCrowd(peer)
    this.#connections.add(peer)
    if (isCrowd || this.#closing !== null) peer.destroy()
  }

  /** Whether the peer's host has as many connections as one may have. */
  #isCrowd({ host, transport }: PeerConnection): boolean {
    if (host === null) return false
    const fellows = [...this.#connections].filter((one) => one.host === host && one.transport === transport)
    return fellows.length >= mostOfOneHost(this.#options.maxPeers)
  }

  /** A transport may not know a peer's key before the connection is there. */
  #open(connection: PeerConnection): void {
    const { remotePublicKey } = connection.stream
    if (remotePublicKey !== null && this.#banished.has(remotePublicKey)) connection.destroy()
    else if (this.#options.authorize === undefined) this.#letIn(connection)
    else void this.#ask(connection, this.#options.authorize)
  }

  async #ask(connection: PeerConnection, authorize: AdmissionOptions['authorize']): Promise<void> {
    const { onwarning } = this.#options
    connection.isGuest = true
    const mayEnter = await isAuthorized(connection, { authorize, clock: systemClock, onwarning })
    if (!connection.isOpen || this.#closing !== null) return
    connection.isGuest = false
    if (mayEnter) return this.#letIn(connection)
    connection.isGuest = true
    this.#keepOut(connection)
    refuse(connection)
  }

  #letIn(connection: PeerConnection): void {
    onrefusal(connection, () => this.#onrefused(connection))
    if (this.introductions.add(connection)) this.#options.onopen(connection)
  }

  /** The peer has an access list, and this node is not on it: it is called again after a while. */
  #onrefused(connection: PeerConnection): void {
    const { id, transport } = connection
    this.#keepOut(connection)
    this.#options.onwarning(
      new HypervisionError(
        'ERR_TRANSPORT_REFUSED',
        `The peer ${id.slice(0, 16)} does not serve this node: it has a list of those whom it serves. Ask whoever runs it.`,
        { detail: { id, transport } },
      ),
    )
    connection.destroy()
  }

  /** Takes no connection with the peer, and makes none, for a while. */
  #keepOut({ stream }: PeerConnection): void {
    if (stream.remotePublicKey !== null) this.#banished.add(stream.remotePublicKey)
  }

  #banish(connection: PeerConnection, reason: string): void {
    const { id, transport } = connection
    this.#keepOut(connection)
    this.#options.onwarning(
      new HypervisionError('ERR_TRANSPORT_PEER', `The peer ${id.slice(0, 16)} was dropped: ${reason}.`, {
        detail: { id, transport, reason },
      }),
    )
  }

  #forget(connection: PeerConnection): void {
    if (!this.#connections.delete(connection)) return
    const { bytesUp, bytesDown } = connection.stats()
    this.#closedBytesUp += bytesUp
    this.#closedBytesDown += bytesDown
    this.introductions.remove(connection)
    if (connection.wasOpen && !connection.isGuest) this.#options.onclose(connection)
  }

  async #close(): Promise<void> {
    this.introductions.close()
    for (const connection of this.#connections) connection.destroy()
    await Promise.allSettled(this.#sessions.map(({ session }) => session.close()))
  }
}
