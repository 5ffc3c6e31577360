import { describe, expect, it } from 'vitest'
import { readVoid, writeVoid } from './index.ts'

describe('a Void element', () => {
  it('holds its payload, wherever it stands', () => {
    const bytes = Buffer.concat([Buffer.from('ab'), writeVoid(Buffer.from('index')), Buffer.from('cd')])
    expect([...writeVoid(Uint8Array.of(7))]).toEqual([0xec, 0x81, 7])
    expect(readVoid(bytes, 2)).toEqual({ payload: Buffer.from('index'), byteLength: 7 })
    expect(readVoid(bytes)).toBeNull()
    expect(readVoid(bytes, 9)).toBeNull()
    expect(readVoid(bytes, 99)).toBeNull()
  })

  it('has a size of as many bytes as it needs', () => {
    for (const length of [0, 126, 127, 20_000]) {
      const bytes = writeVoid(new Uint8Array(length))
      expect(readVoid(bytes)).toEqual({ payload: new Uint8Array(length), byteLength: bytes.length })
    }
    expect(writeVoid(new Uint8Array(126))).toHaveLength(128)
    expect(writeVoid(new Uint8Array(127))).toHaveLength(130)
  })

  it.each([
    ['its head is cut off', [0xec, 0x40]],
    ['its payload is cut off', [0xec, 0x82, 1]],
    ['its size is unknown', [0xec, 0xff, 1]],
    ['its size is longer than 8 bytes', [0xec, 0x00, 1]],
  ])('is refused when %s', (_what, bytes) => {
    expect(() => readVoid(Uint8Array.from(bytes))).toThrow(expect.objectContaining({ code: 'ERR_WEBM_MALFORMED' }))
  })
})
