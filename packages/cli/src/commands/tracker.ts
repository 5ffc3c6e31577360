/** `hypervision tracker`: where peers that use WebRTC meet. It passes on who is there, and no media. */
import { tracker } from '@hypervision/transport-webrtc/tracker'
import { isWildcard, ownAddresses } from '../http/own-addresses.ts'
import { defineCommand } from '../options/command.ts'
import { flag, list, valueOr } from '../options/option.ts'
import { port, text } from '../options/value-text.ts'
import { formatCount } from '../terminal/format.ts'
import { aborted, everySecond } from './every-second.ts'
import { jsonOption } from './network-options.ts'

const defaultPort = 8000

/** The command. */
export const trackerCommand = defineCommand({
  name: 'tracker',
  summary: 'Run a tracker of your own, by which pages and others find each other over WebRTC',
  positionals: [],
  options: {
    port: valueOr('PORT', defaultPort, `TCP port; 0 for any. Default: ${defaultPort}`, port),
    host: valueOr(
      'ADDRESS',
      '127.0.0.1',
      'Address to listen on: 127.0.0.1 for this machine and for a proxy on it, 0.0.0.0 for everybody. Default: 127.0.0.1',
      text,
    ),
    origin: list('ORIGIN', 'Take pages of this site only (https://example.org); repeatable. Default: any', text),
    'trust-proxy': flag(
      'Count connections by the address in X-Forwarded-For: behind a proxy of your own that sets it, and only there',
    ),
    json: jsonOption,
  },
  examples: [
    ['tracker', 'A tracker for this machine: give its address to the others with --tracker'],
    ['tracker --host 0.0.0.0 --origin https://example.org', 'For everybody, and of all pages only for yours'],
  ],
  async run({ reporter, signal }, { port: wanted, host, origin: origins, 'trust-proxy': trustProxy }) {
    const running = await tracker({ port: wanted, host, trustProxy, ...(origins.length === 0 ? {} : { origins }) })
    const stop = everySecond(() => {
      const { connections, topics } = running.stats()
      reporter.stats({ connections, topics }, [
        { text: formatCount(connections, 'connection'), rank: 0 },
        { text: formatCount(topics, 'channel'), rank: 1 },
      ])
    })
    try {
      const { url } = running
      const otherUrls = isWildcard(host) ? ownAddresses().map((address) => `ws://${address}:${running.port}/`) : []
      reporter.result('listening', { url, otherUrls, host: running.host, port: running.port }, url)
      reporter.hint(`Others join with --tracker ${url}. Ctrl-C ends it.`)
      if (otherUrls.length > 0) reporter.hint(`From other machines: ${otherUrls.join(' ')}`)
      await aborted(signal)
    } finally {
      stop()
      await running.close()
    }
    reporter.note('ended', {}, 'Ended.')
  },
})
