/** `hypervision relay`: keeps a channel and serves it on, without playing it. */
import { createRelay, type RelayStats } from '@hypervision/core'
import { defineCommand } from '../options/command.ts'
import { valueOr } from '../options/option.ts'
import { oneOf } from '../options/value-text.ts'
import { formatBitrate, formatBytes, formatCount } from '../terminal/format.ts'
import type { LineField } from '../terminal/live-line.ts'
import { overlayFields } from '../terminal/overlay-fields.ts'
import { tellIdentity } from './access-options.ts'
import { aborted, everySecond } from './every-second.ts'
import { jsonOption, nodeOptions, passOnOptions } from './network-options.ts'

/** The command. */
export const relayCommand = defineCommand({
  name: 'relay',
  summary: 'Keep a channel and pass it on, without playing it',
  positionals: [{ name: 'LINK', isRequired: true, help: 'the link that the broadcaster printed' }],
  options: {
    keep: valueOr(
      'WHAT',
      'live',
      'What to fetch: live (from now on) or all (the history too). Default: live',
      oneOf('live', 'all'),
    ),
    ...passOnOptions,
    json: jsonOption,
  },
  examples: [
    ['relay hypervision:…', 'Lend a channel your upload, until Ctrl-C'],
    ['relay hypervision:… --max-uploads 20', 'The same where the uplink carries twenty copies of the stream'],
    ['relay hypervision:… --keep all --storage ./friday', 'Keep the whole recording on disk, and serve it'],
  ],
  async run({ reporter, signal }, values, [link = '']) {
    const relay = await createRelay({ link, keep: values.keep, signal, ...nodeOptions(values) })
    tellIdentity(reporter, values.identity, relay)
    relay.addEventListener('warning', ({ detail }) => reporter.warning(detail.error))
    reporter.note('live', { link: relay.link }, `Relaying ${relay.link}. Ctrl-C ends it.`)
    const stop = everySecond(() => {
      const stats = relay.stats()
      reporter.stats({ ...stats }, fieldsOf(stats))
    })
    try {
      await Promise.race([aborted(signal), relay.closed])
    } finally {
      stop()
      await relay.close()
    }
    await relay.closed
    reporter.note('ended', {}, 'Ended.')
  },
})

function fieldsOf(stats: RelayStats): LineField[] {
  return [
    { text: stats.peers.length === 0 ? 'searching' : 'relaying', rank: 0 },
    { text: formatCount(stats.peers.length, 'peer'), rank: 1 },
    { text: `in ${formatBitrate(stats.bitsPerSecond)}`, rank: 2 },
    ...overlayFields(stats, 3),
    { text: `up ${formatBytes(stats.bytesUp)}`, rank: 6 },
    { text: `${formatCount(stats.verifiedBlocks, 'block')} of ${stats.feedBlocks}`, rank: 7 },
  ]
}
