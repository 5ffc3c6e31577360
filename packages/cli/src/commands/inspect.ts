/** `hypervision inspect`: what a file or a channel holds. */
import { createViewer, formatLink, HypervisionError } from '@hypervision/core'
import { cutWebm } from '@hypervision/core/webm'
import { Inspection, type InspectionReport } from '../inspect/inspection.ts'
import { reportText } from '../inspect/report-text.ts'
import { type SecondOpinion, secondOpinion } from '../inspect/second-opinion.ts'
import { type CommandContext, defineCommand } from '../options/command.ts'
import { valueOr } from '../options/option.ts'
import { numberFrom, startPosition } from '../options/value-text.ts'
import { formatCount } from '../terminal/format.ts'
import { tellIdentity } from './access-options.ts'
import { readBytes } from './byte-source.ts'
import { everySecond } from './every-second.ts'
import { jsonOption, type NetworkValues, networkOptions, nodeOptions } from './network-options.ts'

const defaultSeconds = 10
const defaultTimeoutSeconds = 30

/** The command. */
export const inspectCommand = defineCommand({
  name: 'inspect',
  summary: 'Tell what a WebM file or a channel holds: tracks, blocks, keyframes, gaps',
  positionals: [{ name: 'FILE|LINK', isRequired: true, help: 'a WebM file, - for stdin, or the link of a channel' }],
  options: {
    seconds: valueOr(
      'NUMBER',
      defaultSeconds,
      `How long to listen to a channel. Default: ${defaultSeconds}`,
      numberFrom(1, 86_400, 'seconds'),
    ),
    from: valueOr(
      'PLACE',
      'live',
      'Where to begin in a channel: live, start, or seconds before the live edge. Default: live',
      startPosition,
    ),
    timeout: valueOr(
      'SECONDS',
      defaultTimeoutSeconds,
      `How long to look for a channel. Default: ${defaultTimeoutSeconds}`,
      numberFrom(1, 86_400, 'seconds'),
    ),
    ...networkOptions,
    json: { ...jsonOption, help: `${jsonOption.help}; the report is the event "inspection"` },
  },
  examples: [
    ['inspect show.webm', 'Codecs, keyframe interval and bitrate, before it goes on air'],
    ['inspect hypervision:… --seconds 30', 'The same of a live channel'],
  ],
  async run(context, values, [name = '']) {
    const { reporter } = context
    const inspection = new Inspection()
    const stop = everySecond(() => {
      const { blocks } = inspection.report()
      reporter.stats({ blocks }, [{ text: `inspecting, ${formatCount(blocks, 'block')} so far`, rank: 0 }])
    })
    let opinion: SecondOpinion | null = null
    let error: unknown = null
    try {
      if (isLink(name)) await inspectChannel(context, inspection, name, values)
      else {
        error = await inspectFile(context, inspection, name)
        if (name !== '-') opinion = await secondOpinion(name, inspection.report().tracks)
      }
    } finally {
      stop()
    }
    reporter.result(
      'inspection',
      detailOf(name, inspection.report(), opinion),
      reportText(name, inspection.report(), opinion),
    )
    if (error !== null) throw error
  },
})

/** A file may be named `hypervision:…` only by its path: `./hypervision:…`. */
function isLink(name: string): boolean {
  return /^(hypervision:|[0-9a-f]{64}$)/i.test(name.trim())
}

/** Adds a file. What is wrong after its first block is returned: what came before it is worth a report. */
async function inspectFile({ signal }: CommandContext, inspection: Inspection, name: string): Promise<unknown> {
  try {
    for await (const piece of cutWebm(readBytes(name, signal))) inspection.add(piece)
    return null
  } catch (error) {
    if (error instanceof HypervisionError && inspection.report().blocks > 0) return error
    throw error
  }
}

interface ChannelValues extends NetworkValues {
  readonly seconds: number
  readonly from: 'live' | 'start' | { readonly secondsAgo: number }
  readonly timeout: number
}

async function inspectChannel(
  { reporter, signal }: CommandContext,
  inspection: Inspection,
  link: string,
  values: ChannelValues,
): Promise<void> {
  const viewer = await createViewer({
    link,
    from: values.from,
    // What is left out here would be told as a gap of the channel.
    maxLagSeconds: Number.POSITIVE_INFINITY,
    timeoutMs: Math.round(values.timeout * 1000),
    signal,
    ...nodeOptions(values),
  })
  viewer.addEventListener('warning', ({ detail }) => reporter.warning(detail.error))
  tellIdentity(reporter, values.identity, viewer)
  let hasBegun = false
  // A channel that was found may have nothing to give: it is over, or has not begun.
  let timer = setTimeout(() => void viewer.close(), values.timeout * 1000)
  try {
    for await (const block of viewer.blocks) {
      inspection.add(block)
      if (hasBegun) continue
      hasBegun = true
      clearTimeout(timer)
      timer = setTimeout(() => void viewer.close(), values.seconds * 1000)
    }
    if (!hasBegun && !signal.aborted) throw nothingLive(formatLink(viewer.key), values.timeout)
  } finally {
    clearTimeout(timer)
    await viewer.close()
  }
}

function nothingLive(link: string, seconds: number): HypervisionError {
  return new HypervisionError(
    'ERR_FEED_NOT_FOUND',
    `The channel ${link} was found, and gave nothing within ${seconds} s: no broadcast is running. ` +
      'Inspect what was broadcast before with --from start.',
    { detail: { link, seconds } },
  )
}

function detailOf(name: string, report: InspectionReport, opinion: SecondOpinion | null) {
  return { source: name, ...report, ...(opinion === null ? {} : { secondOpinion: opinion }) }
}
