// Bad input: each mistake has its code, says where, and says what to do.
import { describe, expect, it } from 'vitest'
import { chunksOf, cutBytes, framesOf } from '../../test/webm/cut-bytes.ts'
import {
  audioTrack,
  blockGroup,
  cluster,
  ebmlHeader,
  element,
  file,
  info,
  join,
  key,
  openCluster,
  openElement,
  simpleBlock,
  stream,
  text,
  trackEntry,
  tracks,
  uint,
  videoTrack,
} from '../../test/webm/webm-builder.ts'
import type { HypervisionError } from '../contracts/index.ts'
import { type CutterOptions, WebmCutter, type WebmPiece } from './index.ts'

const latin1 = (text: string) => Buffer.from(text, 'latin1')

/** The error of cutting, which is the same in chunks of every size. */
function errorOf(bytes: Uint8Array, options: CutterOptions = {}): HypervisionError {
  const { error } = cutBytes(bytes, options)
  expect(error).not.toBeNull()
  for (const chunkBytes of [1, 5]) expect(cutBytes(bytes, options, chunkBytes).error?.message).toBe(error?.message)
  return error as HypervisionError
}

describe('input that is not WebM', () => {
  it.each([
    ['a PNG picture', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
    ['MP4 or QuickTime', '\0\0\0\x20ftypisom\0\0\x02\0isomiso2'],
    ['HTML or XML', '<!DOCTYPE html><html>'],
    ['HTML or XML', '\xef\xbb\xbf\n <html lang="en">'],
    ['MP3 with an ID3 tag', 'ID3\x04\0\0\0\0\0\x23TSSE\0\0\0\0'],
    ['zeros', '\0'.repeat(40)],
    ['zeros', '\0\0'],
    ['JSON', '{"error":"not found"}'],
    ['text', 'Not found, sorry about that'],
    ['text', 'no'],
    ['Ogg', 'OggS\0\x02aaaaaaaaaaaaaaaaaa'],
    ['an HLS playlist', '#EXTM3U\n#EXT-X-VERSION:3\n'],
    ['WebM that begins in its middle, at a Cluster', '\x1f\x43\xb6\x75\x01\xff\xff\xff\xff\xff\xff\xff\xe7\x81\0\xa3'],
    ['an unknown format', '\x1a\x45\xdf\xa4aaaaaaaaaaaaaaaaaa'],
  ])('is named as %s and answered with what to do', (looksLike, bytes) => {
    const error = errorOf(latin1(bytes))
    expect(error).toMatchObject({ code: 'ERR_WEBM_NOT_WEBM', detail: { looksLike, offset: 0 } })
    expect(error.message).toMatch(
      new RegExp(`^The input is not WebM: it looks like ${looksLike} \\(first bytes: .*\\)\\. [A-Z]`),
    )
  })

  it('is refused after 16 bytes, before endless zeros are read', () => {
    const cutter = new WebmCutter()
    cutter.push(new Uint8Array(15))
    expect(() => cutter.push(new Uint8Array(1))).toThrow('it looks like zeros')
  })

  it('is told to be empty when nothing came', () => {
    expect(errorOf(new Uint8Array(0))).toMatchObject({ code: 'ERR_WEBM_NOT_WEBM', detail: { looksLike: 'empty' } })
  })

  it('is told to be Matroska, and how to remux it', () => {
    const error = errorOf(join(ebmlHeader({ docType: 'matroska' }), openElement(0x18538067, 8)))
    expect(error).toMatchObject({ code: 'ERR_WEBM_NOT_WEBM', detail: { docType: 'matroska' } })
    expect(error.message).toContain('ffmpeg -i IN -c copy -f webm OUT')
  })
})

describe('WebM that cannot be played as it is', () => {
  it.each([
    ['V_MPEG4/ISO/AVC', 1],
    ['A_AAC', 2],
    ['S_TEXT/UTF8', 0x11],
    ['toString', 1],
  ])('has the codec %s', (codecId, type) => {
    const error = errorOf(stream([videoTrack(), trackEntry({ number: 2, type, codecId })], cluster(0, key())))
    expect(error).toMatchObject({ code: 'ERR_WEBM_CODEC', detail: { track: 2, codec: codecId } })
    expect(error.message).toContain('VP8, VP9, AV1, Opus and Vorbis')
  })

  it('counts time in another unit than milliseconds', () => {
    const input = join(ebmlHeader(), openElement(0x18538067, 8, info({ timestampScale: 1000 }), tracks(videoTrack())))
    expect(errorOf(input)).toMatchObject({ code: 'ERR_WEBM_TIMESTAMP_SCALE', detail: { timestampScale: 1000 } })
  })
})

describe('malformed WebM', () => {
  const head = stream([videoTrack()])
  const inCluster = (...children: Uint8Array[]) => join(head, cluster(0, ...children))
  // A Cluster's id and size take 8 bytes here, its Timestamp 3.
  const inClusterAt = head.length + 11

  it.each<[string, Uint8Array, number, RegExp]>([
    [
      'an element that overruns its Cluster',
      join(head, element(0x1f43b675, join(uint(0xe7, 0), [0xa3, 0x85, 0x81, 0, 0]))),
      inClusterAt,
      /SimpleBlock overruns its Cluster by 2 bytes/,
    ],
    [
      'a Cluster that overruns its Segment',
      join(ebmlHeader(), element(0x18538067, join(info(), tracks(videoTrack()), [0x1f, 0x43, 0xb6, 0x75, 0x8f]))),
      file([videoTrack()]).length - 4,
      /Cluster overruns its Segment by 15 bytes/,
    ],
    ['a SimpleBlock too short for its head', inCluster(element(0xa3, [0x81, 0, 0])), inClusterAt, /too short/],
    ['an empty SimpleBlock', inCluster(element(0xa3, [])), inClusterAt, /too short/],
    [
      'a track number longer than 8 bytes',
      inCluster(element(0xa3, new Uint8Array(20))),
      inClusterAt,
      /too short|track/,
    ],
    ['a track that Tracks does not have', inCluster(simpleBlock({ track: 3 })), inClusterAt, /track 3/],
    [
      'an element of unknown size that may not be',
      inCluster(join([0xa3, 0xff], [0x81, 0, 0, 0])),
      inClusterAt,
      /SimpleBlock has an unknown size/,
    ],
    ['a byte that cannot begin an id', inCluster(Buffer.from([0x0f, 0x80])), inClusterAt, /byte 0x0f cannot begin/],
    ['a size longer than 8 bytes', inCluster(Buffer.from([0xa3, 0x00, 0x80])), inClusterAt, /longer than 8 bytes/],
    ['a size above 2^53', join(head, [0xec, 0x01, 0x20, 0, 0, 0, 0, 0, 0]), head.length, /2\^53/],
    [
      'a SimpleBlock before the Timestamp',
      join(head, element(0x1f43b675, key())),
      head.length + 8,
      /before the Timestamp/,
    ],
    [
      'a Timestamp of 9 bytes',
      join(head, element(0x1f43b675, element(0xe7, new Uint8Array(9)))),
      head.length + 8,
      /9 bytes/,
    ],
    [
      'a Timestamp above 2^53',
      join(head, element(0x1f43b675, element(0xe7, new Uint8Array(8).fill(0xfe)))),
      head.length + 8,
      /2\^53/,
    ],
    ['a Cluster inside a Cluster of known size', inCluster(cluster(0)), inClusterAt, /Cluster stands inside a Cluster/],
    [
      'an EBML header inside a Segment of known size',
      file([videoTrack()], ebmlHeader()),
      file([videoTrack()]).length,
      /EBML stands inside a Segment/,
    ],
    [
      'a Cluster before Tracks',
      join(ebmlHeader(), openElement(0x18538067, 8, info(), cluster(0))),
      ebmlHeader().length + 12 + info().length,
      /before Tracks/,
    ],
    ['Tracks without a track', stream([]), ebmlHeader().length + 12 + info().length, /no track/],
    [
      'two tracks of one number',
      stream([videoTrack(1), audioTrack(1)]),
      ebmlHeader().length + 12 + info().length + 8 + videoTrack().length,
      /number 1/,
    ],
    [
      'a TrackEntry without a number',
      stream([element(0xae, text(0x86, 'V_VP8'))]),
      ebmlHeader().length + 12 + info().length + 8,
      /no TrackNumber/,
    ],
    [
      'a track whose type is not its codec’s',
      stream([trackEntry({ number: 1, type: 2 })]),
      ebmlHeader().length + 12 + info().length + 8,
      /of type audio/,
    ],
    [
      'a Segment without an EBML header',
      join(file([videoTrack()]), openElement(0x18538067, 8)),
      file([videoTrack()]).length,
      /no EBML header/,
    ],
    [
      'something behind a Segment of known size',
      join(file([videoTrack()]), element(0x4dbb, [])),
      file([videoTrack()]).length,
      /outside of a Segment/,
    ],
    ['EBML of a later version', ebmlHeader({ readVersion: 2 }), 12, /at most 1/],
    ['a BlockGroup without a Block', inCluster(element(0xa0, uint(0x9b, 20))), inClusterAt, /no Block/],
    [
      'a BlockGroup with two Blocks',
      inCluster(element(0xa0, join(element(0xa1, [0x81, 0, 0, 0], 1), element(0xa1, [0x81, 0, 0, 0], 1)))),
      inClusterAt + 5 + 6,
      /two Blocks/,
    ],
    [
      'a Block that overruns its BlockGroup',
      inCluster(element(0xa0, [0xa1, 0x89, 0x81, 0, 0, 0])),
      inClusterAt + 5,
      /Block overruns its BlockGroup/,
    ],
    ['a Block of unknown size', inCluster(element(0xa0, [0xa1, 0xff, 0x81, 0, 0, 0])), inClusterAt + 5, /unknown size/],
  ])('is told of %s, with the byte offset', (_what, bytes, offset, message) => {
    const error = errorOf(bytes)
    expect(error.message).toMatch(message)
    expect(error).toMatchObject({ code: 'ERR_WEBM_MALFORMED', detail: { offset } })
    expect(error.message).toContain(`at byte ${offset}`)
    expect(error.message).toContain('ffmpeg')
  })

  it('gives out the complete frames before the bad place, then throws, and throws again', () => {
    const bad = join(stream([videoTrack()], openCluster(0, 8, key(), key(50), simpleBlock({ relativeMs: 60 }))), [0x00])
    for (const chunkBytes of [1, 11, 1000]) {
      const cutter = new WebmCutter()
      const pieces: WebmPiece[] = []
      const pushAll = () => {
        for (const chunk of chunksOf(bad, chunkBytes)) pieces.push(...cutter.push(chunk))
        cutter.end()
      }
      expect(pushAll).toThrow('byte 0x00 cannot begin')
      expect(framesOf(pieces.filter((piece) => piece.kind === 'cluster'))).toEqual([['1@0*'], ['1@50*', '1@60']])
      expect(() => cutter.push(key())).toThrow('byte 0x00 cannot begin')
      expect(() => cutter.flush()).toThrow('byte 0x00 cannot begin')
      expect(() => cutter.end()).toThrow('byte 0x00 cannot begin')
    }
  })

  it('is not slowed down by a BlockGroup of very many tiny elements in tiny chunks', () => {
    const group = element(
      0xa0,
      join(
        element(0xa1, [0x81, 0, 0, 0], 1),
        new Uint8Array(400_000).map((_, at) => (at % 2 ? 0x80 : 0xec)),
      ),
    )
    const { clusters, error } = cutBytes(join(head, cluster(0, group)), {}, 3)
    expect(error).toBeNull()
    expect(clusters).toHaveLength(1)
  })
})

describe('limits', () => {
  const init = join(
    ebmlHeader(),
    info(),
    tracks(videoTrack(), trackEntry({ number: 9, extra: element(0xec, new Uint8Array(2000)) })),
  )
  const headOf = (extra: Uint8Array) =>
    join(ebmlHeader(), openElement(0x18538067, 8, info(), tracks(videoTrack(), extra)))
  const big = trackEntry({ number: 9, extra: element(0xec, new Uint8Array(2000)) })

  it('take an init segment at maxInitBytes and refuse one byte more', () => {
    const input = join(headOf(big), cluster(0, key()))
    expect(cutBytes(input, { maxInitBytes: init.length }).error).toBeNull()
    const error = errorOf(input, { maxInitBytes: init.length - 1 })
    expect(error).toMatchObject({ code: 'ERR_WEBM_LIMIT', detail: { bytes: init.length, option: 'maxInitBytes' } })
  })

  it('count the init segment of each epoch by itself', () => {
    const input = join(headOf(big), cluster(0, key()))
    expect(cutBytes(join(input, input, input), { maxInitBytes: init.length }).error).toBeNull()
  })

  it.each(['SimpleBlock', 'BlockGroup'])(
    'take a %s at maxFrameBytes and refuse one byte more, from its head on',
    (name) => {
      const make = name === 'SimpleBlock' ? simpleBlock : blockGroup
      const frame = make({ key: true, payload: new Uint8Array(3000) })
      const before = stream([videoTrack()], openCluster(0, 8))
      expect(cutBytes(join(before, frame), { maxFrameBytes: frame.length }).error).toBeNull()
      // Only the head of the frame is there: nothing of what is too large is waited for.
      const error = errorOf(join(before, frame.subarray(0, 5)), { maxFrameBytes: frame.length - 1 })
      expect(error).toMatchObject({
        code: 'ERR_WEBM_LIMIT',
        detail: { bytes: frame.length, limit: frame.length - 1, offset: before.length },
      })
      expect(error.message).toContain('raise maxFrameBytes')
    },
  )

  it('take a block at maxBlockBytes and refuse one byte more, after the frames that it had', () => {
    const frames = [
      key(0),
      simpleBlock({ relativeMs: 1, payload: new Uint8Array(1500) }),
      simpleBlock({ relativeMs: 2 }),
    ]
    const input = stream([videoTrack()], cluster(0, ...frames))
    const bytes = join(...frames).length
    expect(cutBytes(input, { maxBlockBytes: bytes }).clusters).toMatchObject([{ frames: 3 }])
    const { clusters, error } = cutBytes(input, { maxBlockBytes: bytes - 1 })
    expect(clusters).toMatchObject([{ frames: 2 }])
    expect(error).toMatchObject({ code: 'ERR_WEBM_LIMIT', detail: { bytes, option: 'maxBlockBytes' } })
  })

  it('are checked themselves, with name, rule and value in the message', () => {
    for (const blockDurationMs of [19, 5001, 20.5, Number.NaN, '100' as unknown as number]) {
      expect(() => new WebmCutter({ blockDurationMs })).toThrow(
        `blockDurationMs must be a whole number of milliseconds from 20 to 5000, not ${blockDurationMs}.`,
      )
    }
    for (const option of ['maxInitBytes', 'maxFrameBytes', 'maxBlockBytes']) {
      expect(() => new WebmCutter({ [option]: 1023 })).toThrow(`${option} must be a whole number of bytes from 1024`)
    }
    expect(() => new WebmCutter({ blockDurationMs: 20, maxInitBytes: 1024 })).not.toThrow()
  })
})
