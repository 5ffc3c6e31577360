// What the SDK itself calls of sodium-universal 5.
declare module 'sodium-universal' {
  const sodium: {
    crypto_aead_xchacha20poly1305_ietf_encrypt(
      output: Uint8Array,
      message: Uint8Array,
      additional: Uint8Array | null,
      secretNonce: null,
      nonce: Uint8Array,
      key: Uint8Array,
    ): number
    crypto_aead_xchacha20poly1305_ietf_decrypt(
      output: Uint8Array,
      secretNonce: null,
      cipher: Uint8Array,
      additional: Uint8Array | null,
      nonce: Uint8Array,
      key: Uint8Array,
    ): number
    crypto_generichash_batch(output: Uint8Array, parts: readonly Uint8Array[], key?: Uint8Array): void
  }
  export default sodium
}
