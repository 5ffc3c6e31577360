import { describe, expect, it } from 'vitest'
import { type CodecParameters, codecString, mimeTypeOf, type WebmTrack } from './index.ts'

const parameters = (codec: CodecParameters['codec'], codecPrivate: number[] | null = null, rest = {}) => ({
  codec,
  codecPrivate: codecPrivate === null ? null : Uint8Array.from(codecPrivate),
  width: 1280,
  height: 720,
  bitsPerChannel: 0,
  ...rest,
})

describe('codec strings', () => {
  it.each([
    ['vp8', parameters('vp8')],
    ['opus', parameters('opus', [1, 2])],
    ['vorbis', parameters('vorbis')],
    ['vp09.00.31.08', parameters('vp9')],
    ['vp09.00.10.08', parameters('vp9', null, { width: 160, height: 120 })],
    ['vp09.00.60.08', parameters('vp9', null, { width: 8192, height: 8192 })],
    ['vp09.02.31.10', parameters('vp9', null, { bitsPerChannel: 10 })],
    ['vp09.01.41.08', parameters('vp9', [1, 1, 1, 2, 1, 41, 3, 1, 8, 4, 1, 3])],
    ['vp09.02.31.10', parameters('vp9', [1, 1, 2, 3, 1, 10])],
    ['vp09.00.31.08', parameters('vp9', [1, 0])],
    ['av01.0.04M.08', parameters('av1')],
    ['av01.0.05M.08', parameters('av1', [0x81, 0x05, 0x0c, 0x00])],
    ['av01.1.13H.10', parameters('av1', [0x81, (1 << 5) | 13, 0xc0, 0x00])],
    ['av01.2.08M.12', parameters('av1', [0x81, (2 << 5) | 8, 0x60, 0x00])],
  ])('%s', (wanted, given) => {
    expect(codecString(given)).toBe(wanted)
  })
})

describe('the MIME type', () => {
  const track = (number: number, codec: WebmTrack['codec'], kind: WebmTrack['kind']): WebmTrack => ({
    number,
    kind,
    codec,
    codecString: codec,
  })

  it('names video first and each codec once, whatever the order of tracks', () => {
    const tracks = [track(1, 'opus', 'audio'), track(2, 'vp8', 'video'), track(3, 'opus', 'audio')]
    expect(mimeTypeOf(tracks)).toBe('video/webm; codecs="vp8,opus"')
  })

  it('is audio/webm for audio alone', () => {
    expect(mimeTypeOf([track(1, 'vorbis', 'audio')])).toBe('audio/webm; codecs="vorbis"')
  })
})
