import c from 'compact-encoding'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answer, hello, isDescription, neighbours, offer, room, seek } from './messages.ts'

const key = fc.uint8Array({ minLength: 32, maxLength: 32 })
const text = (maxLength: number) => fc.string({ maxLength, unit: 'binary-ascii' })
const offers = fc.record({ id: fc.nat(0xffff_ffff), key, transport: text(32), description: text(16_384) })
const lists = fc.array(fc.record({ key, transport: text(32), isFull: fc.boolean() }), { maxLength: 16 })
const answers = fc.record({ id: fc.nat(0xffff_ffff), description: fc.option(text(16_384)) })
const hellos = fc.record({ version: fc.integer({ min: 1, max: 1000 }), isGuest: fc.boolean(), isFull: fc.boolean() })

test('every message is read as it was written, whatever follows it', () => {
  const holds = <Value>(values: fc.Arbitrary<Value>, encoding: { decode: unknown }): void =>
    fc.assert(
      fc.property(values, (value) => {
        const bytes = c.encode(encoding as never, value)
        expect(c.decode(encoding as never, Uint8Array.of(...bytes, 1, 2, 3))).toEqual(value)
      }),
      { numRuns: 50 },
    )
  holds(offers, offer)
  holds(lists, neighbours)
  holds(answers, answer)
  holds(hellos, hello)
  for (const isFull of [true, false]) expect(c.decode(room, c.encode(room, isFull))).toBe(isFull)
})

test('messages have the bytes that the protocol’s page gives', () => {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
  const of = Uint8Array.from({ length: 32 }, (_, at) => at)
  const keyHex = hex(of)
  expect(hex(c.encode(hello, { version: 1, isGuest: true, isFull: true }))).toBe('0103')
  expect(hex(c.encode(hello, { version: 1, isGuest: false, isFull: true }))).toBe('0102')
  expect(hex(c.encode(seek, null))).toBe('')
  expect(hex(c.encode(neighbours, [{ key: of, transport: 'dht', isFull: true }]))).toBe(`01${keyHex}0364687401`)
  expect(hex(c.encode(offer, { id: 7, key: of, transport: 'dht', description: 'hi' }))).toBe(
    `07${keyHex}03646874026869`,
  )
  expect(hex(c.encode(answer, { id: 7, description: 'hi' }))).toBe('0701026869')
  expect(hex(c.encode(answer, { id: 7, description: null }))).toBe('0700')
})

test('what is as long as it may be is read, what is longer is not', () => {
  const part = { id: 1, key: new Uint8Array(32), transport: 'webrtc', description: '' }
  const read = (value: Partial<typeof part>): unknown => c.decode(offer, c.encode(offer, { ...part, ...value }))
  expect(read({ description: 'x'.repeat(16_384) })).toMatchObject({ id: 1 })
  expect(() => read({ description: 'x'.repeat(16_385) })).toThrow('longer than 16384')
  expect(read({ transport: 'x'.repeat(32) })).toMatchObject({ id: 1 })
  expect(() => read({ transport: 'x'.repeat(33) })).toThrow('longer than 32')
  expect(read({ id: 0xffff_ffff })).toMatchObject({ id: 0xffff_ffff })
  expect(() => read({ id: 0x1_0000_0000 })).toThrow('has the number')
  const answered = (length: number) => c.decode(answer, c.encode(answer, { id: 1, description: 'x'.repeat(length) }))
  expect(answered(16_384)).toMatchObject({ id: 1 })
  expect(() => answered(16_385)).toThrow('longer than 16384')
  const list = (length: number) => Array.from({ length }, () => ({ key: part.key, transport: 'dht', isFull: false }))
  expect(c.decode(neighbours, c.encode(neighbours, list(16)))).toHaveLength(16)
  expect(() => c.decode(neighbours, c.encode(neighbours, list(17)))).toThrow('17 neighbours')
  expect([16_384, 16_385].map((length) => isDescription('x'.repeat(length)))).toEqual([true, false])
  expect([5461, 5462].map((length) => isDescription('€'.repeat(length)))).toEqual([true, false])
})

test('text that is not UTF-8 is refused, and nothing is taken off one that is', () => {
  // Found by fuzzing: with stand-ins for what could not be read, a name of 32 bytes became one of 40, which nobody takes.
  const named = c.encode(neighbours, [{ key: new Uint8Array(32), transport: 'x'.repeat(32), isFull: false }])
  named[34] = 0xff
  expect(() => c.decode(neighbours, named)).toThrow('not UTF-8')
  const told = c.encode(answer, { id: 7, description: '\ufeffhi' })
  expect(c.decode(answer, told)).toEqual({ id: 7, description: '\ufeffhi' })
  told[3] = 0xc0
  expect(() => c.decode(answer, told)).toThrow('not UTF-8')
})

test('garbage is refused with an error that costs the connection, and none that would end the process', () => {
  const encodings = [hello, seek, neighbours, offer, answer, room] as const
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const encoding of encodings) {
        try {
          encoding.decode({ start: 0, end: bytes.byteLength, buffer: bytes })
        } catch (error) {
          // Protomux takes a plain Error for the peer's fault, and these for the program's own.
          for (const kind of [TypeError, RangeError, SyntaxError, URIError]) expect(error).not.toBeInstanceOf(kind)
        }
      }
    }),
    { numRuns: 2000 },
  )
})

test('a part of a message never ends in a message, but for one that has no more', () => {
  fc.assert(
    fc.property(offers, fc.nat(), (value, seed) => {
      const bytes = c.encode(offer, value)
      expect(() => c.decode(offer, bytes.subarray(0, seed % bytes.byteLength))).toThrow()
    }),
  )
})
