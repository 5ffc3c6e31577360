/** `hypervision broadcast`: media of this machine on air. */
import { type Broadcast, type BroadcastStats, createBroadcast } from '@hypervision/core'
import { type CommandContext, defineCommand } from '../options/command.ts'
import { flag, usageError, value, valueOr } from '../options/option.ts'
import { numberFrom, wholeNumber } from '../options/value-text.ts'
import { formatBitrate, formatCount, formatDuration } from '../terminal/format.ts'
import type { LineField } from '../terminal/live-line.ts'
import { tellIdentity } from './access-options.ts'
import { selectCapture, sourceOptions } from './broadcast-source.ts'
import { aborted, everySecond } from './every-second.ts'
import { metadataFrom, metadataOptions } from './metadata-options.ts'
import { jsonOption, networkOptions, nodeOptions, retainOption, storageOption } from './network-options.ts'

const defaultBlockDurationMs = 100

/** The command. */
export const broadcastCommand = defineCommand({
  name: 'broadcast',
  summary: 'Put a file, a pipe, a camera or a screen on air, and print the link',
  positionals: [
    {
      name: 'INPUT|-',
      isRequired: false,
      help: 'a WebM file, any other file or a URL (these need ffmpeg), or - for WebM on stdin',
    },
  ],
  options: {
    ...sourceOptions,
    ...metadataOptions,
    storage: storageOption('Folder that keeps the channel, so that it goes on with the same link'),
    retain: retainOption,
    'block-duration': valueOr(
      'MS',
      defaultBlockDurationMs,
      `Longest span of one block in milliseconds, 20 to 5000: shorter is less delay and more overhead. Default: ${defaultBlockDurationMs}`,
      wholeNumber(20, 5000, 'milliseconds'),
    ),
    'source-copies': value(
      'COPIES',
      'Copies of the stream to send, 1 to 64; viewers pass on the rest. 1 for a narrow uplink, more for shorter ways. Default: 2',
      numberFrom(1, 64),
    ),
    private: flag(
      'Encrypt the stream for those who have the whole link, with the part behind the #; relays need only the rest',
    ),
    'rotate-secret': flag('Change the secret of a private channel first: who has the old link stays outside'),
    ...networkOptions,
    json: jsonOption,
  },
  examples: [
    ['broadcast --test-pattern', 'A test picture with a clock'],
    ['broadcast show.webm --loop', 'A WebM file, over and over; needs no ffmpeg'],
    ['broadcast --camera --title "My desk"', 'The first camera'],
    ['broadcast --rtmp --storage ./friday', 'What OBS sends; the same link every time'],
    ['broadcast --rtmp --title "Friday" --starts-at 2026-01-30T20:15', 'Announced to those who wait'],
    ['broadcast --rtmp --storage ./friday --retain 2h,20GB', 'The same, with the last two hours to go back to'],
    ['broadcast --screen --private', 'For those only who get the link from you'],
    ['broadcast - < recording.webm', 'WebM from any program'],
  ],
  async run(context, values, [input]) {
    const { reporter, signal } = context
    const source = selectCapture(values, input)
    await source.check(signal)
    const { 'source-copies': sourceCopies, private: isPrivate, 'rotate-secret': isNewSecret } = values
    if (isNewSecret && !isPrivate) throw usageError('--rotate-secret goes with --private.')
    const broadcast = await createBroadcast({
      capture: source.capture,
      blockDurationMs: values['block-duration'],
      private: isPrivate,
      signal,
      ...(await metadataFrom(values)),
      ...(sourceCopies === undefined ? {} : { sourceCopies }),
      ...nodeOptions(values),
    })
    tellIdentity(reporter, values.identity, broadcast)
    const link = isNewSecret ? broadcast.rotateSecret() : Promise.resolve(broadcast.link)
    const stop = report(broadcast, link, context, source)
    try {
      await Promise.race([broadcast.ended, aborted(signal), link.then(() => broadcast.ended)])
    } finally {
      stop()
      // Viewers fetch the end; a broadcast that failed reports why below.
      await broadcast.close()
    }
    await broadcast.closed
    const { blocks, liveSeconds } = broadcast.stats()
    reporter.note('ended', { blocks }, `The broadcast has ended after ${formatDuration(liveSeconds)}.`)
  },
})

/**
 * Says how the broadcast goes until it is told to stop.
 *
 * @param link what is to be given to viewers
 */
function report(
  broadcast: Broadcast,
  link: Promise<string>,
  { reporter, signal }: CommandContext,
  source: { readonly name: string; readonly waitsFor: string | null },
): () => void {
  let announced: Promise<void> | null = null
  /** The link is the first that is said. */
  const announce = (then: () => void): void => {
    announced ??= link.then((text) => reporter.result('live', { link: text }, text))
    // Why there is none, where it fails, is told by who waits for the broadcast.
    announced.then(then, () => {})
  }
  broadcast.addEventListener('warning', ({ detail }) => reporter.warning(detail.error))
  broadcast.addEventListener('live', ({ detail }) => {
    const text = detail.epoch === 1 ? `On air from ${source.name}` : 'The source began anew'
    announce(() => reporter.note('epoch', { ...detail }, `${text}: ${detail.mimeType}. Ctrl-C ends it.`))
  })
  // Whoever has to begin sending by hand gets the link before there is anything to see.
  if (source.waitsFor !== null && !signal.aborted) {
    const { waitsFor } = source
    announce(() => reporter.note('waiting', {}, waitsFor))
  }
  return everySecond(() => {
    const stats = broadcast.stats()
    reporter.stats({ ...stats }, fieldsOf(stats))
  })
}

function fieldsOf(stats: BroadcastStats): LineField[] {
  if (stats.state === 'starting') return [{ text: 'waiting for media', rank: 0 }]
  return [
    { text: `live ${formatDuration(stats.liveSeconds)}`, rank: 0 },
    { text: formatCount(stats.others, 'viewer'), rank: 1 },
    { text: formatBitrate(stats.bitsPerSecond), rank: 2 },
    { text: `${stats.sourceCopies.toFixed(1)} copies sent`, rank: 3 },
    ...(stats.others === stats.peers.length ? [] : [{ text: formatCount(stats.peers.length, 'peer'), rank: 4 }]),
    { text: `${stats.blocksPerSecond.toFixed(1)} blocks/s`, rank: 5 },
    { text: formatCount(stats.blocks, 'block'), rank: 6 },
  ]
}
