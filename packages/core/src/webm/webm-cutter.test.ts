// Streams built by hand: what no encoder makes, and where exactly the cuts fall.
import { describe, expect, it } from 'vitest'
import { bytesOf, cutBytes, framesIn, framesOf } from '../../test/webm/cut-bytes.ts'
import {
  audioTrack,
  blockGroup,
  cluster,
  delta,
  ebmlHeader,
  element,
  file,
  info,
  join,
  key,
  openCluster,
  openElement,
  simpleBlock,
  sound,
  stream,
  text,
  tracks,
  uint,
  videoTrack,
  voidElement,
} from '../../test/webm/webm-builder.ts'
import { readCluster, WebmCutter } from './index.ts'

const both = [videoTrack(), audioTrack()]

describe('where blocks begin', () => {
  it('cuts at every keyframe, in the middle of a Cluster too', () => {
    const input = stream([videoTrack()], cluster(0, key(0), delta(10), key(20), key(30), delta(40)))
    expect(framesIn(input)).toEqual([['1@0*', '1@10'], ['1@20*'], ['1@30*', '1@40']])
  })

  it('cuts at the first frame that is the block duration or more after the first one', () => {
    const input = stream([videoTrack()], cluster(1000, key(0), delta(99), delta(100), delta(101), delta(200)))
    expect(framesIn(input)).toEqual([['1@1000*', '1@1099'], ['1@1100', '1@1101'], ['1@1200']])
    expect(framesIn(input, { blockDurationMs: 20 })).toEqual([['1@1000*'], ['1@1099', '1@1100', '1@1101'], ['1@1200']])
  })

  it('joins Clusters of the source that are shorter than the block duration', () => {
    const input = stream([videoTrack()], cluster(0, key(0)), cluster(33, delta(0)), cluster(66, delta(0)))
    expect(framesIn(input)).toEqual([['1@0*', '1@33', '1@66']])
  })

  it('keeps audio that comes just before a keyframe in the keyframe’s block when no video is in it yet', () => {
    const input = stream(both, cluster(0, sound(0), key(5), delta(40), sound(41), key(60), sound(61)))
    const { clusters } = cutBytes(input)
    expect(framesOf(clusters)).toEqual([
      ['2@0*', '1@5*', '1@40', '2@41*'],
      ['1@60*', '2@61*'],
    ])
    expect(clusters.map((piece) => piece.key)).toEqual([true, true])
  })

  it('marks a block as key by its first video frame, and a block of sound alone in a video stream as not key', () => {
    const input = stream(both, cluster(0, delta(0), sound(10), sound(110), key(220)))
    expect(cutBytes(input).clusters.map((piece) => piece.key)).toEqual([false, false, true])
  })

  it('gives out the frames in front of the first keyframe', () => {
    expect(framesIn(stream([videoTrack()], cluster(0, delta(0), delta(10), key(20))))).toEqual([
      ['1@0', '1@10'],
      ['1@20*'],
    ])
  })

  it('cuts audio alone by duration, every block key', () => {
    const { clusters } = cutBytes(stream([audioTrack()], cluster(0, sound(0), sound(60), sound(120), sound(180))))
    expect(framesOf(clusters)).toEqual([
      ['2@0*', '2@60*'],
      ['2@120*', '2@180*'],
    ])
    expect(clusters.map(({ key, spanMs, frames }) => ({ key, spanMs, frames }))).toEqual([
      { key: true, spanMs: 60, frames: 2 },
      { key: true, spanMs: 60, frames: 2 },
    ])
  })

  it('gives a block to a keyframe that nothing follows', () => {
    expect(framesIn(stream([videoTrack()], cluster(0, key(0))))).toEqual([['1@0*']])
  })

  it('cuts where a relative timestamp would not fit in 16 bits, forwards and backwards', () => {
    const input = stream([videoTrack()], cluster(40_000, delta(0), delta(-32_768)), cluster(0, delta(7231), delta(0)))
    expect(framesIn(input, { blockDurationMs: 5000 })).toEqual([['1@40000'], ['1@7232', '1@7231', '1@0']])
  })

  it('spans 32767 ms at most, however late a frame is', () => {
    const at = (lateMs: number) =>
      framesIn(stream([videoTrack()], cluster(32_768, delta(0)), cluster(lateMs, delta(0))))
    expect(at(1)).toEqual([['1@32768', '1@1']])
    expect(at(0)).toEqual([['1@32768'], ['1@0']])
  })

  it('ends a block with 16 384 frames, and begins another', () => {
    const frames = Array.from({ length: 16_385 }, (_, at) => simpleBlock({ key: at === 0, payload: [] }))
    expect(cutBytes(stream([videoTrack()], cluster(0, ...frames))).clusters).toMatchObject([
      { frames: 16_384, key: true },
      { frames: 1, key: false },
    ])
  })

  it('ends the open block on flush, and goes on with the next frame', () => {
    const cutter = new WebmCutter()
    expect(cutter.push(stream([videoTrack()], openCluster(0, 8, key(0), delta(10))))).toEqual([])
    expect(cutter.flush()).toMatchObject([{ kind: 'init' }, { kind: 'cluster', frames: 2, key: true }])
    expect(cutter.flush()).toEqual([])
    cutter.push(delta(20))
    expect(cutter.end()).toMatchObject([{ kind: 'cluster', frames: 1, timestampMs: 20, key: false }])
  })
})

describe('what is carried through', () => {
  it('takes the smallest timestamp as the Cluster’s, so that none is relative below zero', () => {
    const input = stream([videoTrack()], cluster(1000, key(-40), delta(-7), delta(0)))
    const { clusters } = cutBytes(input)
    expect(framesOf(clusters)).toEqual([['1@960*', '1@993', '1@1000']])
    expect(clusters[0]).toMatchObject({ timestampMs: 960, spanMs: 40 })
  })

  it('puts tracks in order of time within a block, and leaves the order within a track as it is', () => {
    const input = stream(both, cluster(0, key(50), delta(40), sound(10)), cluster(0, sound(45), delta(60), sound(44)))
    expect(framesIn(input)).toEqual([['2@10*', '2@45*', '2@44*', '1@50*', '1@40', '1@60']])
  })

  it('keeps all kinds of lacing byte for byte', () => {
    const laces = [
      { lacing: 'none', payload: [9, 9, 9] },
      { lacing: 'xiph', payload: [1, 2, 10, 11, 12, 13] },
      { lacing: 'fixed-size', payload: [1, 20, 21, 22, 23] },
      { lacing: 'ebml', payload: [2, 0x82, 0xbf, 30, 31, 32, 33] },
    ]
    const blocks = laces.map(({ payload }, lacing) => simpleBlock({ track: 2, relativeMs: lacing, lacing, payload }))
    const { clusters } = cutBytes(stream([audioTrack()], cluster(0, ...blocks)))
    const { frames } = readCluster(clusters[0]?.bytes ?? new Uint8Array(0))
    expect(frames.map(({ lacing, payload }) => ({ lacing, payload: [...payload] }))).toEqual(laces)
  })

  it('keeps BlockGroups whole, and takes one without a ReferenceBlock for a keyframe', () => {
    const additions = element(0x75a1, [1, 2, 3, 4])
    const groups = [
      blockGroup({ relativeMs: 0, key: true, extra: additions }),
      blockGroup({ relativeMs: 10, payload: [7] }),
      blockGroup({ relativeMs: 20, key: true, lacing: 2, payload: [1, 5, 6] }),
    ]
    const { clusters } = cutBytes(stream([videoTrack()], cluster(0, ...groups)))
    expect(framesOf(clusters)).toEqual([['1@0*', '1@10'], ['1@20*']])
    const { frames } = readCluster(clusters[1]?.bytes ?? new Uint8Array(0))
    expect(frames).toMatchObject([{ kind: 'group', lacing: 'fixed-size', payload: Uint8Array.of(1, 5, 6) }])
    // The relative timestamps of the first Cluster stay what they were, so its body is byte for byte the input's.
    expect(Buffer.from(clusters[0]?.bytes ?? []).includes(join(groups[0] ?? [], groups[1] ?? []))).toBe(true)
  })

  it('reads sizes and track numbers of every width', () => {
    const blocks = [1, 2, 3, 4, 5, 6, 7, 8].map((width) =>
      simpleBlock({ relativeMs: width, sizeWidth: width, trackWidth: width, key: width === 1 }),
    )
    expect(framesIn(stream([videoTrack()], cluster(0, ...blocks)))[0]).toEqual([
      '1@1*',
      ...[2, 3, 4, 5, 6, 7, 8].map((at) => `1@${at}`),
    ])
  })

  it('keeps a track number above 127', () => {
    const block = simpleBlock({ track: 300, trackWidth: 2, key: true })
    expect(framesIn(stream([videoTrack(300)], cluster(0, block)))).toEqual([['300@0*']])
  })

  it('drops Void, CRC-32, Cues, Tags, SeekHead, Attachments, Chapters and unknown elements, wherever they stand', () => {
    const junk = [
      voidElement(300),
      element(0xbf, [1, 2, 3, 4]),
      element(0x1c53bb6b, [1]),
      element(0x1254c367, [2]),
      element(0x114d9b74, []),
      element(0x1941a469, new Uint8Array(5000)),
      element(0x1043a770, [3]),
      element(0x4dbb, [4, 5]),
    ]
    const inCluster = [
      voidElement(0),
      element(0xbf, [1, 2, 3, 4]),
      uint(0xa7, 77),
      uint(0xab, 78),
      element(0x5854, [1]),
    ]
    const plain = stream(both, cluster(0, key(0), sound(1)), cluster(150, delta(0)))
    const full = join(
      ebmlHeader(),
      openElement(0x18538067, 1, ...junk, info(), ...junk, tracks(...both), ...junk),
      cluster(0, ...inCluster, key(0), ...inCluster, sound(1), ...inCluster),
      ...junk,
      openCluster(150, 4, ...inCluster, delta(0), ...inCluster),
      ...junk,
    )
    expect(bytesOf(cutBytes(full).pieces)).toEqual(bytesOf(cutBytes(plain).pieces))
  })

  it('gives the same out of chunks of 10 MB as of chunks of 64 KiB', () => {
    const payload = Array.from({ length: 50_000 }, (_, at) => at % 251)
    const clusters = Array.from({ length: 450 }, (_, at) => cluster(at * 40, key(0, payload), sound(20)))
    const bytes = stream(both, ...clusters)
    const large = cutBytes(bytes, {}, 10_000_000)
    expect([bytes.length > 20_000_000, large.error, large.clusters.length]).toEqual([true, null, 450])
    expect(bytesOf(large.pieces).equals(bytesOf(cutBytes(bytes, {}, 65_536).pieces))).toBe(true)
  })

  it('passes over an attachment of a gigabyte, far above every limit', () => {
    const cutter = new WebmCutter()
    const attachmentHead = element(0x1941a469, [], 8).subarray(0, 4)
    cutter.push(join(stream(both), attachmentHead, [0x01, 0, 0, 0, 0x40, 0, 0, 0]))
    const chunk = new Uint8Array(16 * 1024 * 1024)
    for (let sent = 0; sent < 64; sent++) expect(cutter.push(chunk)).toEqual([])
    expect(cutter.push(cluster(0, key(0)))).toEqual([])
    expect(cutter.end()).toMatchObject([{ kind: 'init' }, { kind: 'cluster', frames: 1 }])
  })
})

describe('sizes that are not known', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('reads Segment and Clusters with all-ones sizes of %i bytes', (width) => {
    const clusters = [
      openCluster(0, width, key(0), delta(10)),
      openCluster(200, width, delta(0)),
      cluster(300, delta(0)),
      openCluster(400, width, delta(0)),
      element(0x1c53bb6b, [1]),
    ]
    const open = join(ebmlHeader(), openElement(0x18538067, width, info(), tracks(videoTrack()), ...clusters))
    expect(framesIn(open)).toEqual([['1@0*', '1@10'], ['1@200'], ['1@300'], ['1@400']])
    // The same Clusters in a Segment of known size, and another recording behind each of them.
    const known = file([videoTrack()], ...clusters)
    expect(framesIn(known)).toEqual(framesIn(open))
    expect(framesIn(join(known, known))).toHaveLength(8)
    expect(framesIn(join(open, open))).toHaveLength(8)
  })

  it('ends an open Cluster at a new EBML header', () => {
    const one = stream([videoTrack()], openCluster(0, 8, key(0)))
    const { pieces } = cutBytes(join(one, one, one))
    expect(pieces.map((piece) => piece.kind)).toEqual(['init', 'cluster', 'init', 'cluster', 'init', 'cluster'])
  })

  it('takes Tracks and Info that a live source repeats, and refuses Tracks that change', () => {
    const again = join(info(), tracks(videoTrack()))
    const input = stream([videoTrack()], cluster(0, key(0)), again, cluster(10, delta(0)), again)
    expect(framesIn(input)).toEqual([['1@0*', '1@10']])
    const changed = stream([videoTrack()], cluster(0, key(0)), tracks(videoTrack(2)))
    expect(cutBytes(changed)).toMatchObject({ clusters: [{}], error: { code: 'ERR_WEBM_MALFORMED' } })
  })
})

describe('init segments', () => {
  it('are the EBML header and Tracks of the source around an Info of our own, in a Segment of unknown size', () => {
    const entries = join(...both)
    const { pieces } = cutBytes(stream(both, cluster(0, key(0))))
    const init = Buffer.from(pieces[0]?.bytes ?? [])
    expect(init.subarray(0, ebmlHeader().length)).toEqual(Buffer.from(ebmlHeader()))
    expect(init.subarray(-tracks(entries).length)).toEqual(Buffer.from(tracks(entries)))
    expect(init.includes(join([0x18, 0x53, 0x80, 0x67, 0x01], new Uint8Array(7).fill(0xff)))).toBe(true)
    expect(init.includes(text(0x4d80, 'by hand'))).toBe(false)
    expect(pieces[0]).toMatchObject({ mimeType: 'video/webm; codecs="vp8,opus"' })
  })

  it('come with the first block', () => {
    const cutter = new WebmCutter()
    expect(cutter.push(stream(both, openCluster(0, 8), key(0)))).toEqual([])
    expect(cutter.push(delta(100).subarray(0, 5))).toEqual([])
    expect(cutter.push(delta(100).subarray(5))).toMatchObject([{ kind: 'init' }, { kind: 'cluster', frames: 1 }])
  })
})
