/** Key pairs that an application keeps itself: of a channel, or of a node that others are to know again. */
import { keyPair } from 'hypercore-crypto'
import type { KeyPair } from '../contracts/index.ts'
import { optionError } from './check-options.ts'

const seedLength = 32

/**
 * Makes a key pair: that of a channel, for `createBroadcast({ keyPair })`, or who a node is to others, for the option `identity`. Whoever has it is
 * the channel, or the node. One key pair is for one of the two.
 *
 * @param seed 32 bytes that nobody can guess: the same ones make the same pair. Random where left out
 * @throws HypervisionError ERR_OPTION_INVALID when the seed is not of 32 bytes
 */
export function createKeyPair(seed?: Uint8Array): KeyPair {
  if (seed !== undefined && !(seed instanceof Uint8Array && seed.byteLength === seedLength)) {
    // What was given is a secret: it is not repeated.
    throw optionError('seed', `a Uint8Array of ${seedLength} bytes`, {})
  }
  return keyPair(seed)
}
