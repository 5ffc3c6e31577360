// What lies below a session of hypercore 11.37: peers, the replicator, the core. Those members that we lean on are held by contract tests.
declare module 'hypercore' {
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
    /** Whether it is asked for anything, and given blocks. */
    isActive(): boolean
    /** Tells the peer that something is not wanted any more, and forgets that it was asked for. */
    _cancelRequest(request: HypercoreAsked): void
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

  /** What a peer was asked for and has not answered. */
  export interface HypercoreAsked {
    readonly peer: HypercorePeer
    readonly block: { readonly index: number } | null
    /** A node of the tree; those of blocks have even numbers. */
    readonly hash: { readonly index: number } | null
    readonly upgrade: object | null
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
    /** What peers were asked for. */
    readonly _inflight: Iterable<HypercoreAsked>
    /** Whether a peer may be asked for the proof of its length. */
    _shouldUpgrade(peer: HypercorePeer): boolean
    /** A peer gave what it was asked for, verified. */
    _ondata(peer: HypercorePeer, asked: HypercoreAsked | null, message: unknown): void
    /** A peer did not give what it was asked for. */
    _onnodata(peer: HypercorePeer, asked: HypercoreAsked | null, reason: number): void
    /** Lets others be asked for it. */
    _clearRequest(peer: HypercorePeer, asked: HypercoreAsked): void
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
}
