/** `hypervision cut`: what a broadcast would put into its feed, as a file and without a network. */
import { stat } from 'node:fs/promises'
import { cutWebm } from '@hypervision/core/webm'
import { defineCommand } from '../options/command.ts'
import { usageError, value, valueOr } from '../options/option.ts'
import { text, wholeNumber } from '../options/value-text.ts'
import { formatBytes, formatCount, formatDuration } from '../terminal/format.ts'
import { openSink } from './byte-sink.ts'
import { readBytes } from './byte-source.ts'
import { everySecond } from './every-second.ts'
import { jsonOption } from './network-options.ts'

/** The command. */
export const cutCommand = defineCommand({
  name: 'cut',
  summary: 'Cut WebM into the blocks of a broadcast, into a file',
  positionals: [{ name: 'FILE|-', isRequired: true, help: 'a WebM file, or - for stdin' }],
  options: {
    out: value('FILE|-', 'Where the result goes; - for stdout. A file is replaced', text),
    'block-duration': valueOr(
      'MS',
      100,
      'Longest span of one block in milliseconds, 20 to 5000. Default: 100',
      wholeNumber(20, 5000, 'milliseconds'),
    ),
    json: jsonOption,
  },
  examples: [
    ['cut show.webm --out cut.webm', 'Init segment and Clusters, one after another'],
    ['cut - --out - < show.webm | ffplay -', 'The same as a stream'],
  ],
  hasMediaOnStdout: ({ out }) => out === '-',
  async run({ reporter, signal }, values, [input = '']) {
    if (values.out === undefined) throw usageError('cut needs --out FILE, or --out - for stdout.')
    const count = { epochs: 0, blocks: 0, keyframes: 0, bytes: 0, seconds: 0 }
    await refuseSameFile(input, values.out)
    const source = cutWebm(readBytes(input, signal), { blockDurationMs: values['block-duration'] })
    // The first piece tells whether the input is any good, before there is an output.
    const first = await source.next()
    const sink = await openSink(values.out, signal)
    const stop = everySecond(() => reporter.stats(count, fieldsOf(count)))
    try {
      for (let piece = first; !piece.done; piece = await source.next()) {
        const { value } = piece
        count.bytes += value.bytes.byteLength
        if (value.kind === 'init') count.epochs++
        else {
          count.blocks++
          if (value.key) count.keyframes++
          count.seconds = (value.timestampMs + value.spanMs) / 1000
        }
        if (!(await sink.write(value.bytes))) break
        signal.throwIfAborted()
      }
    } finally {
      stop()
      await source.return()
      await sink.close()
    }
    reporter.note(
      'ended',
      count,
      `${fieldsOf(count)
        .map((field) => field.text)
        .join(', ')}: ${sink.name}`,
    )
  },
})

/** Opening an output empties it. */
async function refuseSameFile(input: string, output: string): Promise<void> {
  const [from, to] = await Promise.all([input, output].map((name) => stat(name).catch(() => null)))
  if (!from || !to || from.ino !== to.ino || from.dev !== to.dev) return
  throw usageError(`--out ${output} is the input. Choose another file.`, { option: 'out', value: output })
}

function fieldsOf(count: { blocks: number; keyframes: number; bytes: number; seconds: number }) {
  return [
    { text: formatCount(count.blocks, 'block'), rank: 0 },
    { text: formatCount(count.keyframes, 'keyframe'), rank: 2 },
    { text: formatDuration(count.seconds), rank: 1 },
    { text: formatBytes(count.bytes), rank: 1 },
  ]
}
