// Properties over streams, chunkings and damage that nobody thought of.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOf, cutBytes, framesOf } from '../../test/webm/cut-bytes.ts'
import {
  audioTrack,
  blockGroup,
  cluster,
  element,
  file,
  join,
  openCluster,
  simpleBlock,
  stream,
  videoTrack,
  voidElement,
} from '../../test/webm/webm-builder.ts'
import { HypervisionError } from '../contracts/index.ts'
import type { WebmPiece } from './index.ts'

/** A SimpleBlock or BlockGroup, now and then with a Void or an unknown element behind it. */
const anyBlock = fc
  .record({
    track: fc.constantFrom(1, 2),
    relativeMs: fc.integer({ min: -60, max: 400 }),
    key: fc.boolean(),
    lacing: fc.integer({ min: 0, max: 3 }),
    payload: fc.uint8Array({ maxLength: 700 }),
    sizeWidth: fc.constantFrom(2, 3, 4, 8),
    trackWidth: fc.constantFrom(1, 2),
    grouped: fc.boolean(),
    junkBytes: fc.constantFrom(0, 0, 0, 1, 40),
  })
  .map(({ grouped, junkBytes, ...options }) => {
    const block = grouped ? blockGroup(options) : simpleBlock(options)
    return junkBytes === 0 ? block : join(block, junkBytes === 1 ? element(0x5854, [0]) : voidElement(junkBytes))
  })

const anyCluster = fc.record({
  blocks: fc.array(anyBlock, { maxLength: 8 }),
  stepMs: fc.constantFrom(0, 33, 100, 2000),
  sizeWidth: fc.constantFrom(0, 1, 4, 8),
})

const anyRecording = fc
  .record({
    clusters: fc.array(anyCluster, { maxLength: 5 }),
    isFile: fc.boolean(),
    cuesBytes: fc.constantFrom(0, 30),
  })
  .map(({ clusters, isFile, cuesBytes }) => {
    let timestampMs = 60
    const children = clusters.map(({ blocks, stepMs, sizeWidth }) => {
      timestampMs += stepMs
      return sizeWidth === 0 ? cluster(timestampMs, ...blocks) : openCluster(timestampMs, sizeWidth, ...blocks)
    })
    if (cuesBytes > 0) children.push(element(0x1c53bb6b, new Uint8Array(cuesBytes)))
    return (isFile ? file : stream)([videoTrack(1), audioTrack(2)], ...children)
  })

/** One to three recordings in a row, and where to cut the bytes. */
const anyStream = fc
  .array(anyRecording, { minLength: 1, maxLength: 3 })
  .map((recordings) => join(...recordings))
  .chain((bytes) =>
    fc.record({
      bytes: fc.constant(bytes),
      cuts: fc.array(fc.nat({ max: bytes.length }), { maxLength: 40 }).map((cuts) => cuts.sort((a, b) => a - b)),
    }),
  )

/** Pieces as plain values, cheap to compare. */
const plain = (pieces: readonly WebmPiece[]) =>
  pieces.map((piece) => ({ ...piece, bytes: Buffer.from(piece.bytes).toString('hex') }))

describe('any stream', () => {
  it('gives the same pieces however it is cut into chunks', () => {
    fc.assert(
      fc.property(anyStream, ({ bytes, cuts }) => {
        const whole = cutBytes(bytes)
        expect(whole.error).toBeNull()
        expect(plain(cutBytes(bytes, {}, cuts).pieces)).toEqual(plain(whole.pieces))
        expect(plain(cutBytes(bytes, {}, 1).pieces)).toEqual(plain(whole.pieces))
      }),
      { numRuns: 150 },
    )
  })

  it('is never malformed in a prefix, and the pieces of a prefix are the first ones of the whole', () => {
    fc.assert(
      fc.property(anyStream, fc.double({ min: 0, max: 1, noNaN: true }), ({ bytes }, part) => {
        const prefix = cutBytes(bytes.subarray(0, Math.max(4, Math.floor(bytes.length * part))))
        expect(prefix.error).toBeNull()
        const whole = plain(cutBytes(bytes).pieces)
        const complete = plain(prefix.pieces).slice(0, -1)
        expect(complete).toEqual(whole.slice(0, complete.length))
      }),
      { numRuns: 200 },
    )
  })

  it('keeps every frame, once, with its track’s order, and time between frames of an epoch', () => {
    const sparse = fc.array(fc.record({ step: fc.nat({ max: 90 }), track: fc.constantFrom(1, 2), key: fc.boolean() }), {
      minLength: 1,
      maxLength: 60,
    })
    fc.assert(
      fc.property(sparse, fc.integer({ min: 20, max: 500 }), (steps, blockDurationMs) => {
        let timeMs = 0
        const frames = steps.map(({ step, track, key }) => {
          timeMs += step
          return { track, key, timeMs }
        })
        const blocks = frames.map(({ track, key, timeMs }) =>
          cluster(timeMs, simpleBlock({ track, key, payload: [timeMs & 255] })),
        )
        const { clusters } = cutBytes(stream([videoTrack(1), audioTrack(2)], ...blocks), { blockDurationMs }, 333)
        expect(framesOf(clusters).flat()).toEqual(
          frames.map(({ track, key, timeMs }) => `${track}@${timeMs}${key ? '*' : ''}`),
        )
        for (const { spanMs } of clusters) expect(spanMs).toBeLessThan(blockDurationMs)
      }),
      { numRuns: 200 },
    )
  })

  it('gives the same pieces and the same error, however it is damaged and cut into chunks', () => {
    const damage = fc.array(
      fc.record({ at: fc.double({ min: 0, max: 0.9999, noNaN: true }), byte: fc.nat({ max: 255 }) }),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    fc.assert(
      fc.property(anyStream, damage, ({ bytes, cuts }, changes) => {
        const damaged = Uint8Array.from(bytes)
        for (const { at, byte } of changes) damaged[Math.floor(at * damaged.length)] = byte
        const whole = cutBytes(damaged)
        if (whole.error !== null) expect(whole.error).toBeInstanceOf(HypervisionError)
        const chunked = cutBytes(damaged, {}, cuts)
        expect(plain(chunked.pieces)).toEqual(plain(whole.pieces))
        expect(chunked.error?.message).toBe(whole.error?.message)
        expect(chunked.truncatedAt).toBe(whole.truncatedAt)
      }),
      { numRuns: 500 },
    )
  })

  it('answers random bytes behind a valid beginning with pieces or an error of ours', () => {
    const beginning = stream([videoTrack()], openCluster(0, 8, simpleBlock({ key: true })))
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: beginning.length }), (random, kept) => {
        const { error, pieces } = cutBytes(join(beginning.subarray(0, kept), random), {}, 7)
        if (error !== null) expect(error).toBeInstanceOf(HypervisionError)
        expect(bytesOf(pieces).length).toBeLessThan(beginning.length + random.length + 100)
      }),
      { numRuns: 1000 },
    )
  })
})
