// The page of the bench: each operation by each implementation, on the same input.
import * as ours from '@hypervision/hypercore-web/sodium'
import * as blockCipher from '@hypervision/hypercore-web/stand-ins/block-cipher'
import blake2b from 'blake2b-wasm'
import libsodium from 'libsodium-wrappers-sumo'
import * as javascript from 'sodium-javascript'

declare global {
  /** Milliseconds per call, by operation and implementation. */
  function measureSodium(batchMs: number): Promise<Record<string, Record<string, number>>>
}

const blockBytes = 64 * 1024

globalThis.measureSodium = async (batchMs) => {
  await Promise.all([
    ours.generichashReady,
    libsodium.ready,
    new Promise<void>((resolve) => blake2b.ready(() => resolve())),
  ])
  const measured: Record<string, Record<string, number>> = {}
  for (const [operation, implementations] of Object.entries(operations())) {
    measured[operation] = {}
    for (const [name, call] of Object.entries(implementations)) measured[operation][name] = medianMs(call, batchMs)
  }
  return measured
}

function operations(): Record<string, Record<string, () => unknown>> {
  const block = Uint8Array.from({ length: blockBytes }, (_, at) => at * 7)
  const node = new Uint8Array(80).fill(3)
  const [hash, signature, publicKey, secretKey, key, nonce, header] = [32, 64, 32, 64, 32, 24, 24].map(
    (length) => new Uint8Array(length),
  ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array]
  ours.crypto_sign_seed_keypair(publicKey, secretKey, new Uint8Array(32).fill(9))
  ours.crypto_sign_detached(signature, node, secretKey)
  const state = new Uint8Array(52)
  ours.crypto_secretstream_xchacha20poly1305_init_push(state, header, key)
  const theirs = libsodium.crypto_secretstream_xchacha20poly1305_init_push(key).state
  const cipher = new Uint8Array(blockBytes + 17)
  const output = new Uint8Array(blockBytes)
  const sealed = blockCipher.encrypt(key.fill(4), nonce, block, node)
  return {
    'sign 80 B': {
      ours: () => ours.crypto_sign_detached(signature, node, secretKey),
      'sodium-javascript': () => javascript.crypto_sign_detached(signature, node, secretKey),
      'libsodium.js': () => libsodium.crypto_sign_detached(node, secretKey),
    },
    'verify 80 B': {
      ours: () => ours.crypto_sign_verify_detached(signature, node, publicKey),
      'sodium-javascript': () => javascript.crypto_sign_verify_detached(signature, node, publicKey),
      'libsodium.js': () => libsodium.crypto_sign_verify_detached(signature, node, publicKey),
    },
    'Diffie-Hellman': {
      ours: () => ours.crypto_scalarmult_ed25519_noclamp(hash, key.fill(4), publicKey),
      'libsodium.js': () => libsodium.crypto_scalarmult_ed25519_noclamp(key.fill(4), publicKey),
    },
    'hash 64 KiB': hashes(hash, block),
    'hash 80 B': hashes(hash, node),
    'secretstream 64 KiB': {
      ours: () => ours.crypto_secretstream_xchacha20poly1305_push(state, cipher, block, null, 0),
      'libsodium.js': () => libsodium.crypto_secretstream_xchacha20poly1305_push(theirs, block, null, 0),
    },
    'encrypt block 64 KiB': {
      ours: () => blockCipher.encrypt(key, nonce, block, node),
      'libsodium.js': () => libsodium.crypto_aead_xchacha20poly1305_ietf_encrypt(block, node, null, nonce, key),
    },
    'decrypt block 64 KiB': {
      ours: () => blockCipher.decrypt(key, nonce, sealed, node),
      'libsodium.js': () => libsodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, node, nonce, key),
    },
    'XSalsa20 64 KiB': {
      ours: () => ours.crypto_stream_xor(output, block, nonce, key),
      'sodium-javascript': () => javascript.crypto_stream_xor(output, block, nonce, key),
    },
  }
}

function hashes(hash: Uint8Array, input: Uint8Array): Record<string, () => unknown> {
  return {
    ours: () => ours.crypto_generichash(hash, input),
    'blake2b-wasm': () => blake2b(32).update(input).digest(hash),
    'sodium-javascript': () => javascript.crypto_generichash(hash, input),
    'libsodium.js': () => libsodium.crypto_generichash(32, input),
  }
}

/** The median of five batches after one that warms up. */
function medianMs(call: () => unknown, batchMs: number): number {
  const batches = Array.from({ length: 6 }, () => {
    const start = performance.now()
    let [calls, spent] = [0, 0]
    for (; spent < batchMs; spent = performance.now() - start) {
      call()
      calls++
    }
    return spent / calls
  })
  return batches.slice(1).sort((a, b) => a - b)[2] ?? Number.NaN
}
