/** One connection to a peer: secured, multiplexed, counted. Whatever the peer does ends here at worst. */
import NoiseSecretStream from '@hyperswarm/secret-stream'
import b4a from 'b4a'
import type { KeyPair, TransportConnection } from '../contracts/index.ts'
import { remoteHost } from './remote-host.ts'
import type { PeerStats } from './types.ts'

/** A peer that has not finished the handshake by then is dropped. */
const handshakeTimeoutMs = 10_000
/** An idle connection says so this often. */
const keepAliveMs = 1500
/** A connection that was silent for so long is dead: a process that was killed says no goodbye. */
const silenceMs = 5000

/** What the swarm hears of a connection. */
export interface PeerConnectionEvents {
  /** The peer is authenticated: protocols can be opened on the stream. */
  onopen(connection: PeerConnection): void
  /** Exactly once, whether or not it was ever open. */
  onclose(connection: PeerConnection): void
  /** The peer broke the rules of a protocol; the connection is closed after it. */
  onbanish(connection: PeerConnection, reason: string): void
}

/** A connection, from the moment a transport hands it over. */
export class PeerConnection {
  readonly transport: string
  /** What all connections from one place have in common; null where that is not known, or of no account. */
  readonly host: string | null
  /** The authenticated, encrypted stream that protocols share. */
  readonly stream: NoiseSecretStream
  /** Not one of a peer: not let in yet, or beyond the cap of one of the two sides, where it carries introductions only. */
  isGuest = false
  /** `host:port`, where the transport knows one. */
  readonly remoteAddress: string | null
  readonly #openedAt: number
  readonly #now: () => number
  readonly #onbanish: PeerConnectionEvents['onbanish']
  #isOpen = false
  #wasOpen = false

  constructor(
    connection: TransportConnection,
    options: { transport: string; keyPair: KeyPair; now: () => number } & PeerConnectionEvents,
  ) {
    this.transport = options.transport
    this.remoteAddress = connection.remoteAddress
    this.host = remoteHost(connection.remoteAddress)
    this.#now = options.now
    this.#onbanish = options.onbanish
    this.#openedAt = options.now()
    this.stream =
      connection.security === 'noise'
        ? (connection.stream as unknown as NoiseSecretStream)
        : new NoiseSecretStream(connection.initiator, connection.stream, { keyPair: options.keyPair })

    const handshake = setTimeout(() => this.stream.destroy(), handshakeTimeoutMs)
    // The error is for the log only: `close` follows, and a peer's errors are its own.
    this.stream.on('error', () => {})
    this.stream.on('close', () => {
      clearTimeout(handshake)
      this.#isOpen = false
      options.onclose(this)
    })
    this.stream.opened.then(
      (opened) => {
        clearTimeout(handshake)
        if (!opened || this.stream.destroying) return
        this.stream.setKeepAlive(keepAliveMs)
        this.stream.setTimeout(silenceMs)
        this.#isOpen = true
        this.#wasOpen = true
        options.onopen(this)
      },
      () => {},
    )
  }

  /** Whether the peer is authenticated and connected. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Whether it was open at any time. */
  get wasOpen(): boolean {
    return this.#wasOpen
  }

  /** The peer's public key in hex; empty before it is open. */
  get id(): string {
    return this.stream.remotePublicKey === null ? '' : b4a.toString(this.stream.remotePublicKey, 'hex')
  }

  stats(): PeerStats {
    return {
      id: this.id,
      transport: this.transport,
      remoteAddress: this.remoteAddress,
      bytesUp: this.stream.rawBytesWritten,
      bytesDown: this.stream.rawBytesRead,
      connectedSeconds: (this.#now() - this.#openedAt) / 1000,
    }
  }

  /** Closes in good order: what was sent arrives. */
  end(): void {
    this.stream.end()
  }

  /** Ends the connection for good: the peer is not let in again for a while. */
  banish(reason: string): void {
    if (this.stream.destroying) return
    this.#onbanish(this, reason)
    this.destroy()
  }

  destroy(): void {
    this.stream.destroy()
  }
}
