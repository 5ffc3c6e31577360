/**
 * What hypercore and its connections call of sodium, without native code: it stands in for `sodium-universal` in a bundle, under
 * libsodium's own names. Byte for byte the same as libsodium. What else
 * packages around hypercore name says that it is not here when it is called.
 */
import { sha512 } from '@noble/hashes/sha2.js'
import { demand } from './demand.ts'

export * from './ciphers.ts'
export * from './generichash.ts'
export * from './not-here.ts'
export * from './random.ts'
export * from './secretstream.ts'
export * from './sign.ts'

export const crypto_hash_sha512_BYTES = 64

/** SHA-512. */
export function crypto_hash_sha512(output: Uint8Array, input: Uint8Array): void {
  demand('output', output, crypto_hash_sha512_BYTES)
  output.set(sha512(input))
}
