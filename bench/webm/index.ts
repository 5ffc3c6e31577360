// The cutter beside every parser of WebM that JavaScript has, and beside what no parser can beat, over one stream.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Bench, BenchRunOptions, Row } from '../bench.ts'
import { makeStream } from '../media/make-stream.ts'
import { median } from '../statistics.ts'
import type { Measurement } from './measure.ts'
import { type ParserName, parserNames } from './parsers.ts'

const run = promisify(execFile)
const measureScript = fileURLToPath(new URL('./measure.ts', import.meta.url))

/** One line of the table: a parser and how much it reads. */
interface Case {
  readonly parser: ParserName
  readonly megabytes: number
}

export const bench: Bench = {
  name: 'webm',
  title: 'Cutting WebM: 720p VP8 and Opus at 2.6 Mbit/s, in chunks of 64 KiB, each parser in a process of its own',

  async run({ quick, log, signal }: BenchRunOptions): Promise<readonly Row[]> {
    const megabytes = quick ? 20 : 100
    const rounds = quick ? 1 : 3
    const cases: Case[] = [
      { parser: 'cutter', megabytes: megabytes / 10 },
      ...parserNames.map((parser) => ({ parser, megabytes })),
    ]
    const folder = mkdtempSync(join(tmpdir(), 'hypervision-bench-webm-'))
    try {
      log(`making ${megabytes} MB of WebM`)
      const path = await makeStream(folder, megabytes, signal)
      const measured = new Map<Case, Measurement[]>(cases.map((each) => [each, []]))
      // Round by round, so that a busy moment of the machine does not hit one parser alone.
      for (let round = 1; round <= rounds; round++) {
        for (const [each, measurements] of measured) {
          log(`round ${round} of ${rounds}: ${each.parser}, ${each.megabytes} MB`)
          measurements.push(await measure(each, path, signal))
        }
      }
      return rowsOf(measured)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** Which part of ours does what a library's row does: the reader reads, the cutter reads and writes. */
function oursAtSameJob(parser: ParserName): ParserName {
  return parser === 'reader' || parser.endsWith(', read') ? 'reader' : 'cutter'
}

async function measure({ parser, megabytes }: Case, path: string, signal: AbortSignal): Promise<Measurement> {
  const flags = ['--expose-gc', '--import', 'tsx', '--conditions=hypervision-source']
  const { stdout } = await run(process.execPath, [...flags, measureScript, parser, path, String(megabytes * 1e6)], {
    signal,
  })
  return JSON.parse(stdout)
}

function rowsOf(measured: ReadonlyMap<Case, readonly Measurement[]>): Row[] {
  const largest = Math.max(...[...measured.keys()].map((each) => each.megabytes))
  const speed = ({ megabytes }: Case, measurements: readonly Measurement[]) =>
    megabytes / median(measurements.map((each) => each.seconds))
  const speedOf = (parser: ParserName) => {
    const found = [...measured].find(([each]) => each.parser === parser && each.megabytes === largest)
    return found === undefined ? Number.NaN : speed(...found)
  }
  return [...measured].map(([each, measurements]) => ({
    case: each.parser,
    inputMB: each.megabytes,
    throughputMBps: speed(each, measurements),
    msPerMB: 1000 / speed(each, measurements),
    cutterIsTimesFaster: speedOf('cutter') / speed(each, measurements),
    oursIsTimesFasterAtSameJob: speedOf(oursAtSameJob(each.parser)) / speed(each, measurements),
    peakLiveMB: Math.max(...measurements.map(({ liveBytes }) => liveBytes)) / 1e6,
    peakResidentMB: Math.max(...measurements.map(({ residentBytes }) => residentBytes)) / 1e6,
    blocks: measurements[0]?.blocks ?? null,
  }))
}
