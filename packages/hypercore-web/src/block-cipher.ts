/**
 * What an application encrypts with, beside hypercore: XChaCha20-Poly1305 and keyed BLAKE2b. In Node this: libsodium. What a page is
 * bundled with the plugin has in its place is stand-ins/block-cipher.ts: the same without native code, byte for byte.
 */
import b4a from 'b4a'
import sodium from 'sodium-universal'

/** Bytes of a key. */
export const keyBytes = 32
/** Bytes of a nonce: so many that random ones never meet. */
export const nonceBytes = 24
/** Bytes that encryption adds: the authenticator. */
export const tagBytes = 16

/**
 * Encrypts with XChaCha20-Poly1305.
 *
 * @param additional is authenticated and not encrypted
 * @returns the cipher, then the authenticator
 */
export function encrypt(key: Uint8Array, nonce: Uint8Array, message: Uint8Array, additional: Uint8Array): Uint8Array {
  const output = b4a.allocUnsafe(message.byteLength + tagBytes)
  sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(output, message, additional, null, nonce, key)
  return output
}

/** Decrypts what {@link encrypt} made; null where it was not made of these. */
export function decrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  cipher: Uint8Array,
  additional: Uint8Array,
): Uint8Array | null {
  if (cipher.byteLength < tagBytes) return null
  const output = b4a.allocUnsafe(cipher.byteLength - tagBytes)
  try {
    sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(output, null, cipher, additional, nonce, key)
    return output
  } catch {
    return null
  }
}

/** BLAKE2b of the parts one after another, with a key of 16 to 64 bytes, to 16 to 64 bytes. */
export function keyedHash(key: Uint8Array, parts: readonly Uint8Array[], byteLength: number): Uint8Array {
  const output = b4a.allocUnsafe(byteLength)
  sodium.crypto_generichash_batch(output, parts, key)
  return output
}
