// Ed25519 (RFC 8032): signatures as libsodium makes and checks them, and the Diffie-Hellman on the same curve that Noise uses.
import { ed25519 } from '@noble/curves/ed25519.js'
import { demand } from './demand.ts'
import { randombytes_buf } from './random.ts'

export const crypto_sign_BYTES = 64
export const crypto_sign_PUBLICKEYBYTES = 32
export const crypto_sign_SECRETKEYBYTES = 64
export const crypto_sign_SEEDBYTES = 32
export const crypto_scalarmult_ed25519_BYTES = 32
export const crypto_scalarmult_ed25519_SCALARBYTES = 32

const { Point } = ed25519

/** Makes a key pair; the secret key is seed and public key, as libsodium has it. */
export function crypto_sign_keypair(publicKey: Uint8Array, secretKey: Uint8Array): void {
  const seed = new Uint8Array(crypto_sign_SEEDBYTES)
  randombytes_buf(seed)
  crypto_sign_seed_keypair(publicKey, secretKey, seed)
}

/** Makes the key pair of a seed. */
export function crypto_sign_seed_keypair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void {
  demand('publicKey', publicKey, crypto_sign_PUBLICKEYBYTES)
  demand('secretKey', secretKey, crypto_sign_SECRETKEYBYTES)
  demand('seed', seed, crypto_sign_SEEDBYTES)
  const found = ed25519.getPublicKey(seed)
  secretKey.set(seed)
  secretKey.set(found, crypto_sign_SEEDBYTES)
  publicKey.set(found)
}

/** The public key of a secret key. */
export function crypto_sign_ed25519_sk_to_pk(publicKey: Uint8Array, secretKey: Uint8Array): void {
  demand('publicKey', publicKey, crypto_sign_PUBLICKEYBYTES)
  demand('secretKey', secretKey, crypto_sign_SECRETKEYBYTES)
  publicKey.set(secretKey.subarray(crypto_sign_SEEDBYTES))
}

/** Signs a message. */
export function crypto_sign_detached(signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void {
  demand('signature', signature, crypto_sign_BYTES)
  demand('secretKey', secretKey, crypto_sign_SECRETKEYBYTES)
  signature.set(ed25519.sign(message, secretKey.subarray(0, crypto_sign_SEEDBYTES)))
}

/** Checks a signature, strictly: one message has one encoding of it, and keys of small order are refused. */
export function crypto_sign_verify_detached(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  demand('signature', signature, crypto_sign_BYTES)
  demand('publicKey', publicKey, crypto_sign_PUBLICKEYBYTES)
  try {
    if (Point.fromBytes(signature.subarray(0, 32)).isSmallOrder()) return false
    return ed25519.verify(signature, message, publicKey, { zip215: false })
  } catch {
    return false
  }
}

/**
 * `scalar · point` with the scalar as it is.
 *
 * @throws Error when the point is not one of the curve's large subgroup, or the product is the identity
 */
export function crypto_scalarmult_ed25519_noclamp(output: Uint8Array, scalar: Uint8Array, point: Uint8Array): void {
  demand('output', output, crypto_scalarmult_ed25519_BYTES)
  demand('scalar', scalar, crypto_scalarmult_ed25519_SCALARBYTES)
  demand('point', point, crypto_scalarmult_ed25519_BYTES)
  const factor = toBigInt(scalar) % Point.Fn.ORDER
  const from = Point.fromBytes(point)
  if (factor === 0n || from.isSmallOrder() || !from.isTorsionFree())
    throw new Error('could not multiply: invalid point')
  output.set(from.multiply(factor).toBytes())
}

/** Little-endian; libsodium ignores the topmost bit. */
function toBigInt(bytes: Uint8Array): bigint {
  let value = 0n
  for (let at = bytes.length - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at] ?? 0)
  return value & ((1n << 255n) - 1n)
}
