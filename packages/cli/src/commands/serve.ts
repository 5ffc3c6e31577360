/** `hypervision serve`: what a channel holds as video on demand, over HTTP and with ranges. */
import type { RecordedFile, Viewer } from '@hypervision/core'
import { detailOf, type FileServer, startFileServer } from '../http/file-server.ts'
import { type CommandContext, defineCommand } from '../options/command.ts'
import { value, valueOr } from '../options/option.ts'
import { port, text } from '../options/value-text.ts'
import { formatBytes, formatCount } from '../terminal/format.ts'
import { channelOptions, openChannel } from './channel-viewer.ts'
import { everySecond } from './every-second.ts'
import { jsonOption } from './network-options.ts'

const defaultPort = 8041
const defaultHost = '127.0.0.1'

/** The command. */
export const serveCommand = defineCommand({
  name: 'serve',
  summary: 'Offer what a channel holds as video on demand: a page, and files with ranges',
  positionals: [
    {
      name: 'LINK',
      isRequired: false,
      help: 'the link of the channel; left out, the channel in --storage, without a network',
    },
  ],
  options: {
    port: value(
      'PORT',
      `TCP port; 0 for any. Default: ${defaultPort}, or any other port where that one is taken`,
      port,
    ),
    host: valueOr('ADDRESS', defaultHost, `Address to serve on. Default: ${defaultHost}, this machine only`, text),
    ...channelOptions,
    json: jsonOption,
  },
  examples: [
    ['serve --storage ./friday', 'What a folder of broadcast or relay holds'],
    ['serve hypervision:… --storage ./friday-copy', 'From those who have it, as it is watched; what came once is kept'],
    ['serve --storage ./friday --host 0.0.0.0', 'For every machine of the network'],
  ],
  async run(context, values, [link]) {
    const viewer = await openChannel(context, 'serve', link, values)
    let server: FileServer | null = null
    let stop = (): void => {}
    try {
      if (viewer.stats().state === 'searching') {
        context.reporter.note('waiting', { state: 'searching' }, 'Waiting for somebody who has the channel …')
      }
      const files = await Promise.race([viewer.recordedFiles({ signal: context.signal }), failureOf(viewer)])
      context.signal.throwIfAborted()
      server = await startFileServer({
        host: values.host,
        port: values.port ?? defaultPort,
        isPortWish: values.port === undefined,
        files,
        title: viewer.metadata?.title ?? null,
        // The secret of a private channel opens what comes later, too.
        link: viewer.link.includes('#') ? null : viewer.link,
        onfailure: (error) => context.reporter.warning(error),
      })
      await tellListening(context, viewer, server)
      stop = tellStats(context, viewer, server)
      await viewer.closed
    } catch (error) {
      // The first Ctrl-C ends the search, too.
      if (!context.signal.aborted) throw error
    } finally {
      stop()
      await server?.close()
      await viewer.close()
    }
    context.reporter.note('ended', {}, 'Ended.')
  },
})

/** Rejects when the viewer fails, such as where nobody is found. */
async function failureOf(viewer: Viewer): Promise<readonly RecordedFile[]> {
  await viewer.closed
  return []
}

async function tellListening({ reporter, signal }: CommandContext, viewer: Viewer, server: FileServer): Promise<void> {
  const { url, otherUrls } = server
  const files = server.files.map((served) => ({ ...detailOf(served), url: new URL(served.path, url).href }))
  reporter.result('listening', { url, otherUrls, files }, url)
  reporter.hint(`Open it in a browser; players take ${files.map((file) => file.url).join(' ')}. Ctrl-C ends it.`)
  if (otherUrls.length > 0) reporter.hint(`From other machines: ${otherUrls.join(' ')}`)
  const { epochs } = await viewer.timeline({ signal })
  if (epochs.at(-1)?.isEnded !== false) return
  reporter.note(
    'unended',
    {},
    'The channel has no end yet: it is on air, or it broke off. What was there until now is served; start again for what comes after it.',
  )
}

function tellStats({ reporter }: CommandContext, viewer: Viewer, server: FileServer): () => void {
  return everySecond(() => {
    const { responses, bytesSent } = server.stats()
    const peers = viewer.stats().peers.length
    reporter.stats({ responses, bytesSent, peers }, [
      { text: formatCount(responses, 'request'), rank: 0 },
      { text: `sent ${formatBytes(bytesSent)}`, rank: 1 },
      { text: formatCount(peers, 'peer'), rank: 2 },
    ])
  })
}
