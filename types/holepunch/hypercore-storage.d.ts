// What the SDK uses of hypercore-storage 3.3.1.
declare module 'hypercore-storage' {
  /** One database that holds any number of cores; `new Hypercore(storage)` opens one of them. */
  class CorestoreStorage {
    /**
     * @param db a folder, or an object that stands in for a RocksDB of rocksdb-native
     */
    constructor(db: string | StorageDatabase, options?: CorestoreStorageOptions)
    /** Whether an object is such a storage; decides what Hypercore takes as one. */
    static isCoreStorage(value: unknown): value is CorestoreStorage

    readonly path: string
    readonly opened: boolean
    readonly closed: boolean
    /** The database that was passed in, or that it opened. */
    readonly rocks: StorageDatabase
    /** The session of it that it works with. */
    readonly db: StorageDatabase

    ready(): Promise<void>
    /** Writes what is buffered to the disk. */
    flush(): Promise<void>
    close(): Promise<void>
    suspend(options?: { log?: (text: string) => Promise<void> | void }): Promise<void>
    resume(): Promise<void>
    /** The discovery key of the first core that was made in it. */
    getDefaultDiscoveryKey(): Promise<Uint8Array | null>
    setDefaultDiscoveryKey(discoveryKey: Uint8Array, options?: { overwrite?: boolean }): Promise<Uint8Array>
    hasCore(discoveryKey: Uint8Array, options?: { ifMigrated?: boolean }): Promise<boolean>
    getAuth(discoveryKey: Uint8Array): Promise<StoredAuth | null>
    /** Every core that it holds. */
    createCoreStream(): AsyncIterable<{ discoveryKey: Uint8Array; core: unknown }>
    createDiscoveryKeyStream(namespace?: Uint8Array): AsyncIterable<Uint8Array>
  }

  /** Options of {@link CorestoreStorage}. */
  export interface CorestoreStorageOptions {
    readOnly?: boolean
    /** Do not lock the folder, so that a copy of it can be opened. */
    allowBackup?: boolean
    /** Wait for the lock of the folder. */
    wait?: boolean
    id?: Uint8Array | null
  }

  /** The keys of a core as they are stored. */
  export interface StoredAuth {
    readonly key: Uint8Array
    readonly discoveryKey: Uint8Array
    readonly manifest: unknown
    readonly keyPair: { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array | null } | null
  }

  /** What hypercore-storage calls of a RocksDB: see packages/hypercore-web. */
  export interface StorageDatabase {
    readonly path: string
    readonly opened: boolean
    readonly closed: boolean
    close(options?: { force?: boolean }): Promise<void>
  }

  export default CorestoreStorage
}

/** What it writes with. */
declare module 'hypercore-storage/lib/tx.js' {
  import type View from 'hypercore-storage/lib/view.js'

  /** The first row of a database. */
  export interface StoreHead {
    readonly version: number
  }

  /** Changes to what stands above all cores. */
  export class CorestoreTX {
    constructor(view: View)
    setHead(head: StoreHead): void
    /** Puts the changes into the view. */
    apply(): void
  }
}

declare module 'hypercore-storage/lib/view.js' {
  import type { StorageDatabase } from 'hypercore-storage'

  /** Rows that were changed and not written yet. */
  export default class View {
    readonly changes: unknown
    static flush(changes: unknown, db: StorageDatabase): Promise<void>
  }
}
