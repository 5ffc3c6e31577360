// Where frames of each epoch come to lie on the timeline of the feed.
import { describe, expect, it } from 'vitest'
import { cutBytes, framesIn, framesOf } from '../../test/webm/cut-bytes.ts'
import {
  audioTrack,
  cluster,
  delta,
  join,
  key,
  openCluster,
  simpleBlock,
  sound,
  stream,
  videoTrack,
} from '../../test/webm/webm-builder.ts'
import { readInitSegment, WebmCutter } from './index.ts'

const both = [videoTrack(), audioTrack()]

describe('the timeline', () => {
  const recording = (fromMs: number) => stream([videoTrack()], cluster(fromMs, key(0), delta(40)))

  it('keeps the timestamps of the first epoch and begins each later one 1 ms after what was given out', () => {
    const { clusters } = cutBytes(join(recording(500), recording(0), recording(9000)))
    expect(clusters.map((piece) => piece.timestampMs)).toEqual([500, 541, 582])
  })

  it('asks startEpoch for the place, the title and the date of each epoch before its init segment is out', () => {
    const asked: unknown[] = []
    const cutter = new WebmCutter({
      startEpoch(epoch) {
        asked.push(epoch)
        return {
          offsetMs: 1000 * (epoch.index + 1),
          title: `part ${epoch.index}`,
          dateUtc: new Date('2026-01-02T03:04:05.678Z'),
        }
      },
    })
    const pieces = cutter.push(join(recording(7), recording(90), recording(0)))
    pieces.push(...cutter.end())
    expect(asked).toMatchObject([
      { index: 0, firstTimestampMs: 7 },
      { index: 1, firstTimestampMs: 90 },
      { index: 2, firstTimestampMs: 0 },
    ])
    expect(pieces.flatMap((piece) => (piece.kind === 'cluster' ? [piece.timestampMs] : []))).toEqual([1007, 2090, 3000])
    const inits = pieces.filter((piece) => piece.kind === 'init').map((piece) => readInitSegment(piece.bytes))
    expect(inits.map((init) => init.title)).toEqual(['part 0', 'part 1', 'part 2'])
    expect(inits[0]?.dateUtc?.toISOString()).toBe('2026-01-02T03:04:05.678Z')
  })

  it('tells when the timestamp 0 was by the frame that came soonest, also where that follows the first block in one chunk', () => {
    let nowMs = 0
    const asked: unknown[] = []
    const cutter = new WebmCutter({
      now: () => nowMs,
      startEpoch(epoch) {
        asked.push(epoch)
        return { offsetMs: -epoch.firstTimestampMs }
      },
    })
    const pushAt = (atMs: number, bytes: Uint8Array) => {
      nowMs = atMs
      return cutter.push(bytes)
    }
    expect(pushAt(5500, stream(both, openCluster(200, 8), key(0)))).toEqual([])
    expect(pushAt(5520, delta(40))).toEqual([])
    const pieces = pushAt(5700, join(delta(80), delta(120), delta(500), delta(560)))
    expect(asked).toEqual([{ index: 0, firstTimestampMs: 200, zeroAtMs: 5700 - 200 - 560 }])
    expect(framesOf([...pieces, ...cutter.end()].filter((piece) => piece.kind === 'cluster'))).toEqual([
      ['1@0*', '1@40', '1@80'],
      ['1@120'],
      ['1@500', '1@560'],
    ])
  })

  it('moves an epoch on where its place would be below zero or in what was given out already', () => {
    const { clusters } = cutBytes(join(recording(5), recording(0)), { startEpoch: () => ({ offsetMs: -1000 }) })
    expect(clusters.map((piece) => piece.timestampMs)).toEqual([0, 41])
    const early = stream(both, cluster(100, key(0), sound(-7)))
    const place = ({ firstTimestampMs }: { firstTimestampMs: number }) => ({ offsetMs: -firstTimestampMs })
    expect(framesOf(cutBytes(early, { startEpoch: place }).clusters)).toEqual([['2@0*', '1@7*']])
  })

  it('leaves room before each Cluster for what is put in front of it', () => {
    const bytes = stream(both, cluster(0, key(0), sound(20), key(1000)))
    const withRoom = cutBytes(bytes, { headroomBytes: 32 }).clusters
    for (const { bytes, headroomBytes } of withRoom)
      new Uint8Array(bytes.buffer, bytes.byteOffset - 32, 32).fill(headroomBytes)
    expect(withRoom).toMatchObject(cutBytes(bytes).clusters.map(({ bytes }) => ({ bytes, headroomBytes: 32 })))
  })

  it('gives no init segment for an epoch without a frame, and does not count it', () => {
    const seen: number[] = []
    const { pieces } = cutBytes(join(stream([videoTrack()]), stream(both, cluster(0)), recording(0)), {
      startEpoch: ({ index }) => {
        seen.push(index)
        return { offsetMs: 0 }
      },
    })
    expect(pieces.map((piece) => piece.kind)).toEqual(['init', 'cluster'])
    expect(seen).toEqual([0])
  })

  it('takes timestamps of hours and of 2^52 ms', () => {
    for (const fromMs of [36_000_000, 2 ** 32 + 5, 2 ** 52]) {
      expect(framesIn(recording(fromMs))).toEqual([[`1@${fromMs}*`, `1@${fromMs + 40}`]])
    }
  })

  it('puts a late frame at zero that would lie up to a second before it, and refuses an earlier one', () => {
    const late = (byMs: number) =>
      stream(both, cluster(5000, key(0), key(20), simpleBlock({ track: 2, relativeMs: -byMs })))
    const place = { startEpoch: () => ({ offsetMs: -5000 }) }
    expect(framesOf(cutBytes(late(7), place).clusters)).toEqual([['1@0*'], ['2@0', '1@20*']])
    expect(framesOf(cutBytes(late(1000), place).clusters)).toEqual([['1@0*'], ['2@0', '1@20*']])
    const { clusters, error } = cutBytes(late(1001), place)
    expect(framesOf(clusters)).toEqual([['1@0*'], ['1@20*']])
    expect(error).toMatchObject({ code: 'ERR_WEBM_MALFORMED', message: expect.stringContaining('would be -1001 ms') })
  })

  it('refuses timestamps that numbers cannot count', () => {
    const { error } = cutBytes(recording(Number.MAX_SAFE_INTEGER))
    expect(error).toMatchObject({ code: 'ERR_WEBM_MALFORMED' })
  })

  it('lets an error of startEpoch through, and refuses an offset that is no whole number', () => {
    const boom = new Error('no clock')
    const throwing = () => {
      throw boom
    }
    expect(cutBytes(recording(0), { startEpoch: throwing }).error).toBe(boom)
    expect(cutBytes(recording(0), { startEpoch: () => ({ offsetMs: 0.5 }) }).error).toMatchObject({
      code: 'ERR_OPTION_INVALID',
    })
  })
})
