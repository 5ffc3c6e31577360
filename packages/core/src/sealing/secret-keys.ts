/**
 * What follows from a secret. A channel's secrets follow from its key pair, so that whoever has the pair has the link; from each secret
 * follow an id, by which a reader knows whether it is the one that a block needs, and a key for each purpose.
 */
import { keyBytes, keyedHash } from '@hypervision/hypercore-web/block-cipher'
import b4a from 'b4a'
import c from 'compact-encoding'

/** Bytes of a secret. */
export const secretBytes = keyBytes
/** Bytes of a secret's id. */
export const secretIdLength = 16

/** A secret of one channel and what follows from it. */
export interface SecretKeys {
  /** What stands in the link, 32 bytes. */
  readonly secret: Uint8Array
  /** Tells secrets apart and gives nothing away, 16 bytes. */
  readonly id: Uint8Array
  /** Encrypts blocks, 32 bytes. */
  readonly block: Uint8Array
  /** Encrypts what is said of the channel, 32 bytes. */
  readonly metadata: Uint8Array
}

/**
 * The secret that a broadcaster gives out.
 *
 * @param seed of the channel's Ed25519 key pair, 32 bytes
 * @param generation how often the secret was changed
 */
export function deriveSecret(seed: Uint8Array, channelKey: Uint8Array, generation: number): Uint8Array {
  return keyedHash(seed, [b4a.from('hypervision secret 1'), channelKey, c.encode(c.uint32, generation)], secretBytes)
}

/** What follows from a secret for one channel. */
export function secretKeys(secret: Uint8Array, channelKey: Uint8Array): SecretKeys {
  const derive = (purpose: string, byteLength: number): Uint8Array =>
    keyedHash(secret, [b4a.from(purpose), channelKey], byteLength)
  return {
    secret,
    id: derive('hypervision secret id 1', secretIdLength),
    block: derive('hypervision block key 1', keyBytes),
    metadata: derive('hypervision metadata key 1', keyBytes),
  }
}
