/** Key pairs for applications that keep the key of a channel themselves. */
import { keyPair } from 'hypercore-crypto'
import type { KeyPair } from '../contracts/index.ts'
import { optionError } from './check-options.ts'

const seedLength = 32

/**
 * Makes the key pair of a channel, for `createBroadcast({ keyPair })`. Whoever has it can broadcast under the channel's link.
 *
 * @param seed 32 bytes that nobody can guess: the same ones are the same channel. Random where left out
 * @throws HypervisionError ERR_OPTION_INVALID when the seed is not of 32 bytes
 */
export function createKeyPair(seed?: Uint8Array): KeyPair {
  if (seed !== undefined && !(seed instanceof Uint8Array && seed.byteLength === seedLength)) {
    // What was given is a secret: it is not repeated.
    throw optionError('seed', `a Uint8Array of ${seedLength} bytes`, {})
  }
  return keyPair(seed)
}
