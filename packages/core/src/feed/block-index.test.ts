import b4a from 'b4a'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { HypervisionError } from '../contracts/index.ts'
import { type BlockIndex, decodeBlockIndex, encodeBlockIndex } from './block-index.ts'

/** The vectors of docs/feed-format.md. */
const vectors: [hex: string, blockNumber: number, index: BlockIndex][] = [
  ['687601010000', 0, { init: true, key: false, end: false, initDistance: 0, keyDistance: 0 }],
  ['687601020100', 1, { init: false, key: true, end: false, initDistance: 1, keyDistance: 0 }],
  ['687601000302', 3, { init: false, key: false, end: false, initDistance: 3, keyDistance: 2 }],
  ['68760100fd2c0109', 1000, { init: false, key: false, end: false, initDistance: 300, keyDistance: 9 }],
  ['68760100fe7011010000', 1_000_000, { init: false, key: false, end: false, initDistance: 70_000, keyDistance: 0 }],
  ['687601040504', 5, { init: false, key: false, end: true, initDistance: 5, keyDistance: 4 }],
]

function decodingError(hex: string, blockNumber = 100): string {
  try {
    decodeBlockIndex(b4a.from(hex, 'hex'), blockNumber)
    return 'read'
  } catch (error) {
    return error instanceof HypervisionError ? error.code : 'another error'
  }
}

it.each(vectors)('encodes and decodes the vector %s', (hex, blockNumber, index) => {
  expect(b4a.toString(encodeBlockIndex(index), 'hex')).toBe(hex)
  expect(decodeBlockIndex(b4a.from(hex, 'hex'), blockNumber)).toEqual(index)
})

it('decodes what it encoded, for every place in an epoch', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 31), fc.nat(2 ** 31), fc.nat(2 ** 31), fc.boolean(), (before, a, b, end) => {
      const initDistance = Math.max(a, b) + 1
      const keyDistance = Math.min(a, b)
      const index = { init: false, key: keyDistance === 0 && !end, end, initDistance, keyDistance }
      expect(decodeBlockIndex(encodeBlockIndex(index), before + initDistance)).toEqual(index)
    }),
  )
})

it('passes over bytes that a later minor version may add', () => {
  expect(decodeBlockIndex(b4a.from('687601020100ffff', 'hex'), 1).key).toBe(true)
})

it('refuses a newer major version with a code of its own', () => {
  expect(decodingError('687603020100')).toBe('ERR_FEED_VERSION')
  expect(decodingError('687602020100')).toBe('ERR_SECRET_MISSING')
})

it.each([
  ['no bytes', ''],
  ['another tag', '687701020100'],
  ['version 0', '687600020100'],
  ['no distances', '68760102'],
  ['half a distance', '68760100fd2c'],
  ['an init block with a distance', '687601010100'],
  ['a Cluster at distance 0', '687601020000'],
  ['a distance before the first block', '68760102ff0000000000000100'],
  ['a keyframe before its epoch', '687601000505'],
  ['a key block with a keyframe elsewhere', '687601020504'],
  ['an end that is a keyframe', '687601060500'],
])('refuses %s', (_what, hex) => {
  expect(decodingError(hex)).toBe('ERR_FEED_FORMAT')
})

it('decodes or refuses any bytes, and never throws anything else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 30 }), fc.nat(), (bytes, blockNumber) => {
      const hex = `687601${b4a.toString(bytes, 'hex')}`
      expect(['read', 'ERR_FEED_FORMAT', 'ERR_FEED_VERSION']).toContain(decodingError(hex, blockNumber))
    }),
  )
})
