// Joining Clusters changes where frames stand and how their time is written, and nothing else.
import { type ClusterFrame, readCluster } from '@hypervision/core/webm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blockGroup, cluster, join, simpleBlock, voidElement } from '../../../core/test/webm/webm-builder.ts'
import { OpenCluster } from './open-cluster.ts'

const headLength = 22

/** Reads what an {@link OpenCluster} wrote, piece by piece, as a browser does: each Cluster of it, with its frames. */
function readPieces(pieces: readonly Uint8Array[]): { timestampMs: number; frames: ClusterFrame[] }[] {
  const clusters: { timestampMs: number; frames: ClusterFrame[] }[] = []
  for (const piece of pieces) {
    const opens = piece[0] === 0x1f
    if (opens) {
      expect(Buffer.from(piece.subarray(0, 12)).toString('hex')).toBe('1f43b67501ffffffffffffff')
      const timestampMs = Number(Buffer.from(piece).readBigUInt64BE(headLength - 8))
      clusters.push({ timestampMs, frames: [] })
    }
    const last = clusters.at(-1)
    if (last === undefined) throw new Error('frames stand before a Cluster')
    const known = cluster(last.timestampMs, piece.subarray(opens ? headLength : 0))
    last.frames.push(...readCluster(known).frames)
  }
  return clusters
}

/** A frame without the two bytes that may change. */
function lasting({ element, timestampAt, timestampMs, key, lacing, track, kind }: ClusterFrame) {
  const bytes = Buffer.from(element)
  bytes.writeInt16BE(0, timestampAt)
  return { bytes: bytes.toString('hex'), timestampMs, key, lacing, track, kind }
}

const anyBlock = fc
  .record({
    track: fc.constantFrom(1, 2),
    relativeMs: fc.integer({ min: -200, max: 400 }),
    key: fc.boolean(),
    lacing: fc.integer({ min: 0, max: 3 }),
    payload: fc.uint8Array({ maxLength: 50 }),
    sizeWidth: fc.constantFrom(2, 4, 8),
    trackWidth: fc.constantFrom(1, 2),
    grouped: fc.boolean(),
  })
  .map(({ grouped, ...options }) => (grouped ? blockGroup(options) : simpleBlock(options)))

/** Clusters as a feed has them: each behind a Void, time going on by a little or a lot. */
const anyClusters = fc
  .array(
    fc.record({
      blocks: fc.array(anyBlock, { maxLength: 6 }),
      stepMs: fc.constantFrom(0, 100, 100, 7400, 40_000),
      key: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((steps) => {
    let timestampMs = 1000
    return steps.map(({ blocks, stepMs, key }) => {
      timestampMs += stepMs
      return { contents: readCluster(join(voidElement(9), cluster(timestampMs, ...blocks))), key }
    })
  })

describe('an open Cluster', () => {
  test('has every frame as it was, in order, at its time', () => {
    fc.assert(
      fc.property(anyClusters, (clusters) => {
        const open = new OpenCluster()
        const pieces = clusters.map(({ contents, key }) => open.write(contents, key))
        const written = readPieces(pieces).flatMap(({ frames }) => frames)
        expect(written.map(lasting)).toEqual(clusters.flatMap(({ contents }) => contents.frames.map(lasting)))
      }),
      { numRuns: 500 },
    )
  })

  test('goes on until the next keyframe, where another one is opened', () => {
    const at = (timestampMs: number) => readCluster(cluster(timestampMs, simpleBlock(), simpleBlock({ track: 2 })))
    const open = new OpenCluster()
    const pieces = [0, 100, 200, 300, 400].map((timestampMs) => open.write(at(timestampMs), timestampMs % 300 === 0))
    expect(pieces.map((piece) => piece.length - at(0).frames.length * 12)).toEqual([headLength, 0, 0, headLength, 0])
    expect(readPieces(pieces).map(({ timestampMs }) => timestampMs)).toEqual([0, 300])
  })

  test('leaves what it was given as it was', () => {
    const bytes = cluster(100, simpleBlock({ relativeMs: 7 }))
    const before = Buffer.from(bytes)
    const open = new OpenCluster()
    open.write(readCluster(cluster(0, simpleBlock())), true)
    open.write(readCluster(bytes), false)
    expect(bytes).toEqual(before)
  })

  test('is followed by another one where 16 bits do not reach, keyframe or not', () => {
    const open = new OpenCluster()
    const pieces = [0, 32_767, 32_768].map((timestampMs) =>
      open.write(readCluster(cluster(timestampMs, simpleBlock())), timestampMs === 0),
    )
    expect(readPieces(pieces).map(({ timestampMs }) => timestampMs)).toEqual([0, 32_768])
  })

  test('is followed by another one after close()', () => {
    const open = new OpenCluster()
    const write = (timestampMs: number) => open.write(readCluster(cluster(timestampMs, simpleBlock())), false)
    const first = write(100)
    open.close()
    expect(readPieces([first, write(50)]).map(({ timestampMs }) => timestampMs)).toEqual([100, 50])
  })
})
