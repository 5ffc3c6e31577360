// How cutting ends: with the input, in the middle of an element, early, or by an error of the source.
import { describe, expect, it } from 'vitest'
import { cutBytes, framesOf } from '../../test/webm/cut-bytes.ts'
import {
  cluster,
  ebmlHeader,
  element,
  file,
  key,
  openCluster,
  stream,
  videoTrack,
} from '../../test/webm/webm-builder.ts'
import { cutWebm, WebmCutter, type WebmPiece } from './index.ts'

describe('input that ends in the middle', () => {
  const whole = file([videoTrack()], cluster(0, key(), key(10)), element(0x1c53bb6b, new Uint8Array(40)))
  const lastBlock = whole.length - 48 - key().length

  it('gives out every complete frame and says where the incomplete element begins', () => {
    for (const chunkBytes of [1, 1000]) {
      const { pieces, clusters, error, truncatedAt } = cutBytes(whole.subarray(0, lastBlock + 4), {}, chunkBytes)
      expect(error).toBeNull()
      expect(pieces).toHaveLength(2)
      expect(framesOf(clusters)).toEqual([['1@0*']])
      expect(truncatedAt).toBe(lastBlock)
    }
  })

  it('is noticed in an element that is passed over, in a head, and between the elements of a Segment of known size', () => {
    expect(cutBytes(whole.subarray(0, -1)).truncatedAt).toBe(whole.length - 48)
    expect(cutBytes(whole.subarray(0, lastBlock + 1)).truncatedAt).toBe(lastBlock)
    expect(cutBytes(whole.subarray(0, lastBlock)).truncatedAt).toBe(lastBlock - key().length - 11)
    expect(cutBytes(whole.subarray(0, whole.length - 48)).truncatedAt).toBe(ebmlHeader().length)
    expect(cutBytes(ebmlHeader()).truncatedAt).toBe(ebmlHeader().length)
    expect(cutBytes(whole).truncatedAt).toBeNull()
    expect(cutBytes(stream([videoTrack()], openCluster(0, 8, key()))).truncatedAt).toBeNull()
  })

  it('is thrown by cutWebm after the last piece', async () => {
    const pieces: WebmPiece[] = []
    const read = async () => {
      for await (const piece of cutWebm([whole.subarray(0, -1)])) pieces.push(piece)
    }
    await expect(read()).rejects.toMatchObject({ code: 'ERR_WEBM_TRUNCATED', detail: { offset: whole.length - 48 } })
    expect(pieces.map((piece) => piece.kind)).toEqual(['init', 'cluster', 'cluster'])
  })
})

describe('a cutter that has ended', () => {
  it('takes nothing more', () => {
    const cutter = new WebmCutter()
    cutter.push(stream([videoTrack()], cluster(0, key())))
    cutter.end()
    expect(() => cutter.push(key())).toThrow('Make a new WebmCutter')
    expect(() => cutter.end()).toThrow('Make a new WebmCutter')
  })
})

describe('cutWebm', () => {
  it('reads a source no further than it must, and returns it when it is returned early', async () => {
    const chunks = [stream([videoTrack()], openCluster(0, 8, key(0))), key(10), key(20), key(30)]
    let read = 0
    let isReturned = false
    async function* source() {
      try {
        for (const chunk of chunks) {
          read++
          yield chunk
        }
      } finally {
        isReturned = true
      }
    }
    const kinds: string[] = []
    for await (const piece of cutWebm(source())) {
      kinds.push(piece.kind)
      if (kinds.length === 2) break
    }
    expect(kinds).toEqual(['init', 'cluster'])
    expect(read).toBe(2)
    expect(isReturned).toBe(true)
  })

  it('lets an error of the source through', async () => {
    const boom = new Error('unplugged')
    async function* source() {
      yield stream([videoTrack()])
      throw boom
    }
    await expect(cutWebm(source()).next()).rejects.toBe(boom)
  })
})
