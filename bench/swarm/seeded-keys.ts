/** Key pairs that a seed decides: a node's key is its place in the overlay, so without them no two runs are alike. */
import sodium from 'sodium-native'
import type { Random } from './random.ts'

/** Replaces the randomness of new key pairs for the rest of the process, in all that uses sodium. They are not secret any more. */
export function useSeededKeys(random: Random): void {
  sodium.crypto_sign_keypair = (publicKey, secretKey) => {
    const seed = Uint8Array.from({ length: 32 }, () => Math.floor(random.between(0, 256)))
    sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed)
  }
}
