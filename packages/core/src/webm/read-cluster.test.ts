import { describe, expect, it } from 'vitest'
import {
  blockGroup,
  cluster,
  element,
  join,
  openCluster,
  simpleBlock,
  uint,
  voidElement,
} from '../../test/webm/webm-builder.ts'
import { readCluster } from './index.ts'

describe('reading a Cluster', () => {
  it('gives its frames, in order, as views of the bytes', () => {
    const elements = [
      simpleBlock({ relativeMs: -5, key: true, payload: [1, 2] }),
      blockGroup({ track: 2, relativeMs: 40, lacing: 3, payload: [3] }),
    ]
    const bytes = cluster(1000, voidElement(3), ...elements)
    const contents = readCluster(bytes)
    expect(contents).toMatchObject({ byteOffset: 0, byteLength: bytes.length, timestampMs: 1000 })
    expect(contents.frames).toMatchObject([
      { kind: 'simple', track: 1, timestampMs: 995, key: true, lacing: 'none', payload: Buffer.from([1, 2]) },
      { kind: 'group', track: 2, timestampMs: 1040, key: false, lacing: 'ebml', payload: Buffer.from([3]) },
    ])
    expect(contents.frames[0]?.payload.buffer).toBe(bytes.buffer)
    const relativeMs = contents.frames.map(({ element, timestampAt }) => Buffer.from(element).readInt16BE(timestampAt))
    expect(relativeMs).toEqual([-5, 40])
    expect(contents.frames.map(({ element }) => Buffer.from(element))).toEqual(elements)
  })

  it('passes over Void elements before it, from an offset on', () => {
    const one = cluster(7, simpleBlock())
    const bytes = join([1, 2, 3], voidElement(20), voidElement(0), one, one)
    expect(readCluster(bytes, 3)).toMatchObject({ byteOffset: bytes.length - 2 * one.length, byteLength: one.length })
  })

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a Void alone', voidElement(4)],
    ['another element', simpleBlock()],
    ['a Cluster of unknown size', openCluster(0, 8, simpleBlock())],
    ['a Cluster that is cut off', cluster(0, simpleBlock()).subarray(0, -1)],
    ['a Cluster without a Timestamp', element(0x1f43b675, [])],
    ['a SimpleBlock before the Timestamp', element(0x1f43b675, simpleBlock())],
    ['a Cluster with two Timestamps', cluster(0, simpleBlock(), uint(0xe7, 5))],
    ['a SimpleBlock too short', cluster(0, element(0xa3, [0x81, 0]))],
  ])('refuses %s', (_what, bytes) => {
    expect(() => readCluster(bytes)).toThrow(expect.objectContaining({ code: 'ERR_WEBM_MALFORMED' }))
  })

  it('reads 16 384 frames, and refuses a Cluster of one more', () => {
    const of = (count: number) => cluster(0, ...Array.from({ length: count }, () => simpleBlock({ payload: [] })))
    expect(readCluster(of(16_384)).frames).toHaveLength(16_384)
    expect(() => readCluster(of(16_385))).toThrow('a Cluster has more than 16384 frames')
  })
})
