// Every function beside sodium-native on the same input: the bytes are the same, and so is what is refused.
import { webcrypto } from 'node:crypto'
import fc from 'fast-check'
import native from 'sodium-native'
import { beforeAll, describe, expect, test } from 'vitest'
import * as web from './index.ts'

type Sodium = Record<string, (...values: unknown[]) => unknown>
const sodiums = [native, web] as unknown as [Sodium, Sodium]

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const anyBytes = (most: number) => fc.uint8Array({ maxLength: most })
const large = fc.integer({ min: 0, max: 70_000 }).map((length) => {
  const filled = new Uint8Array(length)
  for (let at = 0; at < length; at += 65_536) webcrypto.getRandomValues(filled.subarray(at, at + 65_536))
  return filled
})

/** What both make of a call: the output they filled, what they returned, or that they refused. */
function both(name: string, outputs: number[], inputs: unknown[]) {
  return sodiums.map((sodium) => {
    const filled = outputs.map((length) => Buffer.alloc(length))
    try {
      const returned = sodium[name]?.(...filled, ...inputs)
      return { filled: filled.map((output) => output.toString('hex')), returned: returned === false ? false : 'done' }
    } catch {
      return 'refused'
    }
  })
}

function expectSame(name: string, outputs: number[], ...inputs: unknown[]) {
  const [theirs, ours] = both(name, outputs, inputs)
  expect(ours).toEqual(theirs)
  return ours
}

/** The same, of a call that has to succeed. */
function expectMade(name: string, outputs: number[], ...inputs: unknown[]): Buffer {
  const made = expectSame(name, outputs, ...inputs)
  if (made === 'refused' || made === undefined) throw new Error(`${name} was refused`)
  expect(made.returned).toBe('done')
  return Buffer.from(made.filled[0] ?? '', 'hex')
}

describe('hashes', () => {
  beforeAll(async () => {
    expect(await web.generichashReady).toBe(true)
  })

  test('BLAKE2b, with and without key, of any length', () => {
    fc.assert(
      fc.property(
        anyBytes(300),
        fc.integer({ min: 16, max: 64 }),
        fc.option(fc.uint8Array({ minLength: 16, maxLength: 64 })),
        (input, length, key) => {
          expectMade('crypto_generichash', [length], input, ...(key === null ? [] : [key]))
        },
      ),
    )
  })

  test('BLAKE2b of what WebAssembly hashes, in parts', () => {
    fc.assert(
      fc.property(fc.array(large, { minLength: 1, maxLength: 3 }), (parts) => {
        expectMade('crypto_generichash_batch', [32], parts)
      }),
      { numRuns: 40 },
    )
  })

  test('refuses keys and outputs of other lengths', () => {
    expect(() => web.crypto_generichash(new Uint8Array(15), new Uint8Array(1))).toThrow('16 to 64 bytes, not 15')
    expect(() => web.crypto_generichash(new Uint8Array(32), new Uint8Array(1), new Uint8Array(65))).toThrow(
      'key must have',
    )
  })

  test('SHA-512', () => {
    fc.assert(fc.property(anyBytes(300), (input) => void expectMade('crypto_hash_sha512', [64], input)))
  })
})

describe('signatures', () => {
  test('keys of a seed, signatures, and their check', () => {
    fc.assert(
      fc.property(bytes(32), anyBytes(200), (seed, message) => {
        expectMade('crypto_sign_seed_keypair', [32, 64], seed)
        const [publicKey, secretKey] = [Buffer.alloc(32), Buffer.alloc(64)]
        native.crypto_sign_seed_keypair(publicKey, secretKey, Buffer.from(seed))
        expectMade('crypto_sign_detached', [64], message, secretKey)
        expectMade('crypto_sign_ed25519_sk_to_pk', [32], secretKey)
        const signature = Buffer.alloc(64)
        native.crypto_sign_detached(signature, Buffer.from(message), secretKey)
        expect(web.crypto_sign_verify_detached(signature, message, publicKey)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  test('what was changed, and what is no signature at all, is refused as libsodium refuses it', () => {
    fc.assert(
      fc.property(bytes(32), anyBytes(60), fc.nat(95), fc.nat(7), (seed, message, at, bit) => {
        const [publicKey, secretKey, signature] = [Buffer.alloc(32), Buffer.alloc(64), Buffer.alloc(64)]
        native.crypto_sign_seed_keypair(publicKey, secretKey, Buffer.from(seed))
        native.crypto_sign_detached(signature, Buffer.from(message), secretKey)
        const target = at < 64 ? signature : publicKey
        const place = at < 64 ? at : at - 64
        target[place] = (target[place] ?? 0) ^ (1 << bit)
        expectSame('crypto_sign_verify_detached', [], signature, message, publicKey)
      }),
      { numRuns: 60 },
    )
    fc.assert(
      fc.property(
        bytes(64),
        anyBytes(20),
        bytes(32),
        (...values) => void expectSame('crypto_sign_verify_detached', [], ...values),
      ),
    )
  })

  test('keys and points of small order, and other encodings of a number, are refused', () => {
    const smallOrder = [
      '0100000000000000000000000000000000000000000000000000000000000000',
      'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      '0000000000000000000000000000000000000000000000000000000000000000',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
      'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    ]
    for (const hex of smallOrder) {
      const key = Buffer.from(hex, 'hex')
      const signature = Buffer.concat([key, Buffer.alloc(32)])
      expect(expectSame('crypto_sign_verify_detached', [], signature, Buffer.from('hello'), key)).toMatchObject({
        returned: false,
      })
      expect(expectSame('crypto_scalarmult_ed25519_noclamp', [32], Buffer.alloc(32, 7), key)).toBe('refused')
    }
  })

  test('Diffie-Hellman on the curve', () => {
    fc.assert(
      fc.property(bytes(32), bytes(32), (scalar, seed) => {
        const [publicKey, secretKey] = [Buffer.alloc(32), Buffer.alloc(64)]
        native.crypto_sign_seed_keypair(publicKey, secretKey, Buffer.from(seed))
        expectSame('crypto_scalarmult_ed25519_noclamp', [32], scalar, publicKey)
      }),
      { numRuns: 30 },
    )
    fc.assert(
      fc.property(
        bytes(32),
        bytes(32),
        (...values) => void expectSame('crypto_scalarmult_ed25519_noclamp', [32], ...values),
      ),
      { numRuns: 40 },
    )
  })
})

describe('ciphers', () => {
  test('ChaCha20-Poly1305, both ways, and what was changed', () => {
    fc.assert(
      fc.property(
        anyBytes(200),
        fc.option(anyBytes(40)),
        bytes(12),
        bytes(32),
        fc.nat(500),
        (message, additional, nonce, key, at) => {
          const length = message.length + 16
          const cipher = expectMade(
            'crypto_aead_chacha20poly1305_ietf_encrypt',
            [length],
            message,
            additional,
            null,
            nonce,
            key,
          )
          expectMade(
            'crypto_aead_chacha20poly1305_ietf_decrypt',
            [message.length],
            null,
            cipher,
            additional,
            nonce,
            key,
          )
          cipher[at % length] = (cipher[at % length] ?? 0) ^ 1
          expect(
            expectSame(
              'crypto_aead_chacha20poly1305_ietf_decrypt',
              [message.length],
              null,
              cipher,
              additional,
              nonce,
              key,
            ),
          ).toBe('refused')
        },
      ),
    )
  })

  test('secretbox, both ways, and what was changed', () => {
    fc.assert(
      fc.property(anyBytes(200), bytes(24), bytes(32), fc.nat(500), (message, nonce, key, at) => {
        const length = message.length + 16
        const cipher = expectMade('crypto_secretbox_easy', [length], message, nonce, key)
        expectMade('crypto_secretbox_open_easy', [message.length], cipher, nonce, key)
        cipher[at % length] = (cipher[at % length] ?? 0) ^ 1
        expect(expectSame('crypto_secretbox_open_easy', [message.length], cipher, nonce, key)).toMatchObject({
          returned: false,
        })
      }),
    )
  })

  test('XSalsa20, also in place', () => {
    fc.assert(
      fc.property(anyBytes(300), bytes(24), bytes(32), (message, nonce, key) => {
        expectMade('crypto_stream_xor', [message.length], message, nonce, key)
        const [theirs, ours] = [Buffer.from(message), Buffer.from(message)]
        native.crypto_stream_xor(theirs, theirs, Buffer.from(nonce), Buffer.from(key))
        web.crypto_stream_xor(ours, ours, nonce, key)
        expect(ours.equals(theirs)).toBe(true)
      }),
    )
  })
})

describe('secretstream', () => {
  const tags = fc.constantFrom(0, 1, 2, 3)

  test('a stream that one side makes is read by the other, in either direction, through every tag', () => {
    fc.assert(
      fc.property(
        bytes(32),
        fc.array(fc.tuple(anyBytes(200), tags, fc.option(anyBytes(20))), { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        (key, messages, isOurs) => {
          const [sender, receiver] = isOurs ? [web as unknown as Sodium, native as unknown as Sodium] : sodiums
          const [push, pull, header] = [Buffer.alloc(52), Buffer.alloc(52), Buffer.alloc(24)]
          sender.crypto_secretstream_xchacha20poly1305_init_push?.(push, header, Buffer.from(key))
          receiver.crypto_secretstream_xchacha20poly1305_init_pull?.(pull, header, Buffer.from(key))
          for (const [message, tag, additional] of messages) {
            const cipher = Buffer.alloc(message.length + 17)
            const extra = additional === null ? null : Buffer.from(additional)
            sender.crypto_secretstream_xchacha20poly1305_push?.(push, cipher, Buffer.from(message), extra, tag)
            const [plain, found] = [Buffer.alloc(message.length), Buffer.alloc(1)]
            receiver.crypto_secretstream_xchacha20poly1305_pull?.(pull, plain, found, cipher, extra)
            expect([plain.equals(message), found[0]]).toEqual([true, tag])
          }
          expect(push.equals(pull)).toBe(true)
        },
      ),
    )
  })

  test('the ratchet goes on when its counter is used up', () => {
    const states = sodiums.map((sodium) => {
      const state = Buffer.alloc(52)
      sodium.crypto_secretstream_xchacha20poly1305_init_pull?.(state, Buffer.alloc(24, 1), Buffer.alloc(32, 2))
      state.fill(0xff, 32, 36)
      for (let count = 0; count < 3; count++) {
        sodium.crypto_secretstream_xchacha20poly1305_push?.(state, Buffer.alloc(22), Buffer.from('hello'), null, 0)
      }
      return state.toString('hex')
    })
    expect(states[1]).toBe(states[0])
  })

  test('in its own memory, as connections do it', () => {
    const made = sodiums.map((sodium) => {
      const state = Buffer.alloc(52)
      sodium.crypto_secretstream_xchacha20poly1305_init_pull?.(state, Buffer.alloc(24, 1), Buffer.alloc(32, 2))
      const memory = Buffer.alloc(1 + 1000 + 16, 3)
      sodium.crypto_secretstream_xchacha20poly1305_push?.(state, memory, memory.subarray(1, 1001), null, 0)
      return memory.toString('hex')
    })
    expect(made[1]).toBe(made[0])
    const state = new Uint8Array(52)
    web.crypto_secretstream_xchacha20poly1305_init_pull(state, new Uint8Array(24).fill(1), new Uint8Array(32).fill(2))
    const memory = Buffer.from(made[0] ?? '', 'hex')
    web.crypto_secretstream_xchacha20poly1305_pull(state, memory.subarray(1, 1001), new Uint8Array(1), memory, null)
    expect(memory.subarray(1, 1001).equals(Buffer.alloc(1000, 3))).toBe(true)
  })

  test('what was changed is refused, and the state stays', () => {
    fc.assert(
      fc.property(bytes(32), anyBytes(60), fc.nat(1000), (key, message, at) => {
        const [push, pull, header] = [Buffer.alloc(52), Buffer.alloc(52), Buffer.alloc(24)]
        native.crypto_secretstream_xchacha20poly1305_init_push(push, header, Buffer.from(key))
        web.crypto_secretstream_xchacha20poly1305_init_pull(pull, header, key)
        const cipher = Buffer.alloc(message.length + 17)
        native.crypto_secretstream_xchacha20poly1305_push(push, cipher, Buffer.from(message), null, 0)
        cipher[at % cipher.length] = (cipher[at % cipher.length] ?? 0) ^ 4
        const before = pull.toString('hex')
        expect(() =>
          web.crypto_secretstream_xchacha20poly1305_pull(
            pull,
            new Uint8Array(message.length),
            new Uint8Array(1),
            cipher,
            null,
          ),
        ).toThrow('could not verify')
        expect(pull.toString('hex')).toBe(before)
      }),
    )
  })
})

test('counts up as libsodium does', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 1, 254, 255), { minLength: 1, maxLength: 8 }), (digits) => {
      const [theirs, ours] = [Buffer.from(digits), Buffer.from(digits)]
      native.sodium_increment(theirs)
      web.sodium_increment(ours)
      expect(ours.equals(theirs)).toBe(true)
    }),
  )
})

test('has every constant with the value that libsodium gives it', () => {
  for (const [name, value] of Object.entries(web)) {
    if (typeof value !== 'number') continue
    const theirs = (native as unknown as Record<string, unknown>)[name]
    expect([name, Buffer.isBuffer(theirs) ? theirs[0] : theirs]).toEqual([name, value])
  }
})

test('says so where something is called that hypercore does not need', () => {
  expect(() => web.crypto_box_seal()).toThrow('crypto_box_seal is not part of the cryptography for pages')
})
