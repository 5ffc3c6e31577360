// The demo: a DHT, a tracker, a broadcaster and a viewer as processes of the command line, and the studio for a browser, with
// nothing beyond this machine.
import { join } from 'node:path'
import { root } from '../workspace.mjs'
import { startCli } from './cli-process.mjs'
import { serveSite } from './site-server.mjs'

const clip = 'packages/cli/assets/clip.webm'
const studioFolder = join(root, 'examples/studio/dist')
const studioPort = 8050

/**
 * Newest event `stats` of both; null before the first one.
 *
 * @typedef {{ broadcast: Record<string, unknown> | null, watch: Record<string, unknown> | null }} DemoStats
 */

/**
 * Starts the demo.
 *
 * @param {{ port?: number, onstats?: (stats: DemoStats) => void }} options `port` of the studio and of the viewer's page, 0 for
 *   any; left out, a default or any other where that is taken
 */
export async function startDemo({ port, onstats = () => {} } = {}) {
  const running = []
  const stats = { broadcast: null, watch: null }
  const start = (name, args, onevent) => {
    const cli = startCli(name, args, onevent)
    running.push(cli)
    return cli
  }
  let site = null
  /** Viewer first, so that nobody waits for somebody who has gone. */
  const stop = async () => {
    const ends = []
    await site?.close()
    site = null
    for (const cli of running.splice(0).reverse()) ends.push({ name: cli.name, how: await cli.stop() })
    return ends
  }
  try {
    const dht = start('The DHT', ['bootstrap', '--port', '0'])
    const tracker = start('The tracker', ['tracker', '--port', '0'])
    const { address } = await dht.first('listening')
    const { url: trackerUrl } = await tracker.first('listening')
    const network = ['--bootstrap', address]
    const pages = ['--tracker', trackerUrl, '--ice', 'none']
    const broadcastArgs = ['broadcast', clip, '--loop', '--title', 'Demo', ...network, ...pages]
    const broadcast = start('The broadcaster', broadcastArgs, (event) => {
      if (event.event === 'stats') stats.broadcast = event
    })
    const { link } = await broadcast.first('live')
    const page = port === undefined ? ['--http'] : ['--http', String(port)]
    const watch = start('The viewer', ['watch', link, ...page, ...network], (event) => {
      if (event.event !== 'stats') return
      stats.watch = event
      onstats(stats)
    })
    const { url, live } = await watch.first('listening')
    site = await serveSite(studioFolder, {
      port: port ?? studioPort,
      site: {
        trackers: [trackerUrl],
        iceServers: [],
        onAir: { heading: 'On air on this machine', channels: [{ title: 'Demo', link }] },
      },
    })
    return {
      link,
      studio: site.url,
      tracker: trackerUrl,
      url,
      live,
      /** Resolves when the viewer plays. */
      playing: watch.first('live'),
      /** Rejects when one of the processes ends. */
      died: Promise.race([dht.died, tracker.died, broadcast.died, watch.died]),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
