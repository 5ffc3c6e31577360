/** What the storage of a private channel keeps beside its key pair: that it is private, and how often its secret was changed. */
import b4a from 'b4a'
import c from 'compact-encoding'
import type Hypercore from 'hypercore'
import { storageError } from './storage-error.ts'

/** Name of the entry in hypercore's user data, which stays in the storage and is given to nobody. */
const entry = 'hypervision/private'
/** An Ed25519 secret key begins with the seed. */
const seedLength = 32

/** The record of one channel that is written here. */
export class SecretRecord {
  readonly #core: Hypercore
  readonly #storage: string | undefined

  /** @param storage its name, for messages */
  constructor(core: Hypercore, storage: string | undefined) {
    this.#core = core
    this.#storage = storage
  }

  /** Of the channel's key pair, 32 bytes. */
  get seed(): Uint8Array {
    const secretKey = this.#core.keyPair?.secretKey
    if (!secretKey) throw new Error('Only who writes a channel makes its secrets.')
    return secretKey.subarray(0, seedLength)
  }

  /**
   * How often the secret was changed; null where the channel is not private.
   *
   * @throws HypervisionError ERR_FEED_STORAGE
   */
  async read(): Promise<number | null> {
    try {
      const stored = await this.#core.getUserData(entry)
      return stored === null ? null : c.decode(c.uint32, b4a.from(stored))
    } catch (error) {
      throw storageError(error, this.#storage)
    }
  }

  /** Stores it; when it resolves it survives the death of the process. */
  async write(generation: number): Promise<void> {
    try {
      await this.#core.setUserData(entry, c.encode(c.uint32, generation))
    } catch (error) {
      throw storageError(error, this.#storage)
    }
  }
}
