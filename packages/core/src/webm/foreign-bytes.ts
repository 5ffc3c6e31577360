// Tells a person what they passed in instead of WebM: the commonest mistake deserves the clearest answer.
import { HypervisionError } from '../contracts/index.ts'

/** How many first bytes are looked at. */
export const foreignBytesWanted = 16

const remux = 'Turn it into WebM with `ffmpeg -i IN -c:v libvpx -c:a libopus -f webm OUT`.'
const notMedia = 'Pass a WebM file or stream; a wrong path or address is the usual cause.'

/** What the first bytes are in Latin-1, where, and what to do about it. */
const signatures: readonly (readonly [offset: number, text: string, looksLike: string, remedy: string])[] = [
  [0, '\x89PNG', 'a PNG picture', notMedia],
  [0, '\xff\xd8\xff', 'a JPEG picture', notMedia],
  [0, 'GIF8', 'a GIF picture', remux],
  [4, 'ftyp', 'MP4 or QuickTime', remux],
  [4, 'moov', 'MP4 or QuickTime', remux],
  [4, 'moof', 'a fragment of MP4', remux],
  [4, 'styp', 'a fragment of MP4', remux],
  [0, 'ID3', 'MP3 with an ID3 tag', remux],
  [0, '\xff\xfb', 'MP3', remux],
  [0, 'OggS', 'Ogg', remux],
  [0, 'fLaC', 'FLAC', remux],
  [8, 'AVI ', 'AVI', remux],
  [8, 'WAVE', 'WAV', remux],
  [8, 'WEBP', 'a WebP picture', notMedia],
  [0, 'FLV\x01', 'Flash Video', remux],
  [0, 'DKIF', 'IVF', remux],
  [0, '\x47\x40', 'an MPEG transport stream', remux],
  [0, '#EXTM3U', 'an HLS playlist', 'Pass the address of the playlist to ffmpeg, or use the ffmpeg() capture.'],
  [0, '%PDF', 'a PDF document', notMedia],
  [0, 'PK\x03\x04', 'a ZIP archive', notMedia],
  [0, '\x1f\x8b', 'gzip', 'Unpack it first.'],
  [
    0,
    '\x1f\x43\xb6\x75',
    'WebM that begins in its middle, at a Cluster',
    'Connect to the source before it starts, or restart the recorder, so that the EBML header comes first.',
  ],
]

/**
 * Makes the error for an input that does not begin with an EBML header.
 *
 * @param first the first {@link foreignBytesWanted} bytes, or all there are
 */
export function notWebm(first: Uint8Array): HypervisionError {
  const [looksLike, remedy] = recognize(first)
  const hex = Array.from(first, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  const found = first.length === 0 ? '' : ` (first bytes: ${hex})`
  return new HypervisionError(
    'ERR_WEBM_NOT_WEBM',
    `The input is not WebM: it looks like ${looksLike}${found}. ${remedy}`,
    {
      detail: { offset: 0, looksLike, firstBytes: hex },
    },
  )
}

/** Makes the error for an input that has nothing in it. */
export function emptyInput(): HypervisionError {
  return new HypervisionError(
    'ERR_WEBM_NOT_WEBM',
    'The input is not WebM: it is empty. Check that its source runs and that the path or address is right.',
    { detail: { offset: 0, looksLike: 'empty', firstBytes: '' } },
  )
}

/** Makes the error for EBML of another kind than WebM. */
export function foreignDocType(offset: number, docType: string): HypervisionError {
  const shown = docType.replace(/[^\x20-\x7e]/g, '?').slice(0, 40)
  return new HypervisionError(
    'ERR_WEBM_NOT_WEBM',
    `The input is not WebM: its EBML header at byte ${offset} says DocType "${shown}". ` +
      'Where its codecs are VP8, VP9, AV1, Opus or Vorbis, remux it with `ffmpeg -i IN -c copy -f webm OUT`; ' +
      'otherwise encode it with `ffmpeg -i IN -c:v libvpx -c:a libopus -f webm OUT`.',
    { detail: { offset, docType: shown } },
  )
}

function recognize(first: Uint8Array): readonly [looksLike: string, remedy: string] {
  if (first.every((byte) => byte === 0)) return ['zeros', 'The source writes no data; check the device or the file.']
  const text = String.fromCharCode(...first)
  for (const [offset, signature, looksLike, remedy] of signatures) {
    if (text.startsWith(signature, offset)) return [looksLike, remedy]
  }
  if (/^(\xef\xbb\xbf)?\s*</.test(text)) {
    return ['HTML or XML', 'An address that answers with an error page does that; open it in a browser to see.']
  }
  if (/^(\xef\xbb\xbf)?\s*[{[]/.test(text)) return ['JSON', notMedia]
  if (/^[\t\n\r\x20-\x7e]+$/.test(text)) return ['text', notMedia]
  return ['an unknown format', remux]
}
