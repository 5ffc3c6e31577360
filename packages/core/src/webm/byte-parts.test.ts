import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteParts } from './byte-parts.ts'

describe('bytes in parts', () => {
  it('are what was appended, however it was cut, read in any order', () => {
    const slices = fc.array(fc.record({ bytes: fc.uint8Array({ maxLength: 1500 }), gap: fc.nat({ max: 3 }) }), {
      maxLength: 40,
    })
    fc.assert(
      fc.property(slices, fc.array(fc.nat({ max: 4000 }), { maxLength: 20 }), (parts, offsets) => {
        const one = new ByteParts()
        const copies = new ByteParts()
        const wanted: number[] = []
        for (const { bytes, gap } of parts) {
          one.append(bytes, Math.min(gap, bytes.length), bytes.length)
          wanted.push(...bytes.subarray(gap))
          // Handed on frame by frame and cleared behind it, as the reader does.
          const frame = new ByteParts()
          for (let at = gap; at < bytes.length; at++) frame.append(bytes, at, at + 1)
          copies.appendAll(frame)
          frame.clear()
        }
        expect([...one.join()]).toEqual(wanted)
        expect([...copies.join()]).toEqual(wanted)
        expect(one.length).toBe(wanted.length)
        for (const offset of [...offsets, 0]) expect(copies.byteAt(offset)).toBe(wanted[offset] ?? 0)
      }),
    )
  })

  it('stay as they were handed on when their first holder reuses its memory', () => {
    const first = new ByteParts()
    const second = new ByteParts()
    const wanted: number[] = []
    for (let frame = 0; frame < 50; frame++) {
      first.clear()
      for (let byte = 0; byte < 300; byte++) {
        first.append(Uint8Array.of((frame * 7 + byte) & 0xff), 0, 1)
        wanted.push((frame * 7 + byte) & 0xff)
      }
      second.appendAll(first)
    }
    expect([...second.join()]).toEqual(wanted)
  })

  it('let go of large chunks of which little is wanted', () => {
    const parts = new ByteParts()
    // 600 bytes out of each chunk of 1 MiB: after 33 chunks, those before would weigh more than they may.
    const chunks = Array.from({ length: 40 }, (_, index) => new Uint8Array(1024 * 1024).fill(index))
    for (const chunk of chunks) parts.append(chunk, 100, 700)
    for (const chunk of chunks.slice(0, 30)) chunk.fill(0xee)
    const bytes = parts.join()
    expect(bytes).toHaveLength(40 * 600)
    expect(bytes.includes(0xee)).toBe(false)
    expect(bytes[39 * 600]).toBe(39)
  })
})
