// What the SDK uses of hypercore 11.37: a log and its sessions. What lies below is in hypercore-internals.d.ts.
declare module 'hypercore' {
  import type CorestoreStorage from 'hypercore-storage'
  import type { Duplex } from 'streamx'

  /** A signed, append-only log. Its fields are null or 0 until {@link Hypercore.ready} has resolved. */
  class Hypercore {
    constructor(storage: string | HypercoreStorage, key?: Uint8Array | string | null, options?: HypercoreOptions)
    constructor(storage: string | HypercoreStorage, options?: HypercoreOptions & { key?: Uint8Array | string | null })

    /** The most bytes that a block may have. */
    static readonly MAX_SUGGESTED_BLOCK_SIZE: number
    static key(manifest: Uint8Array | HypercoreManifest, options?: { compat?: boolean; version?: number }): Uint8Array
    static discoveryKey(key: Uint8Array): Uint8Array
    /** Rejects what waits in an `activeRequests` array of one's own. */
    static clearRequests(activeRequests: unknown[], error?: Error | null): void
    /** Ends what is on the list, and refuses what would be put on it later: whoever asks gets REQUEST_CANCELLED. */
    static destroyRequests(activeRequests: unknown[], error?: Error | null): void
    /** Puts a protomux on a stream, and noise where there is none. */
    static createProtocolStream(
      stream: boolean | object,
      options?: ReplicateOptions & { ondiscoverykey?(discoveryKey: Uint8Array): void | Promise<void> },
    ): ReplicationStream

    readonly opened: boolean
    /** A promise once closing has begun. */
    readonly closing: Promise<void> | null
    readonly closed: boolean
    readonly writable: boolean
    readonly readable: boolean
    readonly snapshotted: boolean
    /** 32 bytes. */
    readonly key: Uint8Array
    readonly discoveryKey: Uint8Array
    /** The key in z-base-32. */
    readonly id: string
    readonly keyPair: HypercoreKeyPair | null
    /** Unknown to a reader until the first proof came. */
    readonly manifest: HypercoreManifest | null
    /** Blocks whose number is proved, stored here or not. */
    readonly length: number
    readonly signedLength: number
    readonly byteLength: number
    /** Blocks that are stored from the start on without a hole. */
    readonly contiguousLength: number
    /** The longest `contiguousLength` that any peer has told. */
    readonly remoteContiguousLength: number
    /** Counts truncations. */
    readonly fork: number
    /** Bytes that encryption adds to each block. */
    readonly padding: number
    readonly peers: readonly HypercorePeer[]
    readonly sessions: readonly Hypercore[]
    readonly core: HypercoreInternals
    readonly replicator: HypercoreReplicator

    ready(): Promise<void>
    /** Signs what is appended from now on; not stored. */
    setKeyPair(keyPair: HypercoreKeyPair): void
    /** Appends and resolves once it is stored. */
    append(
      blocks: Uint8Array | string | readonly (Uint8Array | string)[],
      options?: { keyPair?: HypercoreKeyPair; maxLength?: number },
    ): Promise<{ length: number; byteLength: number }>
    /** A block; null only where `wait` is false and it is not here. */
    get(index: number, options?: GetOptions): Promise<Uint8Array | null>
    has(start: number, end?: number): Promise<boolean>
    /** Where a byte is: block and offset in it. */
    seek(byteOffset: number, options?: RequestOptions): Promise<[block: number, offset: number] | null>
    /** Forgets blocks here, `start` included, `end` excluded; the length stays. */
    clear(start: number, end?: number): Promise<null>
    clear(start: number, end: number, options: { diff: true }): Promise<{ blocks: number }>
    truncate(length?: number, options?: { fork?: number; keyPair?: HypercoreKeyPair }): Promise<void>
    /** Asks peers for a newer length; whether there was one. */
    update(options?: RequestOptions & { force?: boolean }): Promise<boolean>
    info(options?: { storage?: boolean }): Promise<HypercoreInfo>
    /** A stream as it was given, or a new one where told which side one is. */
    replicate(isInitiator: boolean, options?: ReplicateOptions): ReplicationStream
    replicate<Stream extends object>(stream: Stream, options?: ReplicateOptions): Stream
    download(range?: DownloadRange): HypercoreDownload
    session(options?: SessionOptions): Hypercore
    /** A session whose length and blocks stay as they are now. */
    snapshot(options?: SessionOptions): Hypercore
    /** Makes `update()` wait for peers until the returned function is called. */
    findingPeers(): () => void
    treeHash(length?: number): Promise<Uint8Array>
    /** What shows that a block, or a length, is the signer's; without the manifest. */
    proof(request: {
      readonly block?: { readonly index: number; readonly nodes: number }
      readonly upgrade?: { readonly start: number; readonly length: number }
    }): Promise<HypercoreLengthProof>
    /** Takes part in replication, or not. */
    setActive(active: boolean): void
    setUserData(key: string, value: Uint8Array | null): Promise<void>
    getUserData(key: string): Promise<Uint8Array | null>
    setEncryptionKey(key: Uint8Array, options?: { block?: boolean }): Promise<void>
    createReadStream(options?: {
      start?: number
      end?: number
      live?: boolean
      snapshot?: boolean
      wait?: boolean
      timeout?: number
    }): AsyncIterable<Uint8Array> & { destroy(error?: Error | null): void }
    /** Closes this session; with the last one the core and the storage that it opened. */
    close(options?: { error?: Error }): Promise<void>

    on<Name extends keyof HypercoreEvents>(name: Name, listener: (...values: HypercoreEvents[Name]) => void): this
    once<Name extends keyof HypercoreEvents>(name: Name, listener: (...values: HypercoreEvents[Name]) => void): this
    off<Name extends keyof HypercoreEvents>(name: Name, listener: (...values: HypercoreEvents[Name]) => void): this
    listenerCount(name: keyof HypercoreEvents): number
  }

  /** How a storage is told from options, as far as types go. */
  export type HypercoreStorage = Pick<CorestoreStorage, 'closed' | 'ready' | 'getDefaultDiscoveryKey' | 'close'>

  /** Options of a core. */
  export interface HypercoreOptions extends SessionOptions {
    /** Signs what is appended. A new one is made where there is neither key nor core. */
    keyPair?: HypercoreKeyPair
    manifest?: HypercoreManifest
    /** Signs as version 10 did: the key is the public key. @default false */
    compat?: boolean
    /** @default true */
    createIfMissing?: boolean
    /** @default false */
    overwrite?: boolean
    /** Ask for a new length as soon as a peer tells of it. @default true */
    eagerUpgrade?: boolean
    /** @default true */
    allowFork?: boolean
    /** @default false */
    allowPush?: boolean
    /** @default false */
    pushOnly?: boolean
    /** Requests in flight per peer: [fewest, most]. */
    inflightRange?: readonly [number, number]
    /** How long it counts as downloading after its last session closed, ms. */
    notDownloadingLinger?: number
    encryption?: { key: Uint8Array; block?: boolean } | null
    /** Stored with the core when it is made. */
    userData?: Record<string, Uint8Array>
  }

  /** Options of a session. */
  export interface SessionOptions {
    /** Fetch blocks that are not here. @default true */
    wait?: boolean
    /** How long to wait for a block, ms; 0 waits for ever. @default 0 */
    timeout?: number
    /** @default true where the key pair is here */
    writable?: boolean
    snapshot?: boolean
    /** Keeps the core open where false. @default false */
    weak?: boolean
    /** Takes part in replication. @default true */
    active?: boolean
    /** Waits for other exclusive sessions to close. @default false */
    exclusive?: boolean
    /** Blocks of its own on top of the core's, under this name. */
    name?: string
    /** Length at which a named session begins. */
    checkout?: number
    onwait?(index: number, core: Hypercore): void
  }

  export interface RequestOptions {
    wait?: boolean
    /** ms */
    timeout?: number
    /** Where the request is listed, so that it can be ended with {@link Hypercore.destroyRequests}. */
    activeRequests?: unknown[]
  }

  export interface GetOptions extends RequestOptions {
    /** Without decoding and decryption. */
    raw?: boolean
    decrypt?: boolean
    /** Ask peers that have not said that they have it. */
    force?: boolean
    onwait?(index: number, core: Hypercore): void
  }

  export interface ReplicateOptions {
    keyPair?: HypercoreKeyPair
    /** @default true */
    keepAlive?: boolean
  }

  /** A duplex to be piped into that of the other side. */
  export interface ReplicationStream extends Duplex {
    readonly noiseStream: HypercorePeerStream
  }

  /** Blocks to fetch: a list, or from `start` up to `end`; -1 goes on for ever. */
  export interface DownloadRange {
    start?: number
    end?: number
    length?: number
    blocks?: readonly number[]
    /** In order, rather than at random. @default false */
    linear?: boolean
    activeRequests?: unknown[]
  }

  export interface HypercoreDownload {
    ready(): Promise<void>
    /** Whether all of it came: false where it was ended before. */
    done(): Promise<boolean>
    destroy(): void
  }

  export interface HypercoreKeyPair {
    readonly publicKey: Uint8Array
    readonly secretKey: Uint8Array | null
  }

  export interface HypercoreManifest {
    readonly version: number
    readonly hash: 'blake2b'
    readonly allowPatch: boolean
    readonly quorum: number
    readonly signers: readonly {
      readonly signature: 'ed25519'
      readonly namespace: Uint8Array
      readonly publicKey: Uint8Array
    }[]
    readonly prologue: { readonly hash: Uint8Array; readonly length: number } | null
    readonly linked: readonly Uint8Array[] | null
    readonly userData: Uint8Array | null
  }

  export interface HypercoreInfo {
    readonly key: Uint8Array
    readonly discoveryKey: Uint8Array
    readonly length: number
    readonly contiguousLength: number
    readonly byteLength: number
    readonly fork: number
    readonly padding: number
  }

  /** Values that the listeners of each event get. */
  export interface HypercoreEvents {
    ready: []
    append: []
    truncate: [length: number, fork: number]
    'peer-add': [peer: HypercorePeer]
    'peer-remove': [peer: HypercorePeer]
    upload: [index: number, byteLength: number, peer: HypercorePeer]
    download: [index: number, byteLength: number, peer: HypercorePeer, request: unknown]
    /** Two histories were signed with the core's key. */
    conflict: [length: number, fork: number, proof: unknown]
    'verification-error': [error: Error, request: unknown, response: unknown, peer: HypercorePeer]
    'invalid-request': [error: Error, request: unknown, peer: HypercorePeer]
    'remote-contiguous-length': [length: number]
    manifest: []
    close: []
  }

  export default Hypercore
}
