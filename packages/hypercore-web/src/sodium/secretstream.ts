/**
 * libsodium's secretstream (XChaCha20-Poly1305 with a ratchet), byte for byte: every connection is encrypted by it.
 * The state is libsodium's own layout: key (32), counter (4, little-endian), inner nonce (8), padding (8).
 */
import { Poly1305 } from '@noble/ciphers/_poly1305.js'
import { chacha20, hchacha } from '@noble/ciphers/chacha.js'
import { demand } from './demand.ts'
import { randombytes_buf, sodium_increment } from './random.ts'

export const crypto_secretstream_xchacha20poly1305_ABYTES = 17
export const crypto_secretstream_xchacha20poly1305_HEADERBYTES = 24
export const crypto_secretstream_xchacha20poly1305_KEYBYTES = 32
export const crypto_secretstream_xchacha20poly1305_STATEBYTES = 52
export const crypto_secretstream_xchacha20poly1305_TAGBYTES = 1
export const crypto_secretstream_xchacha20poly1305_TAG_MESSAGE = 0
export const crypto_secretstream_xchacha20poly1305_TAG_PUSH = 1
export const crypto_secretstream_xchacha20poly1305_TAG_REKEY = 2
export const crypto_secretstream_xchacha20poly1305_TAG_FINAL = 3

const overhead = crypto_secretstream_xchacha20poly1305_ABYTES
const rekeyFlag = crypto_secretstream_xchacha20poly1305_TAG_REKEY
/** "expand 32-byte k" as four little-endian words. */
const sigma = Uint32Array.of(0x61707865, 0x3320646e, 0x79622d32, 0x6b206574)
const macBytes = 16
const cipherBlockBytes = 64

/** The named parts of a state, as views. */
function partsOf(state: Uint8Array) {
  return {
    key: state.subarray(0, 32),
    nonce: state.subarray(32, 44),
    counter: state.subarray(32, 36),
    innerNonce: state.subarray(36, 44),
  }
}

/** Makes a key. */
export function crypto_secretstream_xchacha20poly1305_keygen(key: Uint8Array): void {
  demand('key', key, crypto_secretstream_xchacha20poly1305_KEYBYTES)
  randombytes_buf(key)
}

/** Begins to send: fills the state, and the header that the other side needs. */
export function crypto_secretstream_xchacha20poly1305_init_push(
  state: Uint8Array,
  header: Uint8Array,
  key: Uint8Array,
): void {
  demand('header', header, crypto_secretstream_xchacha20poly1305_HEADERBYTES)
  randombytes_buf(header)
  crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
}

/** Begins to receive. */
export function crypto_secretstream_xchacha20poly1305_init_pull(
  state: Uint8Array,
  header: Uint8Array,
  key: Uint8Array,
): void {
  demand('state', state, crypto_secretstream_xchacha20poly1305_STATEBYTES)
  demand('header', header, crypto_secretstream_xchacha20poly1305_HEADERBYTES)
  demand('key', key, crypto_secretstream_xchacha20poly1305_KEYBYTES)
  const words = new Uint32Array(8)
  hchacha(sigma, wordsOf(key), wordsOf(header.subarray(0, 16)), words)
  const parts = partsOf(state)
  const view = new DataView(parts.key.buffer, parts.key.byteOffset, 32)
  for (const [at, word] of words.entries()) view.setUint32(at * 4, word, true)
  resetCounter(parts.counter)
  parts.innerNonce.set(header.subarray(16))
  state.fill(0, 44)
}

/** Encrypts one message; the bytes written. `cipher` may be the message's own memory, one byte before it. */
export function crypto_secretstream_xchacha20poly1305_push(
  state: Uint8Array,
  cipher: Uint8Array,
  message: Uint8Array,
  additional: Uint8Array | null,
  tag: number | Uint8Array,
): number {
  demand('state', state, crypto_secretstream_xchacha20poly1305_STATEBYTES)
  demand('cipher', cipher, message.byteLength + overhead)
  const tagByte = typeof tag === 'number' ? tag : (tag[0] ?? 0)
  const { key, nonce } = partsOf(state)
  const body = cipher.subarray(1, 1 + message.byteLength)
  chacha20(key, nonce, message, body, 2)
  const block = new Uint8Array(cipherBlockBytes)
  block[0] = tagByte
  const tagBlock = chacha20(key, nonce, block, undefined, 1)
  cipher[0] = tagBlock[0] ?? 0
  const mac = authenticate(key, nonce, tagBlock, body, additional)
  cipher.set(mac, 1 + message.byteLength)
  advance(state, mac, tagByte)
  return cipher.byteLength
}

/**
 * Decrypts one message; the bytes written. `message` may be the cipher's own memory, one byte behind it.
 *
 * @throws Error when it was changed, or is not the next one of the stream
 */
export function crypto_secretstream_xchacha20poly1305_pull(
  state: Uint8Array,
  message: Uint8Array,
  tag: Uint8Array,
  cipher: Uint8Array,
  additional: Uint8Array | null,
): number {
  demand('state', state, crypto_secretstream_xchacha20poly1305_STATEBYTES)
  demand('cipher', cipher, overhead, Number.POSITIVE_INFINITY)
  demand('message', message, cipher.byteLength - overhead)
  const { key, nonce } = partsOf(state)
  const block = new Uint8Array(cipherBlockBytes)
  block[0] = cipher[0] ?? 0
  const tagBlock = chacha20(key, nonce, block, undefined, 1)
  const tagByte = tagBlock[0] ?? 0
  tagBlock[0] = cipher[0] ?? 0
  const body = cipher.subarray(1, cipher.byteLength - macBytes)
  const mac = authenticate(key, nonce, tagBlock, body, additional)
  if (!isEqual(mac, cipher.subarray(cipher.byteLength - macBytes))) throw new Error('could not verify data')
  chacha20(key, nonce, body, message, 2)
  tag[0] = tagByte
  advance(state, mac, tagByte)
  return message.byteLength
}

function authenticate(
  key: Uint8Array,
  nonce: Uint8Array,
  tagBlock: Uint8Array,
  body: Uint8Array,
  additional: Uint8Array | null,
): Uint8Array {
  const poly = new Poly1305(chacha20(key, nonce, new Uint8Array(32)))
  if (additional !== null && additional.byteLength > 0) {
    poly.update(additional)
    poly.update(new Uint8Array((16 - (additional.byteLength % 16)) % 16))
  }
  poly.update(tagBlock)
  poly.update(body)
  // libsodium pads by this and not by what would round it up: the formula is part of the format.
  poly.update(new Uint8Array((16 - cipherBlockBytes + body.byteLength) & 15))
  const lengths = new DataView(new ArrayBuffer(16))
  lengths.setBigUint64(0, BigInt(additional?.byteLength ?? 0), true)
  lengths.setBigUint64(8, BigInt(cipherBlockBytes + body.byteLength), true)
  poly.update(new Uint8Array(lengths.buffer))
  return poly.digest()
}

function advance(state: Uint8Array, mac: Uint8Array, tag: number): void {
  const { counter, innerNonce } = partsOf(state)
  for (let at = 0; at < innerNonce.length; at++) innerNonce[at] = (innerNonce[at] ?? 0) ^ (mac[at] ?? 0)
  sodium_increment(counter)
  if ((tag & rekeyFlag) !== 0 || counter.every((byte) => byte === 0)) rekey(state)
}

function rekey(state: Uint8Array): void {
  const { key, nonce, counter, innerNonce } = partsOf(state)
  const next = new Uint8Array(40)
  next.set(key)
  next.set(innerNonce, 32)
  const mixed = chacha20(key, nonce, next)
  key.set(mixed.subarray(0, 32))
  innerNonce.set(mixed.subarray(32))
  resetCounter(counter)
}

function resetCounter(counter: Uint8Array): void {
  counter.fill(0)
  counter[0] = 1
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Uint32Array.from({ length: bytes.byteLength / 4 }, (_, at) => view.getUint32(at * 4, true))
}

/** In a time that does not tell where they differ. */
function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (let at = 0; at < a.length; at++) difference |= (a[at] ?? 0) ^ (b[at] ?? 0)
  return difference === 0
}
