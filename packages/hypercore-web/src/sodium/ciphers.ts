// Ciphers for single messages: Noise's handshake (ChaCha20-Poly1305, RFC 8439), UDP-sized messages (secretbox) and hypercore's
// block encryption (XSalsa20).
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { xsalsa20, xsalsa20poly1305 } from '@noble/ciphers/salsa.js'
import { demand } from './demand.ts'

export const crypto_aead_chacha20poly1305_ietf_KEYBYTES = 32
export const crypto_aead_chacha20poly1305_ietf_NPUBBYTES = 12
export const crypto_aead_chacha20poly1305_ietf_ABYTES = 16
export const crypto_secretbox_KEYBYTES = 32
export const crypto_secretbox_NONCEBYTES = 24
export const crypto_secretbox_MACBYTES = 16
export const crypto_stream_KEYBYTES = 32
export const crypto_stream_NONCEBYTES = 24

const nothing = new Uint8Array(0)

/** Encrypts; the bytes written. */
export function crypto_aead_chacha20poly1305_ietf_encrypt(
  output: Uint8Array,
  message: Uint8Array,
  additional: Uint8Array | null,
  _secretNonce: null,
  nonce: Uint8Array,
  key: Uint8Array,
): number {
  demand('output', output, message.byteLength + crypto_aead_chacha20poly1305_ietf_ABYTES)
  output.set(chacha20poly1305(key, nonce, additional ?? nothing).encrypt(message))
  return output.byteLength
}

/**
 * Decrypts; the bytes written.
 *
 * @throws Error when the message was not made with this key, nonce and additional data
 */
export function crypto_aead_chacha20poly1305_ietf_decrypt(
  output: Uint8Array,
  _secretNonce: null,
  cipher: Uint8Array,
  additional: Uint8Array | null,
  nonce: Uint8Array,
  key: Uint8Array,
): number {
  demand('cipher', cipher, crypto_aead_chacha20poly1305_ietf_ABYTES, Number.POSITIVE_INFINITY)
  demand('output', output, cipher.byteLength - crypto_aead_chacha20poly1305_ietf_ABYTES)
  output.set(chacha20poly1305(key, nonce, additional ?? nothing).decrypt(cipher))
  return output.byteLength
}

/** Encrypts; the authenticator goes first. */
export function crypto_secretbox_easy(
  output: Uint8Array,
  message: Uint8Array,
  nonce: Uint8Array,
  key: Uint8Array,
): void {
  demand('output', output, message.byteLength + crypto_secretbox_MACBYTES)
  output.set(xsalsa20poly1305(key, nonce).encrypt(message))
}

/** Decrypts; false when the message was not made with this key and nonce. */
export function crypto_secretbox_open_easy(
  output: Uint8Array,
  cipher: Uint8Array,
  nonce: Uint8Array,
  key: Uint8Array,
): boolean {
  if (cipher.byteLength < crypto_secretbox_MACBYTES) return false
  demand('output', output, cipher.byteLength - crypto_secretbox_MACBYTES)
  try {
    output.set(xsalsa20poly1305(key, nonce).decrypt(cipher))
    return true
  } catch {
    return false
  }
}

/** Encrypts and decrypts; `output` may be `input`. */
export function crypto_stream_xor(output: Uint8Array, input: Uint8Array, nonce: Uint8Array, key: Uint8Array): void {
  demand('output', output, input.byteLength)
  output.set(xsalsa20(key, nonce, input))
}
