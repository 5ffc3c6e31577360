// Ed25519 (RFC 8032): signatures as libsodium makes and checks them, and the Diffie-Hellman on the same curve that Noise uses.
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { demand } from './demand.ts'
import { randombytes_buf } from './random.ts'
import { VerifyKeys } from './verify-keys.ts'

export const crypto_sign_BYTES = 64
export const crypto_sign_PUBLICKEYBYTES = 32
export const crypto_sign_SECRETKEYBYTES = 64
export const crypto_sign_SEEDBYTES = 32
export const crypto_scalarmult_ed25519_BYTES = 32
export const crypto_scalarmult_ed25519_SCALARBYTES = 32

const { Point } = ed25519
const order = Point.Fn.ORDER
const verifyKeys = new VerifyKeys()

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
  // By hand, because the public key is known: deriving it again would be half of the work.
  const expanded = sha512(secretKey.subarray(0, crypto_sign_SEEDBYTES))
  const head = expanded.subarray(0, 32)
  head[0] = (head[0] ?? 0) & 248
  head[31] = ((head[31] ?? 0) & 127) | 64
  const nonce = toBigInt(hashOf(expanded.subarray(32), message)) % order
  const point = (nonce === 0n ? Point.ZERO : Point.BASE.multiply(nonce)).toBytes()
  const challenge = toBigInt(hashOf(point, secretKey.subarray(crypto_sign_SEEDBYTES), message)) % order
  signature.set(point)
  signature.set(Point.Fn.toBytes((nonce + challenge * (toBigInt(head) % order)) % order), 32)
}

/**
 * Checks a signature, strictly: a message has one encoding of it, keys and points of small order are refused, and the equation
 * holds without the cofactor, as libsodium has it. Were this to take what libsodium refuses, a channel could be made that goes on
 * in pages and stands still elsewhere.
 */
export function crypto_sign_verify_detached(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  demand('signature', signature, crypto_sign_BYTES)
  demand('publicKey', publicKey, crypto_sign_PUBLICKEYBYTES)
  const key = verifyKeys.pointOf(publicKey)
  const factor = toBigInt(signature.subarray(32))
  if (key === null || factor >= order) return false
  const wanted = signature.subarray(0, 32)
  const challenge = toBigInt(hashOf(wanted, publicKey, message)) % order
  const found = Point.BASE.multiplyUnsafe(factor).subtract(key.multiplyUnsafe(challenge))
  return !found.isSmallOrder() && found.toBytes().every((byte, at) => byte === wanted[at])
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
  // libsodium ignores the topmost bit.
  const factor = (toBigInt(scalar) & ((1n << 255n) - 1n)) % order
  const from = Point.fromBytes(point)
  if (factor === 0n || from.isSmallOrder() || !from.isTorsionFree())
    throw new Error('could not multiply: invalid point')
  output.set(from.multiply(factor).toBytes())
}

function hashOf(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = sha512.create()
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Little-endian. */
function toBigInt(bytes: Uint8Array): bigint {
  let value = 0n
  for (let at = bytes.length - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at] ?? 0)
  return value
}
