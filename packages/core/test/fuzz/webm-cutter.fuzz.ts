// The way of a broadcaster's bytes: the EBML reader and the cutter. What comes out must not depend on how the input was cut into chunks, and
// must be WebM that can be read, and cut again.
import { attempt, demand, type FuzzTarget } from '../../../../fuzz/target.ts'
import { readCluster, readInitSegment, type WebmPiece } from '../../src/webm/index.ts'
import { type CutResult, cutBytes } from '../webm/cut-bytes.ts'
import { withCode } from './refusals.ts'

const options = { maxInitBytes: 2048, maxFrameBytes: 1024, maxBlockBytes: 4096, now: () => 1_000_000 }
const isRefusal = withCode(/^ERR_WEBM_/)

export const target: FuzzTarget = {
  name: 'webm-cutter',
  maxInputBytes: 3000,
  words: [
    [0x1f, 0x43, 0xb6, 0x75],
    [0x1a, 0x45, 0xdf, 0xa3],
    [0x18, 0x53, 0x80, 0x67],
    [0x1f, 0x43, 0xb6, 0x75, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  ],
  prepare: () => run,
}

function run(input: Uint8Array): void {
  const whole = cut(input)
  // Chunks of a size that the input gives, and places that it gives.
  const [first = 0, last = 0] = [input.at(5), input.at(-1)]
  sameAs(whole, cut(input, 1 + (last % 37)))
  sameAs(
    whole,
    cut(
      input,
      [first % (input.length + 1), last % (input.length + 1)].sort((a, b) => a - b),
    ),
  )
  let bytes = 0
  for (const piece of whole.pieces) {
    bytes += piece.bytes.length
    if (piece.kind === 'init') readInitSegment(piece.bytes)
    else readCluster(piece.bytes)
  }
  demand(bytes <= 4 * input.length + 1024, `${input.length} bytes became ${bytes}`)
  recut(whole.pieces)
}

function cut(input: Uint8Array, chunks: number | readonly number[] = Infinity): CutResult {
  const result = cutBytes(input, options, chunks)
  if (result.error !== null)
    attempt(isRefusal, () => {
      throw result.error
    })
  return result
}

function sameAs(whole: CutResult, chunked: CutResult): void {
  demand(
    whole.error?.message === chunked.error?.message,
    `"${whole.error?.message}" in one chunk, "${chunked.error?.message}" in several`,
  )
  demand(whole.truncatedAt === chunked.truncatedAt, 'ends elsewhere in several chunks')
  demand(whole.pieces.length === chunked.pieces.length, 'gives another number of pieces in several chunks')
  whole.pieces.forEach((piece, at) => {
    const other = chunked.pieces[at]
    demand(
      other !== undefined && piece.kind === other.kind && Buffer.compare(piece.bytes, other.bytes) === 0,
      'gives another piece in several chunks',
    )
  })
}

/** What a viewer is given is what a broadcaster may be given. */
function recut(pieces: readonly WebmPiece[]): void {
  if (pieces.length === 0) return
  const again = cutBytes(Buffer.concat(pieces.map((piece) => piece.bytes)), options)
  demand(again.error === null, `what was cut cannot be cut again: ${again.error?.message}`)
  demand(frames(again.pieces) === frames(pieces), 'frames are lost in what is cut again')
}

function frames(pieces: readonly WebmPiece[]): number {
  return pieces.reduce((sum, piece) => sum + (piece.kind === 'cluster' ? readCluster(piece.bytes).frames.length : 0), 0)
}
