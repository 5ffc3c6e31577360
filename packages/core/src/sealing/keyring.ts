/** The secrets that a reader has: the one of its link, and those before it, which init blocks hand on. */
import b4a from 'b4a'
import { type SecretKeys, secretKeys } from './secret-keys.ts'

/** Secrets of one channel by their ids. */
export class Keyring {
  readonly channelKey: Uint8Array
  readonly #keys = new Map<string, SecretKeys>()
  readonly #own: string
  /** The secret of the link. */
  readonly current: SecretKeys

  /** @param secret of the link, 32 bytes */
  constructor(channelKey: Uint8Array, secret: Uint8Array) {
    this.channelKey = channelKey
    this.current = secretKeys(secret, channelKey)
    this.#own = this.add(secret)
  }

  /** Takes a secret in; gives its id in hex. */
  add(secret: Uint8Array): string {
    const keys = secretKeys(secret, this.channelKey)
    const id = b4a.toString(keys.id, 'hex')
    this.#keys.set(id, keys)
    return id
  }

  find(id: Uint8Array): SecretKeys | null {
    return this.#keys.get(b4a.toString(id, 'hex')) ?? null
  }

  /** Whether the secret of the link is among these. */
  hasOwnIn(ids: readonly Uint8Array[]): boolean {
    return ids.some((id) => b4a.toString(id, 'hex') === this.#own)
  }
}
