/** One encrypted message: a random nonce, the cipher, the authenticator (XChaCha20-Poly1305). */
import { decrypt, encrypt, nonceBytes } from '@hypervision/hypercore-web/block-cipher'
import b4a from 'b4a'
import { randomBytes } from 'hypercore-crypto'

/**
 * Encrypts. Nonces are random rather than counted: a log that was restored from a copy, or cut by a crash, counts to the same number twice.
 *
 * @param key 32 bytes, for one purpose
 * @param context is authenticated and not encrypted: where the message belongs
 */
export function sealMessage(
  key: Uint8Array,
  message: Uint8Array,
  context: Uint8Array,
  nonce: Uint8Array = randomBytes(nonceBytes),
): Uint8Array {
  return b4a.concat([nonce, encrypt(key, nonce, message, context)])
}

/** Decrypts; null where it was not sealed with this key for this place, or was changed. */
export function openMessage(key: Uint8Array, sealed: Uint8Array, context: Uint8Array): Uint8Array | null {
  if (sealed.byteLength < nonceBytes) return null
  return decrypt(key, sealed.subarray(0, nonceBytes), sealed.subarray(nonceBytes), context)
}
