// What the SDK uses of hypercore 11.37. Members of `core`, `replicator` and `HypercorePeer` are its internals: those
// that we lean on are held by contract tests.
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
    /** Where the request is listed, so that it can be ended with {@link Hypercore.clearRequests}. */
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

  /** A peer that replicates one core. */
  export interface HypercorePeer {
    readonly stream: HypercorePeerStream
    readonly remotePublicKey: Uint8Array
    readonly remoteOpened: boolean
    /** Blocks that the peer says there are. */
    readonly remoteLength: number
    /** Blocks that the peer says it has from the start on without a hole. */
    readonly remoteContiguousLength: number
    readonly remoteFork: number
    readonly remoteUploading: boolean
    readonly remoteDownloading: boolean
    readonly remoteSynced: boolean
    /** Our length, as the peer knows it. */
    readonly lengthAcked: number
    /** Whether the peer can prove its length to us, from the length that it knows we have. */
    readonly remoteCanUpgrade: boolean
    /** Which blocks the peer says it has. */
    readonly remoteBitfield: HypercoreBitfield
    /** Requests that wait for an answer of the peer. */
    readonly inflight: number
    readonly stats: HypercoreStats
    /** Handlers of wire messages. */
    onsync(message: unknown): Promise<void>
    onrange(message: HypercoreRange): void | Promise<void>
    onbitfield(message: unknown): void
    onrequest(message: HypercoreRequest): Promise<void>
    oncancel(message: { readonly request: number }): void
    /** `drained` is false while the connection has more to send than it takes. */
    readonly protomux: { readonly drained: boolean }
    onwant(message: unknown): void
    /** What the peer wants to hear of; bounded. */
    readonly remoteWants: { add(message: unknown): boolean }
    ondata(message: HypercoreData): Promise<void>
    onnodata(message: HypercoreNoData): void
    /** Tells the peer that blocks are here, or no longer. */
    broadcastRange(start: number, length: number, isDropped: boolean): void
    /** Whether a block may be asked of the peer now. */
    _canRequest(index: number, isForced: boolean): boolean
    /** Tells the peer the length. */
    sendSync(): void
    /** Lengths of the peer that are being looked at. */
    readonly syncsProcessing: number
    /** Tells the peer the length where it could be of use to it. */
    signalUpgrade(): void
    readonly wireRange: { send(message: HypercoreRange): boolean }
    readonly wireNoData: { send(message: HypercoreNoData): boolean }
    readonly wireRequest: {
      send(message: HypercoreRequest & { readonly fork: number; readonly hash: null; readonly seek: null }): boolean
    }
    /** Sends what was asked for; rejects where a part of the proof is not here. */
    _fulfillRequest(request: { readonly msg: HypercoreRequest }, isPushing: boolean): Promise<void>
  }

  /** The answer to a request, as far as it is looked at here. */
  export interface HypercoreData extends HypercoreLengthProof {
    readonly request: number
  }

  export interface HypercoreNoData {
    readonly request: number
    readonly reason: number
  }

  /** Proof of a length from a shorter one on. */
  export interface HypercoreLengthProof {
    readonly fork: number
    readonly upgrade: {
      readonly start: number
      readonly length: number
      readonly nodes: readonly import('hypercore-crypto').TreeNode[]
    } | null
  }

  /** Blocks that a peer has, or has no longer. */
  export interface HypercoreRange {
    readonly drop: boolean
    readonly start: number
    readonly length: number
  }

  /** What a peer asks for: a block, a proof of the length, or both. */
  export interface HypercoreRequest {
    readonly id: number
    readonly block: { readonly index: number } | null
    readonly upgrade?: { readonly start: number; readonly length: number } | null
  }

  /** A secret stream that carries replication. */
  export interface HypercorePeerStream {
    readonly isInitiator: boolean
    readonly publicKey: Uint8Array
    readonly remotePublicKey: Uint8Array
    readonly handshakeHash: Uint8Array | null
    readonly destroyed: boolean
    readonly destroying: boolean
    /** The transport below. */
    readonly rawStream: unknown
    /** The protomux above. */
    readonly userData: unknown
    destroy(error?: Error | null): void
  }

  export interface HypercoreReplicator {
    readonly peers: readonly HypercorePeer[]
    readonly stats: HypercoreStats
    readonly downloading: boolean
    /** Whether it asks for a new length as soon as a peer tells of it. */
    eagerUpgrade: boolean
    setInflightRange(fewest: number, most: number): void
    updateAll(): void
  }

  /** Messages sent and received. */
  export interface HypercoreStats {
    readonly wireSync: HypercoreTraffic
    readonly wireRequest: HypercoreTraffic
    readonly wireCancel: HypercoreTraffic
    readonly wireData: HypercoreTraffic
    readonly wireWant: HypercoreTraffic
    readonly wireUnwant: HypercoreTraffic
    readonly wireBitfield: HypercoreTraffic
    readonly wireRange: HypercoreTraffic
    readonly wireExtension: HypercoreTraffic
    readonly hotswaps: number
    readonly invalidData: number
    readonly invalidRequests: number
    readonly backoffs: number
    readonly notAvailableBackoffs: number
  }

  export interface HypercoreTraffic {
    readonly tx: number
    readonly rx: number
  }

  export interface HypercoreBitfield {
    get(index: number): boolean
    /** -1 where there is none at or after `position`. */
    findFirst(value: boolean, position: number): number
    /** -1 where there is none at or before `position`. */
    findLast(value: boolean, position: number): number
  }

  /** The core below its sessions. */
  export interface HypercoreInternals {
    readonly key: Uint8Array
    readonly discoveryKey: Uint8Array
    readonly manifest: HypercoreManifest | null
    /** Which blocks are stored here. */
    readonly bitfield: HypercoreBitfield & { countSet(start: number, length: number): number }
    readonly replicator: HypercoreReplicator
    /** The Merkle tree as far as it is proved. */
    readonly state: HypercoreTreeState
    /** Checks signatures by the manifest; null where there is none yet. */
    readonly verifier: HypercoreVerifier | null
    /** Takes over the manifest, where there is none yet; rejects one that is of another key. */
    setManifest(manifest: HypercoreManifest): Promise<void>
    /** Looks at a proof that may be one of another history; true where the peer that sent it is to be left alone. */
    checkConflict(proof: HypercoreUpgradeProof): Promise<boolean>
    /** Verifies a proof and stores what it proves; false where it proves nothing new. */
    verify(proof: unknown, from?: HypercorePeer | null): Promise<boolean>
    /** Checks the signature of a tree that has grown; throws where it is not by those whom the manifest names. */
    _verifyBatchUpgrade(batch: import('hypercore/lib/merkle-tree.js').MerkleTreeBatch, manifest: null): void
  }

  /** Proof of a length from the first block on. */
  export interface HypercoreUpgradeProof {
    readonly fork: number
    readonly block: null
    readonly hash: null
    readonly seek: null
    readonly upgrade: {
      readonly start: 0
      readonly length: number
      /** Roots of that length. */
      readonly nodes: readonly import('hypercore-crypto').TreeNode[]
      /** What leads from there to the length that is signed. */
      readonly additionalNodes: readonly import('hypercore-crypto').TreeNode[]
      readonly signature: Uint8Array
    }
  }

  /** Length, roots and signature of a core. */
  export interface HypercoreTreeState {
    readonly fork: number
    readonly length: number
    readonly roots: readonly import('hypercore-crypto').TreeNode[]
    /** Signs `length`; null where that is 0. */
    readonly signature: Uint8Array | null
    readonly byteLength: number
    /** Begins the batch of one change to the core. */
    createWriteBatch(): HypercoreWriteBatch
    /** Where blocks and nodes are stored. */
    readonly storage: HypercoreStateStorage
    /** Stores a tree that was verified, with the signature that it has; false where the core has changed since the batch began. */
    _verifyBlock(
      batch: import('hypercore/lib/merkle-tree.js').MerkleTreeBatch,
      bitfield: null,
      value: null,
      manifest: null,
    ): Promise<boolean>
  }

  export interface HypercoreWriteBatch {
    deleteTreeNode(index: number): void
    /** `start` included, `end` excluded. */
    deleteTreeNodeRange(start: number, end: number): void
    putUserData(key: string, value: Uint8Array): void
    flush(): Promise<boolean>
  }

  /** The rows of one core. */
  export interface HypercoreStateStorage {
    read(): {
      getTreeNode(index: number): Promise<import('hypercore-crypto').TreeNode | null>
      /** Runs what was asked for. */
      tryFlush(): void
    }
    write(): HypercoreWriteBatch
    readonly store: { readonly db: { flush(): Promise<void> } }
    createTreeNodeStream(): AsyncIterable<import('hypercore-crypto').TreeNode>
    /** Gives back the space of what was deleted. */
    compact(): Promise<unknown>
  }

  export interface HypercoreVerifier {
    readonly version: number
    readonly quorum: number
    /** Whether a signature of a shorter log may stand for a longer one, with what lies between. */
    readonly allowPatch: boolean
    /** Encodes signatures. */
    assemble(inputs: readonly { signer: number; signature: Uint8Array; patch: number; nodes: null }[]): Uint8Array
    /** Whether the signature is one of the batch's length and roots, by those whom the manifest names. */
    verify(batch: object, signature: Uint8Array): boolean
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

declare module 'hypercore/lib/merkle-tree.js' {
  import type { HypercoreLengthProof, HypercoreTreeState, HypercoreUpgradeProof } from 'hypercore'
  import type { TreeNode } from 'hypercore-crypto'

  /** A change of the tree, as it is now. */
  export class MerkleTreeBatch {
    constructor(state: HypercoreTreeState)
    roots: TreeNode[]
    length: number
    byteLength: number
    /** What lies from here on is replaced. */
    ancestors: number
    /** Lets the tree grow as a proof says; throws where that does not start at its length. */
    verifyUpgrade(proof: HypercoreLengthProof): boolean
  }

  export class MerkleTree {
    /** A node of the tree; null where it is not here. */
    static get(state: HypercoreTreeState, index: number): Promise<TreeNode | null>
    /** Roots of the tree as it was at a length. Rejects where some of them are not stored. */
    static getRoots(state: HypercoreTreeState, length: number): Promise<TreeNode[]>
    /** The tree that a proof of the whole length describes, to be checked against a signature. Throws where it describes none. */
    static verifyFullyRemote(
      state: HypercoreTreeState,
      proof: HypercoreUpgradeProof,
    ): { readonly fork: number; readonly length: number; hash(): Uint8Array }
  }
}

declare module 'hypercore/lib/multisig.js' {
  /** Decodes the signatures of a manifest from version 1 on; throws where they are none. */
  export function inflate(signature: Uint8Array): {
    readonly proofs: readonly { readonly signer: number; readonly signature: Uint8Array; readonly patch: number }[]
  }
}

declare module 'hypercore/lib/caps.js' {
  /** What is signed of a tree. */
  export function treeSignable(manifestHash: Uint8Array, hash: Uint8Array, length: number, fork: number): Uint8Array
  /** The same, as version 10 did. */
  export function treeSignableCompat(hash: Uint8Array, length: number, fork: number, isLegacy: boolean): Uint8Array
}

declare module 'hypercore/lib/verifier.js' {
  import type { HypercoreManifest } from 'hypercore'

  export default class Verifier {
    /** That of hypercore's own choice for one signer. */
    static defaultSignerManifest(publicKey: Uint8Array): HypercoreManifest
    static encodeManifest(manifest: HypercoreManifest): Uint8Array
    /** Throws where the bytes are no manifest. */
    static decodeManifest(bytes: Uint8Array): HypercoreManifest
    static isValidManifest(key: Uint8Array, manifest: HypercoreManifest): boolean
    static isCompat(key: Uint8Array, manifest: HypercoreManifest): boolean
  }
}
