// The demo: a DHT, a broadcaster and a viewer as three processes of the command line, with nothing beyond this machine.
import { startCli } from './cli-process.mjs'

const clip = 'packages/cli/assets/clip.webm'

/**
 * Starts the demo.
 *
 * @param {{ port?: number, onstats?: (stats: { broadcast: any, watch: any }) => void }} options `port` of the page, 0
 *   for any; left out, the command line's default or any other where that is taken
 */
export async function startDemo({ port, onstats = () => {} } = {}) {
  const running = []
  const stats = { broadcast: null, watch: null }
  const start = (name, args, onevent) => {
    const cli = startCli(name, args, onevent)
    running.push(cli)
    return cli
  }
  /** Viewer first, so that nobody waits for somebody who has gone. */
  const stop = async () => {
    const ends = []
    for (const cli of running.splice(0).reverse()) ends.push({ name: cli.name, how: await cli.stop() })
    return ends
  }
  try {
    const dht = start('The DHT', ['bootstrap', '--port', '0'])
    const { address } = await dht.first('listening')
    const network = ['--bootstrap', address]
    const broadcastArgs = ['broadcast', clip, '--loop', '--title', 'hypervision demo', ...network]
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
    return {
      link,
      url,
      live,
      /** Resolves when the viewer plays. */
      playing: watch.first('live'),
      /** Rejects when one of the processes ends. */
      died: Promise.race([dht.died, broadcast.died, watch.died]),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
