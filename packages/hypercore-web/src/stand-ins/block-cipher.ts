/** What an application encrypts with in a page: see block-cipher.ts. */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { blake2b } from '@noble/hashes/blake2.js'

export const keyBytes = 32
export const nonceBytes = 24
export const tagBytes = 16

/** Encrypts with XChaCha20-Poly1305: the cipher, then the authenticator. */
export function encrypt(key: Uint8Array, nonce: Uint8Array, message: Uint8Array, additional: Uint8Array): Uint8Array {
  return xchacha20poly1305(key, nonce, additional).encrypt(message)
}

/** Decrypts; null where it was not made of these. */
export function decrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  cipher: Uint8Array,
  additional: Uint8Array,
): Uint8Array | null {
  if (cipher.byteLength < tagBytes) return null
  try {
    return xchacha20poly1305(key, nonce, additional).decrypt(cipher)
  } catch {
    return null
  }
}

/** BLAKE2b of the parts one after another, with a key. */
export function keyedHash(key: Uint8Array, parts: readonly Uint8Array[], byteLength: number): Uint8Array {
  const hash = blake2b.create({ dkLen: byteLength, key })
  for (const part of parts) hash.update(part)
  return hash.digest()
}
