import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readVint, unknownSize, vintLength, writeVint } from './index.ts'

describe('variable-size integers', () => {
  it('are those of RFC 8794', () => {
    expect([...writeVint(2)]).toEqual([0x82])
    expect([...writeVint(2, 2)]).toEqual([0x40, 0x02])
    expect([...writeVint(2, 8)]).toEqual([0x01, 0, 0, 0, 0, 0, 0, 0x02])
    expect([...writeVint(126)]).toEqual([0xfe])
    // 127 in one byte is all ones, and so would say "unknown".
    expect([...writeVint(127)]).toEqual([0x40, 0x7f])
    expect([...writeVint(unknownSize)]).toEqual([0xff])
    expect([...writeVint(unknownSize, 8)]).toEqual([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])
  })

  it('read back as they were written, in every width that holds them', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat({ max: 7 }), fc.nat({ max: 5 }), (value, wider, offset) => {
        const length = Math.min(8, vintLength(value) + wider)
        const bytes = new Uint8Array(offset + length)
        bytes.set(writeVint(value, length), offset)
        expect(readVint(bytes, offset)).toEqual({ value, length })
        expect(readVint(bytes.subarray(0, -1), offset)).toBe('need-more')
      }),
    )
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('of all ones in %i bytes are the unknown size', (length) => {
    expect(readVint(writeVint(unknownSize, length))).toEqual({ value: unknownSize, length })
  })

  it('are malformed when they are longer than 8 bytes or above 2^53 - 1', () => {
    expect(readVint(Uint8Array.of(0, 1))).toBe('malformed')
    expect(readVint(Uint8Array.of(1, 0x20, 0, 0, 0, 0, 0, 0))).toBe('malformed')
    expect(readVint(Uint8Array.of(1, 0x1f, 255, 255, 255, 255, 255, 255))).toEqual({
      value: Number.MAX_SAFE_INTEGER,
      length: 8,
    })
    expect(readVint(new Uint8Array(0))).toBe('need-more')
  })
})
