/**
 * What a transport is to core: it finds the peers of a topic and yields a duplex connection to each. It knows nothing of
 * feeds, verification or who should serve whom.
 *
 * What happens at each limit:
 *
 * - `open()` binds what it needs and rejects with an `ERR_TRANSPORT_…` code where it cannot. Nothing runs before it.
 * - One connection per pair of nodes and transport, however many topics they share. A connection to oneself is not made.
 * - At `maxConnections` (both directions together) no further one is opened; lowering the cap closes nothing. As many more as
 *   there are in `reserve` are accepted from those who call, then no further one.
 * - It opens well less than half of them by itself, as 0.35 or 0.4, and leaves the others to those who call: otherwise newcomers find no place in a
 *   swarm of which each has called all it may.
 * - A peer whose key is known from a third one is connected with by {@link TransportIntroductions}, where the transport can:
 *   the same caps hold, `accept` is asked on both sides, and two that are connected are not connected again.
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
  /**
   * Connections beyond `maxConnections` that are accepted from others, and never called for: a full node takes them for a
   * moment, to introduce whoever called to peers that have room.
   * @default 0
   */
  readonly reserve?: number | undefined
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
  /** How many others are on the topic, as far as the transport is told; null or left out where it is not. */
  readonly others?: number | null
  /** Withdraws from the topic; connections stay. Idempotent. */
  leave(): Promise<void>
  /** Connects with peers of the topic that a third one knows; left out where the transport cannot. */
  readonly introductions?: TransportIntroductions | undefined
}

/**
 * How two nodes of a topic connect that a third one is connected with: it carries a text from one to the other, and one back.
 * What is in them is the transport's business: descriptions for WebRTC, nothing where the key is enough to be found by. Both
 * have up to 16 384 bytes as UTF-8. Whoever carries them may read, change, forge or lose them, so a transport believes nothing
 * that the key of the peer does not vouch for.
 */
export interface TransportIntroductions {
  /**
   * Calls a peer. No call is made without room for it, to a peer that `accept` refuses, that is connected, or that does not answer.
   *
   * @param remotePublicKey 32 bytes
   * @param ask takes a text to the peer, to be given to its `answer()`, and brings back what that gives; null where it
   *   does not answer, or cannot be reached. Never rejects, and may take seconds
   * @returns whether the peer has agreed: the connection, if it comes about, goes to `onconnection` as any does. Never rejects
   */
  connect(remotePublicKey: Uint8Array, ask: (offer: string) => Promise<string | null>): Promise<boolean>
  /**
   * Answers a peer that calls.
   *
   * @param remotePublicKey 32 bytes: who calls, as the carrier says
   * @returns what to take back; null where the topic is not announced (any more), there is no room, `accept` refuses the peer, it is
   *   connected already, or the offer is not one of it. Never rejects
   */
  answer(remotePublicKey: Uint8Array, offer: string): Promise<string | null>
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
