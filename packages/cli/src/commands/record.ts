/** `hypervision record`: any span of a channel into files that players seek in. */
import type { Recording, Viewer } from '@hypervision/core'
import { type CommandContext, defineCommand } from '../options/command.ts'
import { flag, usageError, value } from '../options/option.ts'
import { endPosition, recordStart, text } from '../options/value-text.ts'
import { RecordingFiles } from '../record/recording-files.ts'
import { formatBytes, formatCount, formatDuration } from '../terminal/format.ts'
import type { LineField } from '../terminal/live-line.ts'
import { channelOptions, openChannel } from './channel-viewer.ts'
import { everySecond } from './every-second.ts'
import { jsonOption } from './network-options.ts'

/** The command. */
export const recordCommand = defineCommand({
  name: 'record',
  summary: 'Record a span of a channel into WebM files that players seek in',
  positionals: [
    {
      name: 'LINK',
      isRequired: false,
      help: 'the link that the broadcaster printed; left out, the channel in --storage, without a network',
    },
  ],
  options: {
    out: value('FILE', 'Where it goes; FILE-2 and so on for what follows a change of the codec or the picture', text),
    force: flag('Replace files that are there'),
    from: value(
      'PLACE',
      'Where to begin: live, start, seconds before the live edge, or a time such as 2026-01-31T20:15. Default: live, or start without LINK',
      recordStart,
    ),
    to: value(
      'PLACE',
      'Where to end: end (of the broadcast), live (what is there now), seconds before the live edge, or a time. Default: end, or live without LINK',
      endPosition,
    ),
    ...channelOptions,
    json: jsonOption,
  },
  examples: [
    ['record hypervision:… --out show.webm', 'From now on until the broadcast ends, or Ctrl-C'],
    ['record hypervision:… --out show.webm --from start', 'All there is, then on until the end'],
    ['record hypervision:… --out goal.webm --from 60 --to live', 'The last minute'],
    ['record hypervision:… --out news.webm --from 2026-01-31T20:15 --to 2026-01-31T20:30', 'A quarter of an hour'],
    ['record --storage ./friday --out show.webm', 'What a folder of broadcast or relay holds'],
  ],
  async run(context, values, [link]) {
    const { out, force, from, to } = values
    if (out === undefined) throw usageError('record needs --out FILE.')
    const files = await RecordingFiles.open(out, force)
    try {
      const viewer = await openChannel(context, 'record', link, values)
      await record(context, viewer, files, {
        from: from ?? (link === undefined ? 'start' : 'live'),
        to: to ?? (link === undefined ? 'live' : 'end'),
      })
    } finally {
      await files.close()
    }
  },
})

type Span = Required<Pick<Parameters<Viewer['record']>[0], 'from' | 'to'>>

async function record(context: CommandContext, viewer: Viewer, files: RecordingFiles, span: Span): Promise<void> {
  const { reporter, signal } = context
  const recording = await viewer.record({
    ...span,
    signal,
    async open({ title, mimeType }) {
      const target = await files.next()
      const name = files.names.at(-1) ?? ''
      const show = title === null ? '' : ` "${title}"`
      reporter.note('file', { name, title, mimeType }, `Recording${show} into ${name}: ${mimeType}. Ctrl-C ends it.`)
      return target
    },
  })
  const stop = tell(context, viewer, recording, span)
  try {
    const stats = await recording.finished
    const detail = { ...stats, files: files.names }
    if (stats.files > 0) reporter.note('ended', detail, endText(stats, files.names))
  } finally {
    stop()
    await viewer.close()
  }
  await viewer.closed
  if (files.names.length === 0) reporter.note('ended', { files: [] }, 'Nothing was recorded.')
}

/** Says how it goes until it is told to stop. */
function tell({ reporter }: CommandContext, viewer: Viewer, recording: Recording, { from }: Span): () => void {
  let told: string | null = null
  const tellWaiting = (): void => {
    const { state } = viewer.stats()
    if (recording.stats().files > 0 || state === told || (state !== 'searching' && state !== 'waiting')) return
    told = state
    if (state === 'searching') reporter.note('waiting', { state }, 'Waiting for somebody who has the channel …')
    else if (from === 'live') {
      const hint = '--from start records what was broadcast before.'
      reporter.note('waiting', { state }, `The channel is found. Waiting for the broadcast to begin; ${hint}`)
    }
  }
  const stopTelling = everySecond(() => {
    tellWaiting()
    const stats = recording.stats()
    reporter.stats({ ...stats, peers: viewer.stats().peers.length }, fieldsOf(stats, viewer.stats().peers.length))
  })
  return stopTelling
}

type Stats = ReturnType<Recording['stats']>

function fieldsOf(stats: Stats, peers: number): LineField[] {
  const isWaiting = stats.files === 0
  return [
    { text: isWaiting ? 'waiting' : `recorded ${formatDuration(stats.seconds)}`, rank: 0 },
    { text: formatBytes(stats.bytes), rank: 1 },
    { text: formatCount(peers, 'peer'), rank: 2 },
    ...(stats.files > 1 ? [{ text: formatCount(stats.files, 'file'), rank: 3 }] : []),
    ...(stats.missingBlocks > 0 ? [{ text: `${formatCount(stats.missingBlocks, 'block')} missing`, rank: 1 }] : []),
  ]
}

function endText({ seconds, bytes, missingBlocks }: Stats, names: readonly string[]): string {
  const whole = `Recorded ${formatDuration(seconds)}, ${formatBytes(bytes)}: ${names.join(', ')}`
  return missingBlocks === 0 ? whole : `${whole}\n${formatCount(missingBlocks, 'block')} of it nobody had any more.`
}
