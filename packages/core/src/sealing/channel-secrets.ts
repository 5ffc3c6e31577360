/** The secrets of a channel that is written here: the one that is in use, those before it, and the next one. */
import b4a from 'b4a'
import { HypervisionError } from '../contracts/index.ts'
import { maxEarlierSecrets } from './sealed-block.ts'
import { deriveSecret, type SecretKeys, secretKeys } from './secret-keys.ts'

/** Where it is kept that a channel is private, and how often its secret was changed. */
export interface GenerationRecord {
  /** Of the channel's Ed25519 key pair, 32 bytes. */
  readonly seed: Uint8Array
  /** Null where the channel is not private. */
  read(): Promise<number | null>
  write(generation: number): Promise<void>
}

/** What is known of the channel when it is opened. */
export interface ChannelSecretsOptions {
  readonly record: GenerationRecord
  /** 32 bytes. */
  readonly channelKey: Uint8Array
  /** Whether it is to be private. */
  readonly isPrivate: boolean
  /** Whether anything was written already. */
  readonly isEmpty: boolean
  /** What the storage is called in messages. */
  readonly storageName: string
}

/** The secrets of a private channel. */
export class ChannelSecrets {
  readonly channelKey: Uint8Array
  readonly #record: GenerationRecord
  #generation: number
  #current: SecretKeys
  #earlier: readonly SecretKeys[]

  private constructor({ record, channelKey }: ChannelSecretsOptions, generation: number) {
    this.channelKey = channelKey
    this.#record = record
    this.#generation = generation
    this.#current = this.#keysOf(generation)
    const count = Math.min(generation, maxEarlierSecrets)
    this.#earlier = Array.from({ length: count }, (_, at) => this.#keysOf(generation - 1 - at))
  }

  /**
   * Opens the secrets of a channel; null where it is public. A channel stays what it began as: its link was given out.
   *
   * @throws HypervisionError ERR_FEED_STORAGE_PRIVATE, ERR_FEED_STORAGE
   */
  static async open(options: ChannelSecretsOptions): Promise<ChannelSecrets | null> {
    const { record, isPrivate, isEmpty, storageName } = options
    const generation = await record.read()
    if (isPrivate && generation === null) {
      if (!isEmpty) throw mismatch(storageName, 'public', 'Leave `private` out')
      await record.write(0)
      return new ChannelSecrets(options, 0)
    }
    if (generation === null) return null
    if (!isPrivate) throw mismatch(storageName, 'private', 'Set `private`')
    return new ChannelSecrets(options, generation)
  }

  /** Encrypts what is written now. */
  get current(): SecretKeys {
    return this.#current
  }

  /** Those before it, newest first. */
  get earlier(): readonly SecretKeys[] {
    return this.#earlier
  }

  /** The secret with an id; null where it is none of these. */
  find(id: Uint8Array): SecretKeys | null {
    return [this.#current, ...this.#earlier].find((keys) => b4a.equals(keys.id, id)) ?? null
  }

  /** Prepares a new secret, and stores that there is one; what it gives puts the secret to use. */
  async change(): Promise<() => void> {
    const generation = this.#generation + 1
    await this.#record.write(generation)
    this.#generation = generation
    return () => {
      this.#earlier = [this.#current, ...this.#earlier].slice(0, maxEarlierSecrets)
      this.#current = this.#keysOf(generation)
    }
  }

  #keysOf(generation: number): SecretKeys {
    return secretKeys(deriveSecret(this.#record.seed, this.channelKey, generation), this.channelKey)
  }
}

function mismatch(storageName: string, kind: string, remedy: string): HypervisionError {
  return new HypervisionError(
    'ERR_FEED_STORAGE_PRIVATE',
    `${storageName} holds a ${kind} channel, and a channel stays what it began as: its link has been given out. ` +
      `${remedy}, or choose another storage for a new channel.`,
  )
}
