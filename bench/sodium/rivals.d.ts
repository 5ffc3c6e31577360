// Rivals without types; only what the bench calls of them.
declare module 'sodium-javascript' {
  export function crypto_sign_detached(signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void
  export function crypto_sign_verify_detached(
    signature: Uint8Array,
    message: Uint8Array,
    publicKey: Uint8Array,
  ): boolean
  export function crypto_generichash(output: Uint8Array, input: Uint8Array): void
  export function crypto_stream_xor(output: Uint8Array, input: Uint8Array, nonce: Uint8Array, key: Uint8Array): void
}

declare module 'blake2b-wasm' {
  interface Hash {
    update(input: Uint8Array): Hash
    digest(output: Uint8Array): void
  }
  function blake2b(length: number): Hash
  namespace blake2b {
    function ready(callback: (error?: Error) => void): void
  }
  export = blake2b
}

declare module 'libsodium-wrappers-sumo' {
  const sodium: {
    readonly ready: Promise<void>
    crypto_sign_detached(message: Uint8Array, secretKey: Uint8Array): Uint8Array
    crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
    crypto_generichash(length: number, input: Uint8Array): Uint8Array
    crypto_scalarmult_ed25519_noclamp(scalar: Uint8Array, point: Uint8Array): Uint8Array
    crypto_secretstream_xchacha20poly1305_init_push(key: Uint8Array): { readonly state: object }
    crypto_secretstream_xchacha20poly1305_push(
      state: object,
      message: Uint8Array,
      additional: null,
      tag: number,
    ): Uint8Array
    crypto_aead_xchacha20poly1305_ietf_encrypt(
      message: Uint8Array,
      additional: Uint8Array,
      secretNonce: null,
      nonce: Uint8Array,
      key: Uint8Array,
    ): Uint8Array
    crypto_aead_xchacha20poly1305_ietf_decrypt(
      secretNonce: null,
      cipher: Uint8Array,
      additional: Uint8Array,
      nonce: Uint8Array,
      key: Uint8Array,
    ): Uint8Array
  }
  export = sodium
}
