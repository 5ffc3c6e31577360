// A file that somebody was given, as `hypervision inspect` reads it: by our reader, by the ebml package, and into words for a terminal.
import { WebmCutter, type WebmPiece } from '@hypervision/core/webm'
import { attempt, demand, type FuzzTarget } from '../../../../fuzz/target.ts'
import { Inspection } from '../../src/inspect/inspection.ts'
import { reportText } from '../../src/inspect/report-text.ts'
import { opinionOn } from '../../src/inspect/second-opinion.ts'

const options = { maxInitBytes: 2048, maxFrameBytes: 1024, maxBlockBytes: 4096, now: () => 1_000_000 }

export const target: FuzzTarget = {
  name: 'inspection',
  maxInputBytes: 3000,
  words: [
    [0x1f, 0x43, 0xb6, 0x75],
    [0x1a, 0x45, 0xdf, 0xa3],
    [0x18, 0x53, 0x80, 0x67],
    // DocType, CodecID, TrackNumber, and a sequence that steers a terminal.
    [0x42, 0x82],
    [0x86],
    [0xd7],
    '\u001b[2J',
  ],
  prepare: () => run,
}

function run(input: Uint8Array): void {
  const inspection = new Inspection()
  for (const piece of piecesOf(input)) inspection.add(piece)
  const report = inspection.report()
  const opinion = opinionOn(Buffer.from(input), report.tracks)
  const numbers = [report.durationSeconds, report.bitsPerSecond, report.blocks, report.bytes, report.gapCount]
  demand(
    numbers.every((number) => Number.isFinite(number) && number >= 0),
    `counts ${numbers.join(', ')}`,
  )
  demand(report.gaps.length <= Math.min(report.gapCount, 100), 'lists more gaps than there are')
  const text = reportText('file.webm', report, opinion)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  demand(!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(text), 'writes what steers a terminal')
  demand(text.length < 20_000, `writes ${text.length} characters`)
  demand(JSON.stringify({ ...report, opinion }).length < 20 * input.length + 20_000, 'tells more than it was given')
}

/** What the cutter makes of it, up to where it is wrong. */
function piecesOf(input: Uint8Array): WebmPiece[] {
  const cutter = new WebmCutter(options)
  const pieces: WebmPiece[] = []
  const isRefusal = (error: unknown): boolean => error instanceof Error && /^ERR_WEBM_/.test(Reflect.get(error, 'code'))
  attempt(isRefusal, () => {
    pieces.push(...cutter.push(input))
    pieces.push(...cutter.end())
  })
  return pieces
}
