/** `hypervision bootstrap`: a DHT of one's own, for a network without the public one. */
import { bootstrapNode } from '@hypervision/transport-dht'
import { defineCommand } from '../options/command.ts'
import { valueOr } from '../options/option.ts'
import { port, text } from '../options/value-text.ts'
import { formatDuration } from '../terminal/format.ts'
import { aborted, everySecond } from './every-second.ts'
import { jsonOption } from './network-options.ts'

/** Where those who are on the same network look first. */
const defaultPort = 49737

/** The command. */
export const bootstrapCommand = defineCommand({
  name: 'bootstrap',
  summary: 'Run a DHT of your own, for a network without internet',
  positionals: [],
  options: {
    port: valueOr('PORT', defaultPort, `UDP port; 0 for any. Default: ${defaultPort}`, port),
    host: valueOr(
      'ADDRESS',
      '127.0.0.1',
      'Address of this machine by which the others reach it. Default: 127.0.0.1, this machine only',
      text,
    ),
    json: jsonOption,
  },
  examples: [
    ['bootstrap', 'A DHT for this machine: give its address to the others with --bootstrap'],
    ['bootstrap --host 192.168.1.20', 'A DHT for the local network'],
  ],
  async run({ reporter, signal }, values) {
    const node = await bootstrapNode({ port: values.port, host: values.host })
    const startedAt = performance.now()
    const stop = everySecond(() => {
      const runningSeconds = Math.round((performance.now() - startedAt) / 1000)
      reporter.stats({ runningSeconds }, [{ text: `running ${formatDuration(runningSeconds)}`, rank: 0 }])
    })
    try {
      const address = `${node.host}:${node.port}`
      reporter.result('listening', { address, host: node.host, port: node.port }, address)
      reporter.hint(`Others join with --bootstrap ${address}. Ctrl-C ends it.`)
      await aborted(signal)
    } finally {
      stop()
      await node.close()
    }
    reporter.note('ended', {}, 'Ended.')
  },
})
