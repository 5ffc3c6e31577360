// Puts a WebM file on air, over and over, or ffmpeg's test pattern; prints the link. Ctrl-C ends it, for its viewers too.
import { parseArgs } from 'node:util'
import { ffmpeg, webmFile } from '@hypervision/capture-node'
import { createBroadcast } from '@hypervision/core'
import { dht } from '@hypervision/transport-dht'

const usage = 'Usage: node broadcast.js [FILE.webm] [--storage FOLDER] [--bootstrap HOST:PORT]'

// The first Ctrl-C ends the broadcast; a second one, the process.
const ending = new AbortController()
process.once('SIGINT', () => ending.abort())
process.once('SIGTERM', () => ending.abort())

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { storage: { type: 'string' }, bootstrap: { type: 'string', multiple: true } },
  })
  const [file] = positionals
  const broadcast = await createBroadcast({
    capture: file === undefined ? ffmpeg({ input: 'test-pattern' }) : webmFile(file, { loop: true }),
    transports: [dht({ bootstrap: values.bootstrap })],
    storage: values.storage, // left out: memory, and a new link each time
    title: 'An example',
    signal: ending.signal,
  })
  broadcast.addEventListener('live', ({ detail }) => console.error(`Live: ${detail.mimeType}`))
  broadcast.addEventListener('warning', ({ detail }) => console.error(detail.error.message))
  console.log(broadcast.link)
  console.error(`Watch it with: npx hypervision watch ${broadcast.link} --http`)

  const timer = setInterval(() => {
    const { blocks, bitsPerSecond, peers } = broadcast.stats()
    console.error(`${blocks} blocks, ${Math.round(bitsPerSecond / 1000)} kbit/s, ${peers.length} peers`)
  }, 5000)
  // Resolves when the broadcast is closed; rejects with what went wrong, such as a file that is no WebM.
  await broadcast.closed.finally(() => clearInterval(timer))
} catch (error) {
  if (!ending.signal.aborted) {
    console.error(error.message)
    if (error.code?.startsWith('ERR_PARSE_ARGS')) console.error(usage)
    process.exitCode = 1
  }
}
