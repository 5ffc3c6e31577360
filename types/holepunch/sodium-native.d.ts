// sodium-native is what tests compare the web's sodium with; only by name.
declare module 'sodium-native' {
  const sodium: Readonly<
    Record<
      | 'crypto_sign_seed_keypair'
      | 'crypto_sign_detached'
      | 'crypto_stream_xor'
      | 'crypto_secretstream_xchacha20poly1305_init_push'
      | 'crypto_secretstream_xchacha20poly1305_push'
      | 'sodium_increment',
      (...values: unknown[]) => unknown
    >
  > & {
    /** Writable: a bench makes its key pairs from a seed. */
    crypto_sign_keypair: (publicKey: Uint8Array, secretKey: Uint8Array) => void
  }
  export default sodium
}
