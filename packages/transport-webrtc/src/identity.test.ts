import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newKeyPair } from '../test/test-node.ts'
import { readIdentity, type SignedParts, Signer } from './identity.ts'

const parts: SignedParts = { type: 'offer', topic: new Uint8Array(32).fill(1), fingerprints: ['a=fingerprint:x'] }

test('who made a description is read from it', () => {
  const signer = new Signer(newKeyPair())
  const { id, publicKey, session } = signer
  expect(readIdentity(signer.sign(parts), parts)).toEqual({ id, publicKey, session })
})

test.each<[string, SignedParts]>([
  ['another certificate', { ...parts, fingerprints: ['a=fingerprint:y'] }],
  ['one certificate more', { ...parts, fingerprints: [...parts.fingerprints, 'a=fingerprint:y'] }],
  ['another topic', { ...parts, topic: new Uint8Array(32) }],
  ['the other type', { ...parts, type: 'answer' }],
])('a signature does not hold for %s', (_name, other) => {
  expect(readIdentity(new Signer(newKeyPair()).sign(parts), other)).toBe(null)
})

test('a signature with any digit changed is refused, and so is anything that is none', () => {
  const text = new Signer(newKeyPair()).sign(parts)
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.constantFrom(...'0123456789abcdef g'), (at, digit) => {
      fc.pre(text[at] !== digit)
      expect(readIdentity(text.slice(0, at) + digit + text.slice(at + 1), parts)).toBe(null)
    }),
    { numRuns: 50 },
  )
  fc.assert(fc.property(fc.string(), (garbage) => readIdentity(garbage, parts) === null))
  expect(readIdentity(null, parts)).toBe(null)
})

// Found by fuzzing: a point of small order that is multiplied is soon zero, so that a signature of zeros holds for whatever it is said to sign.
test.each([
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
])('nobody is identified by a key that needs no secret: %s', (key) => {
  for (const point of [key, '00'.repeat(32), `01${'00'.repeat(31)}`]) {
    for (let at = 0; at < 16; at++) {
      const text = `1 ${key} 000000000000000${at.toString(16)} ${point}${'00'.repeat(32)}`
      expect(readIdentity(text, parts)).toBe(null)
    }
  }
})
