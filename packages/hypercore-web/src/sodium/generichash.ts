/**
 * BLAKE2b (RFC 7693) as libsodium's `crypto_generichash`. Nearly all that is hashed are a stream's blocks and the tree over them,
 * without a key and to 32 bytes: those go through WebAssembly as soon as that is compiled. The rest goes through JavaScript.
 */
import { blake2b } from '@noble/hashes/blake2.js'
import { createBLAKE2b, type IHasher } from 'hash-wasm'
import { demand } from './demand.ts'

export const crypto_generichash_BYTES = 32
export const crypto_generichash_BYTES_MIN = 16
export const crypto_generichash_BYTES_MAX = 64
export const crypto_generichash_KEYBYTES = 32
export const crypto_generichash_KEYBYTES_MIN = 16
export const crypto_generichash_KEYBYTES_MAX = 64

let fast: IHasher | null = null

/** Resolves when long inputs are hashed by WebAssembly; false where there is none, and JavaScript goes on. */
export const generichashReady: Promise<boolean> = createBLAKE2b(256).then(
  (hasher) => {
    fast = hasher
    return true
  },
  () => false,
)

/** Hashes `input` into `output`. */
export function crypto_generichash(output: Uint8Array, input: Uint8Array, key?: Uint8Array | null): void {
  crypto_generichash_batch(output, [input], key)
}

/** Hashes what the parts are one after another. */
export function crypto_generichash_batch(
  output: Uint8Array,
  parts: readonly Uint8Array[],
  key?: Uint8Array | null,
): void {
  demand('output', output, crypto_generichash_BYTES_MIN, crypto_generichash_BYTES_MAX)
  if (key != null) demand('key', key, crypto_generichash_KEYBYTES_MIN, crypto_generichash_KEYBYTES_MAX)
  if (fast !== null && key == null && output.byteLength === 32) {
    fast.init()
    for (const part of parts) fast.update(part)
    output.set(fast.digest('binary'))
    return
  }
  const hash = blake2b.create({ dkLen: output.byteLength, ...(key == null ? {} : { key }) })
  for (const part of parts) hash.update(part)
  output.set(hash.digest())
}
