/**
 * The newest metadata that a node knows of: kept beside the channel's blocks, shown to the application, and there for others. It keeps what it
 * cannot read as well, such as that of a private channel whose secret is not here.
 */
import b4a from 'b4a'
import { HypervisionError, type KeyPair } from '../contracts/index.ts'
import { readMetadata, writeMetadata } from './metadata-payload.ts'
import { type MetadataRecord, readRecord, signRecord } from './metadata-record.ts'
import type { ChannelMetadata } from './types.ts'

/** Hides metadata from those without the secret of a private channel. */
export interface MetadataCipher {
  seal(payload: Uint8Array, revision: number): Uint8Array
  /** Null where the secret is another one. */
  open(payload: Uint8Array, revision: number): Uint8Array | null
}

/** Options of a {@link MetadataStore}. */
export interface MetadataStoreOptions {
  /** The channel's key, 32 bytes. */
  readonly key: Uint8Array
  /** Left out where the channel is not private, or its secret not known. */
  readonly cipher?: MetadataCipher | undefined
  /** Wall clock, ms since 1970. */
  readonly now: () => number
  /** Keeps a record; one at a time. */
  save(record: Uint8Array): Promise<void>
  /** There is a newer record. */
  onchange(): void
  /** It can be read, and says something else than the one before it. */
  onmetadata(metadata: ChannelMetadata): void
  /** It cannot be read although it is the broadcaster's, or could not be kept. */
  onwarning(error: HypervisionError): void
}

/** Metadata of one channel. */
export class MetadataStore {
  readonly #options: MetadataStoreOptions
  #bytes: Uint8Array | null = null
  #revision = 0
  #metadata: ChannelMetadata | null = null
  #saving: Promise<void> = Promise.resolve()

  /** @param stored what was kept last; null where nothing was */
  constructor(options: MetadataStoreOptions, stored: Uint8Array | null) {
    this.#options = options
    const record = stored === null ? null : readRecord(stored, options.key)
    if (stored !== null && record !== null) this.#set(stored, record)
  }

  /** What the newest record says; null where there is none, or it cannot be read here. */
  get metadata(): ChannelMetadata | null {
    return this.#metadata
  }

  /** The newest record as it is passed on; null where there is none. */
  get record(): Uint8Array | null {
    return this.#bytes
  }

  /** Revision of the newest record; 0 where there is none. */
  get revision(): number {
    return this.#revision
  }

  /**
   * Takes a record that a peer gave.
   *
   * @returns its revision, whether or not it is news; null where it is not the broadcaster's
   */
  take(bytes: Uint8Array): number | null {
    const record = readRecord(bytes, this.#options.key)
    if (record === null) return null
    if (record.revision > this.#revision) this.#change(b4a.from(bytes), record)
    return record.revision
  }

  /** Says something new about the channel; resolves once it is kept. */
  publish(metadata: ChannelMetadata, keyPair: KeyPair): Promise<void> {
    const { cipher, now } = this.#options
    const revision = Math.max(this.#revision + 1, Math.floor(now()))
    const plain = writeMetadata(metadata)
    const payload = cipher?.seal(plain, revision) ?? plain
    const record = { revision, isSealed: cipher !== undefined, payload }
    this.#change(signRecord(record, keyPair), record)
    return this.#saving
  }

  /** Resolves when nothing waits to be kept. */
  settled(): Promise<void> {
    return this.#saving
  }

  #change(bytes: Uint8Array, record: MetadataRecord): void {
    this.#set(bytes, record)
    const { save, onchange, onmetadata, onwarning } = this.#options
    // Of several that come while one is written only the newest is.
    this.#saving = this.#saving.then(async () => {
      if (this.#bytes !== bytes) return
      await save(bytes).catch((error: unknown) => onwarning(notKept(error)))
    })
    onchange()
    if (this.#metadata !== null) onmetadata(this.#metadata)
  }

  #set(bytes: Uint8Array, record: MetadataRecord): void {
    this.#bytes = bytes
    this.#revision = record.revision
    this.#metadata = this.#read(record)
  }

  #read({ isSealed, payload, revision }: MetadataRecord): ChannelMetadata | null {
    const { cipher, onwarning } = this.#options
    const plain = isSealed ? (cipher?.open(payload, revision) ?? null) : payload
    if (plain === null) return null
    try {
      return readMetadata(plain)
    } catch (error) {
      if (error instanceof HypervisionError) onwarning(error)
      return null
    }
  }
}

function notKept(cause: unknown): HypervisionError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new HypervisionError(
    'ERR_FEED_STORAGE',
    `The channel's title, description and poster could not be stored: ${reason}. They hold until it closes.`,
    { cause },
  )
}
