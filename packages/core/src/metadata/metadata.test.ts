// Metadata to the byte, at each limit and one past it, and whatever else a peer or another broadcaster may send.
import b4a from 'b4a'
import fc from 'fast-check'
import Hypercore from 'hypercore'
import { keyPair, sign } from 'hypercore-crypto'
import { describe, expect, it } from 'vitest'
import { friday, png, silent } from '../../test/metadata-samples.ts'
import { HypervisionError } from '../contracts/index.ts'
import { checkMetadata, mergeMetadata } from './check-metadata.ts'
import { imageTypeOf } from './image-type.ts'
import {
  latestStartMs,
  maxDescription,
  maxPosterBytes,
  maxTitle,
  readMetadata,
  writeMetadata,
} from './metadata-payload.ts'
import { maxPayloadBytes, maxRecordBytes, readRecord, signRecord } from './metadata-record.ts'
import type { ChannelMetadata, MetadataOptions } from './types.ts'

const pair = keyPair(b4a.alloc(32, 1))
const key = Hypercore.key(pair.publicKey)

const fridayHex =
  '686d01' +
  '010b4672696461792073686f77' +
  '02164c6976652066726f6d20746865206b69746368656e2e' +
  '0308a06159809b010000' +
  '040c89504e470d0a1a0a07070707'

function codeOf(run: () => unknown): string {
  try {
    run()
    return 'fine'
  } catch (error) {
    return error instanceof HypervisionError ? error.code : `another error: ${error}`
  }
}

function hex(text: string): Uint8Array {
  return Uint8Array.from(b4a.from(text, 'hex'))
}

describe('the bytes of metadata', () => {
  it('are those of the specification', () => {
    expect(b4a.toString(writeMetadata(friday), 'hex')).toBe(fridayHex)
    expect(readMetadata(hex(fridayHex))).toEqual(friday)
    expect(readMetadata(hex('686d01'))).toEqual(silent)
  })

  it('leave room for fields that are not known', () => {
    expect(readMetadata(hex('686d01010141fe03aabbcc'))).toEqual({ ...silent, title: 'A' })
  })

  it.each([
    ['nothing', ''],
    ['another tag', '686e01'],
    ['version 0', '686d00'],
    ['a field without a length', '686d0101'],
    ['a length that is cut short', '686d0101fd01'],
    ['a field that is cut short', '686d01010241'],
    ['a field twice', '686d01010141010142'],
    ['fields out of order', '686d01020141010142'],
    ['field 0', '686d01000141'],
    ['an empty title', '686d010100'],
    ['a title that is not UTF-8', '686d010102c328'],
    ['a start of seven bytes', '686d01030700000000000000'],
    ['a start past the last Date', `686d010308${b4a.toString(hex('01000000000020ff'), 'hex')}`],
    ['a poster that is a page', `686d01040f${b4a.toString(b4a.from('<svg onload=x/>'), 'hex')}`],
  ])('are refused where they are %s', (_, bytes) => {
    expect(codeOf(() => readMetadata(hex(bytes)))).toBe('ERR_FEED_FORMAT')
  })

  it('are refused with a code of their own where they are of a newer version', () => {
    expect(codeOf(() => readMetadata(hex('686d02')))).toBe('ERR_FEED_VERSION')
  })

  it.each<[string, ChannelMetadata, ChannelMetadata]>([
    ['title', { ...silent, title: 'ü'.repeat(maxTitle) }, { ...silent, title: 'u'.repeat(maxTitle + 1) }],
    [
      'description',
      { ...silent, description: '語'.repeat(maxDescription) },
      { ...silent, description: 'x'.repeat(maxDescription + 1) },
    ],
    [
      'poster',
      { ...silent, poster: { type: 'image/png', bytes: png(maxPosterBytes) } },
      { ...silent, poster: { type: 'image/png', bytes: png(maxPosterBytes + 1) } },
    ],
    ['start', { ...silent, startsAt: new Date(latestStartMs) }, { ...silent, startsAt: laterThanEver() }],
  ])('hold a %s at its limit, and not one past it', (_, atLimit, past) => {
    expect(readMetadata(writeMetadata(atLimit))).toEqual(atLimit)
    expect(codeOf(() => readMetadata(writeMetadata(past)))).toBe('ERR_FEED_FORMAT')
  })

  it('fit into a record with everything at its limit and 64 bytes for a cipher', () => {
    const all = {
      title: '語'.repeat(maxTitle),
      description: '語'.repeat(maxDescription),
      startsAt: new Date(latestStartMs),
      poster: { type: 'image/png', bytes: png(maxPosterBytes) },
    } as const
    expect(writeMetadata(all).byteLength + 64).toBeLessThanOrEqual(maxPayloadBytes)
  })

  it('come back as they went, whatever they are', () => {
    const text = (longest: number) =>
      fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: longest / 16 }), { nil: null })
    const metadata = fc.record<ChannelMetadata>({
      title: text(maxTitle).filter((title) => title === null || title.length <= maxTitle),
      description: text(maxDescription).filter((one) => one === null || one.length <= maxDescription),
      startsAt: fc.option(
        fc.integer({ min: 0, max: latestStartMs }).map((ms) => new Date(ms)),
        { nil: null },
      ),
      poster: fc.option(
        fc.nat(4000).map((more) => ({ type: 'image/png' as const, bytes: png(8 + more) })),
        { nil: null },
      ),
    })
    fc.assert(
      fc.property(metadata, (one) => {
        expect(readMetadata(writeMetadata(one))).toEqual(one)
      }),
    )
  })

  it('are read or refused with a code, whatever the bytes', () => {
    const anything = fc.uint8Array({ maxLength: 200 })
    const nearly = fc.tuple(fc.nat(60), fc.uint8Array({ minLength: 1, maxLength: 9 })).map(([at, bytes]) => {
      const changed = hex(fridayHex)
      changed.set(bytes, at % (changed.byteLength - bytes.byteLength))
      return changed
    })
    const cut = fc.nat(fridayHex.length / 2).map((length) => hex(fridayHex).subarray(0, length))
    fc.assert(
      fc.property(fc.oneof(anything, nearly, cut), (bytes) =>
        ['fine', 'ERR_FEED_FORMAT', 'ERR_FEED_VERSION'].includes(codeOf(() => readMetadata(bytes))),
      ),
      { numRuns: 2000 },
    )
  })
})

describe('a record', () => {
  const record = { revision: 1767384900000, isSealed: false, payload: hex(fridayHex) }
  const signed = signRecord(record, pair)

  it('is what the specification has, and proves itself with nothing but the key of the channel', () => {
    expect(b4a.toString(signed.subarray(0, 34), 'hex')).toBe(
      '01008a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c',
    )
    expect(b4a.toString(signed.subarray(34, 98), 'hex')).toBe(
      '69841beb1f69303347a76a35c978d5fab776e2f31fd1ea78e6111abdfafe2cecc47938eb84851c6e93656ad13c513163f78624c2770565dd3538023b7e474909',
    )
    expect(b4a.toString(signed.subarray(98, 106), 'hex')).toBe('a06159809b010000')
    expect(readRecord(Uint8Array.from(signed), key)).toEqual(record)
  })

  it('holds nothing that was changed after it was signed, and is of no other channel', () => {
    fc.assert(
      fc.property(fc.nat(signed.byteLength - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = b4a.from(signed)
        changed[at] = (changed[at] ?? 0) ^ change
        return readRecord(changed, key) === null
      }),
      { numRuns: 300 },
    )
    expect(readRecord(signed, Hypercore.key(keyPair().publicKey))).toBeNull()
    expect(readRecord(signRecord(record, keyPair()), key)).toBeNull()
  })

  it('is none where the bytes are anything else, short or long', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => readRecord(bytes, key) === null))
    const longest = signRecord({ ...record, payload: b4a.alloc(maxPayloadBytes) }, pair)
    expect(longest.byteLength).toBe(maxRecordBytes)
    expect(readRecord(longest, key)).not.toBeNull()
    expect(readRecord(signRecord({ ...record, payload: b4a.alloc(maxPayloadBytes + 1) }, pair), key)).toBeNull()
    expect(readRecord(signRecord({ ...record, payload: b4a.alloc(0) }, pair), key)).toBeNull()
    expect(readRecord(signRecord({ ...record, revision: 0 }, pair), key)).toBeNull()
  })

  it('is not to be had out of a signature for something else', () => {
    const other = b4a.from(signed)
    other.set(sign(signed.subarray(98), pair.secretKey), 34)
    expect(readRecord(other, key)).toBeNull()
  })
})

describe('what a broadcaster says', () => {
  it.each<[string, MetadataOptions]>([
    ['an empty title', { title: '' }],
    ['a title that is too long', { title: 'x'.repeat(maxTitle + 1) }],
    ['half a character', { title: '\ud83c' }],
    ['a description that is too long', { description: 'x'.repeat(maxDescription + 1) }],
    ['no date', { startsAt: new Date(Number.NaN) }],
    ['a start before 1970', { startsAt: new Date(-1) }],
    ['a text for a date', { startsAt: '2026-01-02' as unknown as Date }],
    ['a poster that is too large', { poster: png(maxPosterBytes + 1) }],
    ['a poster that is text', { poster: b4a.from('<svg/>') }],
    ['a poster that is a name', { poster: 'poster.png' as unknown as Uint8Array }],
  ])('is refused where it is %s', (_, said) => {
    expect(codeOf(() => checkMetadata(said))).toBe('ERR_OPTION_INVALID')
  })

  it('stays where it is left out, goes where it is null, and is no longer the application’s to change', () => {
    const poster = png()
    const first = mergeMetadata(null, { title: 'One', poster })
    poster.fill(0)
    expect(first).toEqual({ ...silent, title: 'One', poster: { type: 'image/png', bytes: png() } })
    expect(mergeMetadata(first, { title: null, description: 'Two' })).toEqual({
      ...first,
      title: null,
      description: 'Two',
    })
    expect(() => checkMetadata({ title: null, description: null, poster: null, startsAt: null })).not.toThrow()
  })

  it('may have a poster of the four formats', () => {
    expect(imageTypeOf(hex('ffd8ffe0'))).toBe('image/jpeg')
    expect(imageTypeOf(png())).toBe('image/png')
    expect(imageTypeOf(b4a.from('RIFF1234WEBPVP8 '))).toBe('image/webp')
    expect(imageTypeOf(b4a.from('\0\0\0\x20ftypavif'))).toBe('image/avif')
    expect(imageTypeOf(b4a.from('GIF89a'))).toBeNull()
    expect(imageTypeOf(b4a.from('RIFF1234WAVE'))).toBeNull()
  })
})

/** Written as it is, although no Date holds it. */
function laterThanEver(): Date {
  return { getTime: () => latestStartMs + 1 } as Date
}
