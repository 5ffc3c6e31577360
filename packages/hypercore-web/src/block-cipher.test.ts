// Both forms beside each other, and beside the paper's own example.
import b4a from 'b4a'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as native from './block-cipher.ts'
import * as web from './stand-ins/block-cipher.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const hex = (value: Uint8Array | null): string | null => value && b4a.toString(value, 'hex')

test('Node and pages make and open the same, and neither opens what was changed', () => {
  fc.assert(
    fc.property(
      bytes(32),
      bytes(24),
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ maxLength: 80 }),
      fc.nat(),
      (key, nonce, message, additional, place) => {
        const cipher = native.encrypt(key, nonce, message, additional)
        expect(hex(web.encrypt(key, nonce, message, additional))).toBe(hex(cipher))
        for (const { decrypt } of [native, web]) {
          expect(hex(decrypt(key, nonce, cipher, additional))).toBe(hex(message))
          const changed = b4a.from(cipher)
          changed[place % changed.length] = (changed[place % changed.length] ?? 0) ^ 1
          expect(decrypt(key, nonce, changed, additional)).toBe(null)
          expect(decrypt(key, nonce, cipher, b4a.concat([additional, b4a.alloc(1)]))).toBe(null)
          expect(decrypt(key, nonce, cipher.subarray(0, 15), additional)).toBe(null)
        }
        expect(hex(web.keyedHash(key, [message, additional], 32))).toBe(
          hex(native.keyedHash(key, [message, additional], 32)),
        )
      },
    ),
  )
})

test('the example of the XChaCha draft comes out (draft-irtf-cfrg-xchacha-03, A.3.1)', () => {
  const key = Uint8Array.from({ length: 32 }, (_, at) => 0x80 + at)
  const nonce = Uint8Array.from({ length: 24 }, (_, at) => 0x40 + at)
  const additional = b4a.from('50515253c0c1c2c3c4c5c6c7', 'hex')
  const message = b4a.from(
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
  )
  expect(hex(native.encrypt(key, nonce, message, additional))).toBe(
    'bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452' +
      '2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49',
  )
})
