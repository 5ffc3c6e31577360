// Every function beside sodium-native on the same input: the bytes are the same, and so is what is refused.
import { ED25519_TORSION_SUBGROUP, ed25519 } from '@noble/curves/ed25519.js'
import b4a from 'b4a'
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
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(filled.subarray(at, at + 65_536))
  return filled
})

/** What both make of a call: the output they filled, what they returned, or that they refused. */
function both(name: string, outputs: number[], inputs: unknown[]) {
  return sodiums.map((sodium) => {
    const filled = outputs.map((length) => b4a.alloc(length))
    try {
      const returned = sodium[name]?.(...filled, ...inputs)
      return {
        filled: filled.map((output) => b4a.toString(output, 'hex')),
        returned: returned === false ? false : 'done',
      }
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
function expectMade(name: string, outputs: number[], ...inputs: unknown[]): Uint8Array {
  const made = expectSame(name, outputs, ...inputs)
  if (made === 'refused' || made === undefined) throw new Error(`${name} was refused`)
  expect(made.returned).toBe('done')
  return b4a.from(made.filled[0] ?? '', 'hex')
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
        const [publicKey, secretKey] = [b4a.alloc(32), b4a.alloc(64)]
        native.crypto_sign_seed_keypair(publicKey, secretKey, b4a.from(seed))
        expectMade('crypto_sign_detached', [64], message, secretKey)
        expectMade('crypto_sign_ed25519_sk_to_pk', [32], secretKey)
        const signature = b4a.alloc(64)
        native.crypto_sign_detached(signature, b4a.from(message), secretKey)
        expect(web.crypto_sign_verify_detached(signature, message, publicKey)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  test('what was changed, and what is no signature at all, is refused as libsodium refuses it', () => {
    fc.assert(
      fc.property(bytes(32), anyBytes(60), fc.nat(95), fc.nat(7), (seed, message, at, bit) => {
        const [publicKey, secretKey, signature] = [b4a.alloc(32), b4a.alloc(64), b4a.alloc(64)]
        native.crypto_sign_seed_keypair(publicKey, secretKey, b4a.from(seed))
        native.crypto_sign_detached(signature, b4a.from(message), secretKey)
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
      const key = b4a.from(hex, 'hex')
      const signature = b4a.concat([key, b4a.alloc(32)])
      expect(expectSame('crypto_sign_verify_detached', [], signature, b4a.from('hello'), key)).toMatchObject({
        returned: false,
      })
      expect(expectSame('crypto_scalarmult_ed25519_noclamp', [32], b4a.alloc(32, 7), key)).toBe('refused')
    }
  })

  test('points with a part of small order are taken and refused as libsodium does it', () => {
    const { Point } = ed25519
    const toNumber = (bytes: Uint8Array) =>
      Point.Fn.create(BigInt(`0x${b4a.toString(b4a.from(bytes).reverse(), 'hex')}`))
    const results = new Set<unknown>()
    for (const [at, hex] of ED25519_TORSION_SUBGROUP.entries()) {
      for (const isInKey of [false, true]) {
        const torsion = Point.fromHex(hex)
        const secret = BigInt(1234 + at)
        const nonce = 98_765n
        const key = Point.BASE.multiply(secret)
          .add(isInKey ? torsion : Point.ZERO)
          .toBytes()
        const point = Point.BASE.multiply(nonce)
          .add(isInKey ? Point.ZERO : torsion)
          .toBytes()
        const message = b4a.from('hello')
        const hash = b4a.alloc(64)
        web.crypto_hash_sha512(hash, b4a.concat([point, key, message]))
        const factor = Point.Fn.toBytes(Point.Fn.create(nonce + toNumber(hash) * secret))
        results.add(expectSame('crypto_sign_verify_detached', [], b4a.concat([point, factor]), message, b4a.from(key)))
      }
    }
    expect(results).toContainEqual({ filled: [], returned: false })
    expect(results).toContainEqual({ filled: [], returned: 'done' })
  })

  test('a signature is checked alike the first time, the second, and after many other keys', () => {
    const keys = Array.from({ length: 12 }, (_, at) => {
      const [publicKey, secretKey, signature] = [b4a.alloc(32), b4a.alloc(64), b4a.alloc(64)]
      web.crypto_sign_seed_keypair(publicKey, secretKey, b4a.alloc(32, at))
      web.crypto_sign_detached(signature, publicKey, secretKey)
      return { publicKey, signature }
    })
    for (let round = 0; round < 3; round++) {
      for (const { publicKey, signature } of keys) {
        expect(web.crypto_sign_verify_detached(signature, publicKey, publicKey)).toBe(true)
        expect(web.crypto_sign_verify_detached(signature, publicKey, publicKey)).toBe(true)
        expect(web.crypto_sign_verify_detached(signature, signature, publicKey)).toBe(false)
      }
    }
  })

  test('a secret key whose halves do not belong together signs as libsodium signs with it', () => {
    fc.assert(
      fc.property(bytes(64), anyBytes(60), (secretKey, message) => {
        expectMade('crypto_sign_detached', [64], message, secretKey)
      }),
      { numRuns: 30 },
    )
  })

  test('Diffie-Hellman on the curve', () => {
    fc.assert(
      fc.property(bytes(32), bytes(32), (scalar, seed) => {
        const [publicKey, secretKey] = [b4a.alloc(32), b4a.alloc(64)]
        native.crypto_sign_seed_keypair(publicKey, secretKey, b4a.from(seed))
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
        const [theirs, ours] = [b4a.from(message), b4a.from(message)]
        native.crypto_stream_xor(theirs, theirs, b4a.from(nonce), b4a.from(key))
        web.crypto_stream_xor(ours, ours, nonce, key)
        expect(b4a.equals(ours, theirs)).toBe(true)
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
          const [push, pull, header] = [b4a.alloc(52), b4a.alloc(52), b4a.alloc(24)]
          sender.crypto_secretstream_xchacha20poly1305_init_push?.(push, header, b4a.from(key))
          receiver.crypto_secretstream_xchacha20poly1305_init_pull?.(pull, header, b4a.from(key))
          for (const [message, tag, additional] of messages) {
            const cipher = b4a.alloc(message.length + 17)
            const extra = additional === null ? null : b4a.from(additional)
            sender.crypto_secretstream_xchacha20poly1305_push?.(push, cipher, b4a.from(message), extra, tag)
            const [plain, found] = [b4a.alloc(message.length), b4a.alloc(1)]
            receiver.crypto_secretstream_xchacha20poly1305_pull?.(pull, plain, found, cipher, extra)
            expect([b4a.equals(plain, message), found[0]]).toEqual([true, tag])
          }
          expect(b4a.equals(push, pull)).toBe(true)
        },
      ),
    )
  })

  test('the ratchet goes on when its counter is used up', () => {
    const states = sodiums.map((sodium) => {
      const state = b4a.alloc(52)
      sodium.crypto_secretstream_xchacha20poly1305_init_pull?.(state, b4a.alloc(24, 1), b4a.alloc(32, 2))
      state.fill(0xff, 32, 36)
      for (let count = 0; count < 3; count++) {
        sodium.crypto_secretstream_xchacha20poly1305_push?.(state, b4a.alloc(22), b4a.from('hello'), null, 0)
      }
      return b4a.toString(state, 'hex')
    })
    expect(states[1]).toBe(states[0])
  })

  test('in its own memory, as connections do it', () => {
    const made = sodiums.map((sodium) => {
      const state = b4a.alloc(52)
      sodium.crypto_secretstream_xchacha20poly1305_init_pull?.(state, b4a.alloc(24, 1), b4a.alloc(32, 2))
      const memory = b4a.alloc(1 + 1000 + 16, 3)
      sodium.crypto_secretstream_xchacha20poly1305_push?.(state, memory, memory.subarray(1, 1001), null, 0)
      return b4a.toString(memory, 'hex')
    })
    expect(made[1]).toBe(made[0])
    const state = new Uint8Array(52)
    web.crypto_secretstream_xchacha20poly1305_init_pull(state, new Uint8Array(24).fill(1), new Uint8Array(32).fill(2))
    const memory = b4a.from(made[0] ?? '', 'hex')
    web.crypto_secretstream_xchacha20poly1305_pull(state, memory.subarray(1, 1001), new Uint8Array(1), memory, null)
    expect(b4a.equals(memory.subarray(1, 1001), b4a.alloc(1000, 3))).toBe(true)
  })

  test('what was changed is refused, and the state stays', () => {
    fc.assert(
      fc.property(bytes(32), anyBytes(60), fc.nat(1000), (key, message, at) => {
        const [push, pull, header] = [b4a.alloc(52), b4a.alloc(52), b4a.alloc(24)]
        native.crypto_secretstream_xchacha20poly1305_init_push(push, header, b4a.from(key))
        web.crypto_secretstream_xchacha20poly1305_init_pull(pull, header, key)
        const cipher = b4a.alloc(message.length + 17)
        native.crypto_secretstream_xchacha20poly1305_push(push, cipher, b4a.from(message), null, 0)
        cipher[at % cipher.length] = (cipher[at % cipher.length] ?? 0) ^ 4
        const before = b4a.toString(pull, 'hex')
        expect(() =>
          web.crypto_secretstream_xchacha20poly1305_pull(
            pull,
            new Uint8Array(message.length),
            new Uint8Array(1),
            cipher,
            null,
          ),
        ).toThrow('could not verify')
        expect(b4a.toString(pull, 'hex')).toBe(before)
      }),
    )
  })
})

describe('published vectors', () => {
  test('of Ed25519: RFC 8032, section 7.1, test 3', () => {
    const [publicKey, secretKey, signature] = [b4a.alloc(32), b4a.alloc(64), b4a.alloc(64)]
    const seed = b4a.from('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7', 'hex')
    web.crypto_sign_seed_keypair(publicKey, secretKey, seed)
    expect(b4a.toString(publicKey, 'hex')).toBe('fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025')
    web.crypto_sign_detached(signature, b4a.from('af82', 'hex'), secretKey)
    expect(b4a.toString(signature, 'hex')).toBe(
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    )
  })

  test('of BLAKE2b: RFC 7693, appendix A', () => {
    const hash = b4a.alloc(64)
    web.crypto_generichash(hash, b4a.from('abc'))
    expect(b4a.toString(hash, 'hex')).toBe(
      'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923',
    )
  })

  test('of ChaCha20-Poly1305: RFC 8439, section 2.8.2', () => {
    const message =
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."
    const cipher = b4a.alloc(message.length + 16)
    web.crypto_aead_chacha20poly1305_ietf_encrypt(
      cipher,
      b4a.from(message),
      b4a.from('50515253c0c1c2c3c4c5c6c7', 'hex'),
      null,
      b4a.from('070000004041424344454647', 'hex'),
      Uint8Array.from({ length: 32 }, (_, at) => 0x80 + at),
    )
    expect(b4a.toString(cipher.subarray(0, 16), 'hex')).toBe('d31a8d34648e60db7b86afbc53ef7ec2')
    expect(b4a.toString(cipher.subarray(-16), 'hex')).toBe('1ae10b594f09e26a7e902ecbd0600691')
  })
})

test('counts up as libsodium does', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 1, 254, 255), { minLength: 1, maxLength: 8 }), (digits) => {
      const [theirs, ours] = [b4a.from(digits), b4a.from(digits)]
      native.sodium_increment(theirs)
      web.sodium_increment(ours)
      expect(b4a.equals(ours, theirs)).toBe(true)
    }),
  )
})

test('has every constant with the value that libsodium gives it', () => {
  for (const [name, value] of Object.entries(web)) {
    if (typeof value !== 'number') continue
    const theirs = (native as unknown as Record<string, unknown>)[name]
    expect([name, theirs instanceof Uint8Array ? theirs[0] : theirs]).toEqual([name, value])
  }
})

test('says so where something is called that hypercore does not need', () => {
  expect(() => web.crypto_box_seal()).toThrow('crypto_box_seal is not part of the cryptography for pages')
})
