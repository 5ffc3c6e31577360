// Records a channel into a WebM file, until the broadcast ends, so many seconds are recorded, or Ctrl-C.
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { createViewer } from '@hypervision/core'
import { dht } from '@hypervision/transport-dht'

const usage = 'Usage: node record.js LINK FILE.webm [--seconds NUMBER] [--from-start] [--bootstrap HOST:PORT]'

// The first Ctrl-C ends the recording, and the file is whole; a second one ends the process.
const ending = new AbortController()
process.once('SIGINT', () => ending.abort())
process.once('SIGTERM', () => ending.abort())

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: 'Infinity' },
      'from-start': { type: 'boolean', default: false },
      bootstrap: { type: 'string', multiple: true },
    },
  })
  const [link, file] = positionals
  const seconds = Number(values.seconds)
  if (link === undefined || file === undefined || !(seconds > 0)) throw new Error(usage)

  const viewer = await createViewer({
    link,
    transports: [dht({ bootstrap: values.bootstrap })],
    from: values['from-start'] ? 'start' : 'live',
    maxLagSeconds: Infinity, // every block, however slow the disk and however long the network was away
    timeoutMs: 30_000, // gives up when nobody who has the channel is found
    signal: ending.signal,
  })
  viewer.addEventListener('state', ({ detail }) => console.error(detail.state))
  await pipeline(recording(viewer, seconds), createWriteStream(file)).finally(() => viewer.close())
  console.error(`Wrote ${file}`)
} catch (error) {
  if (!ending.signal.aborted) {
    console.error(error.message)
    if (error.code?.startsWith('ERR_PARSE_ARGS')) console.error(usage)
    process.exitCode = 1
  }
}

/** The bytes of so many seconds: an init segment, then Clusters from a keyframe on, as they are. */
async function* recording(viewer, seconds) {
  let startMs
  for await (const block of viewer.blocks) {
    if (block.kind === 'cluster') {
      startMs ??= block.timestampMs
      if (block.timestampMs - startMs >= seconds * 1000) return
    }
    yield block.bytes
  }
}
