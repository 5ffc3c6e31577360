/**
 * What a transport is to core: it finds the peers of a topic and yields a duplex connection to each. It knows nothing of
 * feeds, verification or who should serve whom.
 *
 * What happens at each limit:
 *
 * - `open()` binds what it needs and rejects with an `ERR_TRANSPORT_…` code where it cannot. Nothing runs before it.
 * - One connection per pair of nodes and transport, however many topics they share. A connection to oneself is not made.
 * - At `maxConnections` (both directions together) no further one is opened or accepted; lowering the cap closes nothing.
 * - A peer that `accept` refuses is not connected, and not called back until `accept` says otherwise.
 * - The stream holds back its writer: `write()` returns false when it is full, and `drain` follows. The bytes of a chunk
 *   may be changed by whoever wrote it once the write is flushed, so a transport copies what it keeps.
 * - A stream that ends, breaks or times out emits `close` exactly once; an `error` before it is for the log only. It is
 *   core that destroys connections, and it may do so at any time.
 * - Trouble after `open()` (a lost network, a tracker that is gone) is reported to `onerror` and repaired by the transport
 *   itself; it never throws elsewhere.
 * - `close()` leaves every topic, ends every connection, frees every socket and timer, then resolves. It is idempotent.
 */
export interface Transport {
  /** Short name for statistics and messages: `dht`, `webrtc`, `memory`. */
  readonly name: string
  /** Starts the transport for one node. */
  open(options: TransportOpenOptions): Promise<TransportSession>
}

/** An Ed25519 key pair: 32-byte public key, 64-byte secret key. */
export interface KeyPair {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** 64 bytes as libsodium has it: the seed, then the public key. */
  readonly secretKey: Uint8Array
}

/** What core hands to {@link Transport.open}. */
export interface TransportOpenOptions {
  /** The node's identity, the same on all of its transports. */
  readonly keyPair: KeyPair
  /** Most connections at once, in and out together. */
  readonly maxConnections: number
  /** Whether to connect with this peer (32-byte public key); asked as early as the transport knows the key. */
  accept(remotePublicKey: Uint8Array): boolean
  /** Takes over a new connection. */
  onconnection(connection: TransportConnection): void
  /** Hears of trouble that the transport is repairing by itself. */
  onerror(error: Error): void
  /** Gives up opening. */
  readonly signal?: AbortSignal | undefined
}

/** A started transport. */
export interface TransportSession {
  /** Joins a topic of 32 bytes. Joining one that is joined already replaces what was asked for. */
  join(topic: Uint8Array, options: TopicOptions): TransportTopic
  /** Changes the cap on connections. */
  setMaxConnections(maxConnections: number): void
  /** Leaves everything and frees everything. */
  close(): Promise<void>
}

/** How to take part in a topic. */
export interface TopicOptions {
  /** Let others find this node. */
  readonly announce: boolean
  /** Find others. */
  readonly lookup: boolean
}

/** A joined topic. */
export interface TransportTopic {
  /** Resolves once the first announcement and look-up are through, whether or not anybody was found. Never rejects. */
  readonly ready: Promise<void>
  /** Withdraws from the topic; connections stay. Idempotent. */
  leave(): Promise<void>
}

/** A new connection to a peer. */
export interface TransportConnection {
  /** Carries the bytes; its new owner is who got the connection. */
  readonly stream: TransportStream
  /** Whether this side opened it. Exactly one side of a connection did. */
  readonly initiator: boolean
  /**
   * `noise`: the stream is a secret-stream that has authenticated the peer. `none`: core puts one around it.
   */
  readonly security: 'noise' | 'none'
  /** The peer's network address (`host:port`), where there is one to know; for limits per address. */
  readonly remoteAddress: string | null
}

/** The duplex of a connection: a streamx or Node `Duplex` of bytes. */
export interface TransportStream {
  /** Whether it was destroyed or has broken. */
  readonly destroyed: boolean
  /**
   * Sends bytes. The chunk may be changed once it is flushed.
   *
   * @returns false when the stream is full: the writer waits for `drain`
   */
  write(chunk: Uint8Array): boolean
  /** Says that nothing more is written; what was written is still delivered. */
  end(): unknown
  /** Gives the connection up at once, without delivering what waits. The error is for the log. */
  destroy(error?: Error | null): unknown
  /** Bytes arrived, in order; how they are cut means nothing. */
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown
  /**
   * `drain`: there is room again after a `write()` that gave false. `end`: the peer writes nothing more. `close`: it is
   * over, exactly once, however it came about.
   */
  on(event: 'drain' | 'end' | 'close', listener: () => void): unknown
  /** Why it is about to close; for the log. */
  on(event: 'error', listener: (error: Error) => void): unknown
}
