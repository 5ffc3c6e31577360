// What comes from a peer is decoded before anything else is known of it: it is a message, or an error that ends the connection.
import c from 'compact-encoding'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Encoding } from './live-messages.ts'
import * as messages from './live-messages.ts'

const { MAX_SAFE_INTEGER } = Number
const ms = fc.nat(2 ** 32 - 1)
const stripe = fc.nat(15)
const place = fc.maxSafeNat()
const bytes = (maxLength: number) => fc.uint8Array({ maxLength })
const fixed = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const nodeId = fixed(8).map((id) => Buffer.from(id).toString('hex'))
const position = fc.record({ path: fc.array(nodeId, { minLength: 1, maxLength: 16 }), costMs: ms })
const have = fc.record({ first: place, next: place, bits: fc.tuple(ms, ms) })
const treeNode = fc.record({ index: place, size: place, hash: fixed(32) })

/** Every encoding with values that it has to carry. */
const values = {
  hello: fc.record({ version: place, stripes: fc.nat(16) }),
  manifest: bytes(300),
  advert: fc.record({
    role: fc.constantFrom('source', 'node', 'leaf'),
    stripes: fc.array(fc.record({ position: fc.option(position), free: fc.nat(1024) }), { maxLength: 16 }),
    places: fc.nat(16 * 1024),
  }),
  subscribe: fc.record({ stripe, have }),
  onlyStripe: fc.record({ stripe }),
  deny: fc.record({ stripe, retryMs: ms }),
  heartbeat: fc.record({ sentMs: ms, echoMs: ms, heldMs: ms, have }),
  block: fc.record({
    index: place,
    peaks: fc.array(treeNode, { maxLength: 40 }),
    signature: bytes(200),
    value: bytes(2000),
  }),
  pull: fc.array(place, { maxLength: 16 }),
  nothing: fc.constant({}),
} satisfies Record<string, fc.Arbitrary<unknown>>
type Name = keyof typeof values
const names = Object.keys(values) as Name[]
const encodings = messages as Record<Name, Encoding<unknown>>
const encode = (name: Name, value: unknown): Uint8Array => c.encode(encodings[name], value)
const decode = (name: Name, bytes: Uint8Array): unknown => c.decode(encodings[name], bytes)

describe.each(names)('%s', (name) => {
  it('is read as it was written, whatever follows it', () => {
    fc.assert(
      fc.property(values[name], (value) => {
        expect(decode(name, Uint8Array.of(...encode(name, value), 1, 2, 3))).toEqual(value)
      }),
      { numRuns: 50 },
    )
  })

  it('is refused where it is cut short, at every length', () => {
    fc.assert(
      fc.property(values[name], (value) => {
        const whole = encode(name, value)
        for (let length = 0; length < whole.byteLength; length++) refusedPlainly(name, whole.subarray(0, length))
      }),
      { numRuns: 10 },
    )
  })

  it('is garbage of any length, which is a message or an error that costs the connection', () => {
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      // Numbers of every width where lengths are expected.
      fc
        .array(fc.constantFrom(0, 1, 2, 8, 16, 17, 40, 41, 0xfc, 0xfd, 0xfe, 0xff), { maxLength: 100 })
        .map((list) => Uint8Array.from(list)),
    )
    fc.assert(
      fc.property(garbage, (noise) => {
        const error = errorOf(name, noise)
        if (error !== null) expectPlain(error)
      }),
      { numRuns: 1000 },
    )
  })
})

const hash = new Uint8Array(32)
const nothingThere = { first: 0, next: 0, bits: [0, 0] }
const path = (length: number) => ({ path: Array.from({ length }, () => '00'.repeat(8)), costMs: 0 })
const advert = (count: number, stripe: object = { position: null, free: 0 }) => ({
  role: 'node',
  stripes: Array.from({ length: count }, () => stripe),
  places: 0,
})
const block = (over: object) => ({
  index: 0,
  peaks: [],
  signature: new Uint8Array(0),
  value: new Uint8Array(0),
  ...over,
})
const peaks = (length: number) => ({ peaks: Array.from({ length }, () => ({ index: 0, size: 0, hash })) })
const beat = (over: object) => ({ sentMs: 0, echoMs: 0, heldMs: 0, have: nothingThere, ...over })

const bounds: readonly [what: string, name: Name, limit: number, make: (size: number) => unknown][] = [
  ['stripes of a channel', 'hello', 16, (stripes) => ({ version: 1, stripes })],
  ['stripes of an advert', 'advert', 16, (count) => advert(count)],
  ['nodes of a path', 'advert', 16, (length) => advert(1, { position: path(length), free: 0 })],
  ['cost of a path', 'advert', 2 ** 32 - 1, (costMs) => advert(1, { position: { ...path(1), costMs }, free: 0 })],
  ['free places', 'advert', 1024, (free) => advert(1, { position: null, free })],
  ['places', 'advert', 16 * 1024, (places) => ({ ...advert(1), places })],
  ['a stripe', 'onlyStripe', 15, (stripe) => ({ stripe })],
  ['a stripe to subscribe to', 'subscribe', 15, (stripe) => ({ stripe, have: nothingThere })],
  ['a stripe that is denied', 'deny', 15, (stripe) => ({ stripe, retryMs: 0 })],
  ['a time to wait', 'deny', 2 ** 32 - 1, (retryMs) => ({ stripe: 0, retryMs })],
  ['a clock', 'heartbeat', 2 ** 32 - 1, (sentMs) => beat({ sentMs })],
  ['an echo', 'heartbeat', 2 ** 32 - 1, (echoMs) => beat({ echoMs })],
  ['a time held', 'heartbeat', 2 ** 32 - 1, (heldMs) => beat({ heldMs })],
  ['blocks asked for', 'pull', 16, (length) => Array.from({ length }, (_, at) => at)],
  ['roots of a proof', 'block', 40, (length) => block(peaks(length))],
  ['a signature', 'block', 16_384, (length) => block({ signature: new Uint8Array(length) })],
  ['a block', 'block', 16_777_216, (length) => block({ value: new Uint8Array(length) })],
  ['a manifest', 'manifest', 65_536, (length) => new Uint8Array(length)],
]

it.each(bounds)('%s: %s is read up to %d and refused from there on', (_, name, limit, make) => {
  // Compared byte by byte, a block of 16 MiB would take seconds.
  expect(encode(name, decode(name, encode(name, make(limit)))).byteLength).toBe(encode(name, make(limit)).byteLength)
  refusedPlainly(name, encode(name, make(limit + 1)))
})

it('places in the feed are whole numbers that JavaScript can count with', () => {
  expect(decode('pull', encode('pull', [MAX_SAFE_INTEGER]))).toEqual([MAX_SAFE_INTEGER])
  refusedPlainly('pull', Uint8Array.of(1, 0xff, 0, 0, 0, 0, 0, 0, 0x20, 0))
  refusedPlainly('pull', Uint8Array.of(1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff))
})

it('there are three roles', () => {
  expect(decode('advert', Uint8Array.of(2, 0, 7))).toEqual({ role: 'leaf', stripes: [], places: 7 })
  for (const role of [3, 0xfc]) refusedPlainly('advert', Uint8Array.of(role, 0))
  refusedPlainly('advert', Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 0xff, 0))
})

it('a length that is claimed takes no memory', () => {
  const claimed = [0xfd, 0xff, 0xff].concat(
    [0xfe, 0xff, 0xff, 0xff, 0x7f],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0],
  )
  for (const at of [0, 3, 8]) {
    const length = claimed.slice(at)
    refusedPlainly('manifest', Uint8Array.from(length))
    refusedPlainly('pull', Uint8Array.from(length))
    refusedPlainly('advert', Uint8Array.of(1, ...length))
    refusedPlainly('advert', Uint8Array.of(1, 1, ...length))
    // Number 0, so many roots; no root, a signature of so many bytes; none of either, a value of so many.
    for (const before of [[0], [0, 0], [0, 0, 0]]) refusedPlainly('block', Uint8Array.of(...before, ...length))
  }
  const message = encode('block', block({ signature: new Uint8Array(64), value: new Uint8Array(1000) }))
  const read = decode('block', message) as { signature: Uint8Array; value: Uint8Array }
  // What is read are views of the message.
  for (const part of [read.signature, read.value]) expect(part.buffer).toBe(message.buffer)
})

function errorOf(name: Name, bytes: Uint8Array): unknown {
  try {
    decode(name, bytes)
    return null
  } catch (error) {
    return error ?? 'nothing was thrown'
  }
}

function refusedPlainly(name: Name, bytes: Uint8Array): void {
  const error = errorOf(name, bytes)
  expect(error, `${name} of ${bytes.byteLength} bytes`).not.toBeNull()
  expectPlain(error)
}

/** Protomux takes a plain Error for the peer's fault, and these for the program's own: it throws them past every handler. */
function expectPlain(error: unknown): void {
  expect(error).toBeInstanceOf(Error)
  for (const kind of [TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError])
    expect(error).not.toBeInstanceOf(kind)
}
