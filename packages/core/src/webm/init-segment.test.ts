import { describe, expect, it } from 'vitest'
import { cutBytes } from '../../test/webm/cut-bytes.ts'
import {
  audioTrack,
  cluster,
  ebmlHeader,
  element,
  file,
  info,
  join,
  openElement,
  simpleBlock,
  stream,
  trackEntry,
  tracks,
  videoTrack,
} from '../../test/webm/webm-builder.ts'
import { readInitSegment, writeVoid } from './index.ts'

const cutInit = (bytes: Uint8Array, placement = {}) => {
  const { pieces } = cutBytes(bytes, { startEpoch: () => ({ offsetMs: 0, ...placement }) })
  return pieces[0]?.bytes ?? new Uint8Array(0)
}

describe('reading an init segment', () => {
  const source = stream([videoTrack(), audioTrack()], cluster(0, simpleBlock({ key: true })))

  it('tells the tracks, the MIME type, the title and the date that the cutter wrote', () => {
    const dateUtc = new Date('1999-12-31T23:59:59.999Z')
    const init = cutInit(source, { title: 'Freitag – 20 Uhr 15', dateUtc })
    expect(readInitSegment(init)).toEqual({
      tracks: [
        { number: 1, kind: 'video', codec: 'vp8', codecString: 'vp8', width: 320, height: 240 },
        { number: 2, kind: 'audio', codec: 'opus', codecString: 'opus', sampleRate: 48_000, channels: 2 },
      ],
      mimeType: 'video/webm; codecs="vp8,opus"',
      title: 'Freitag – 20 Uhr 15',
      dateUtc,
      byteLength: init.length,
    })
    expect(readInitSegment(cutInit(source))).toMatchObject({ title: null, dateUtc: null })
  })

  it('does not count a Void behind it', () => {
    const init = cutInit(source)
    const withVoid = join(init, writeVoid(new Uint8Array(30)))
    expect(readInitSegment(withVoid).byteLength).toBe(init.length)
  })

  it('reads one in a Segment of known size', () => {
    expect(readInitSegment(file([videoTrack()])).tracks).toHaveLength(1)
  })

  it('takes the defaults of Matroska for what an audio track leaves out', () => {
    const bare = stream([trackEntry({ number: 1, type: 2, codecId: 'A_OPUS' })])
    expect(readInitSegment(bare).tracks).toMatchObject([{ sampleRate: 8000, channels: 1 }])
  })

  it.each([
    ['nothing', new Uint8Array(0)],
    ['no Segment', ebmlHeader()],
    ['no EBML header', openElement(0x18538067, 8, info(), tracks(videoTrack()))],
    ['no Tracks', join(ebmlHeader(), openElement(0x18538067, 8, info()))],
    ['a Cluster behind it', stream([videoTrack()], cluster(0))],
    [
      'Tracks of unknown size',
      join(ebmlHeader(), openElement(0x18538067, 8, openElement(0x1654ae6b, 1, videoTrack()))),
    ],
    ['a cut end', stream([videoTrack()]).subarray(0, -1)],
    [
      'an odd float',
      stream([trackEntry({ number: 1, type: 2, codecId: 'A_OPUS', extra: element(0xe1, element(0xb5, [1, 2])) })]),
    ],
    [
      'an odd date',
      join(ebmlHeader(), openElement(0x18538067, 8, element(0x1549a966, element(0x4461, [1])), tracks(videoTrack()))),
    ],
  ])('refuses %s', (_what, bytes) => {
    expect(() => readInitSegment(bytes)).toThrow(expect.objectContaining({ code: 'ERR_WEBM_MALFORMED' }))
  })
})
