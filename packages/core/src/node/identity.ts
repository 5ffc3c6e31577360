/** Who a node is to others. */
import { keyPair } from 'hypercore-crypto'
import type { KeyPair } from '../contracts/index.ts'
import { optionError } from './check-options.ts'

const seedLength = 32

/**
 * Makes an identity, by which others know a node again: the option `identity`. Keep the seed as a password is kept.
 *
 * @param seed 32 bytes; the same identity for the same ones. Random where left out
 * @throws HypervisionError ERR_OPTION_INVALID
 */
export function createIdentity(seed?: Uint8Array): KeyPair {
  const isSeed = seed === undefined || (seed instanceof Uint8Array && seed.byteLength === seedLength)
  if (!isSeed) throw optionError('seed', `${seedLength} bytes`, seed)
  const { publicKey, secretKey } = keyPair(seed)
  return { publicKey, secretKey }
}
