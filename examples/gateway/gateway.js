// Joins the DHT and WebRTC for a channel: a relay with both transports gets its blocks on one side and serves them on the other.
// Without --tracker it runs a tracker of its own, for pages of this machine. Ctrl-C ends it.
import { parseArgs } from 'node:util'
import { createRelay } from '@hypervision/core'
import { dht } from '@hypervision/transport-dht'
import { webrtc } from '@hypervision/transport-webrtc'
import { tracker } from '@hypervision/transport-webrtc/tracker'

const usage = 'Usage: node gateway.js LINK [--tracker URL] [--storage FOLDER] [--bootstrap HOST:PORT]'

// The first Ctrl-C closes the gateway; a second one ends the process.
const ending = new AbortController()
process.once('SIGINT', () => ending.abort())
process.once('SIGTERM', () => ending.abort())

let ownTracker
try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      tracker: { type: 'string', multiple: true },
      storage: { type: 'string' },
      bootstrap: { type: 'string', multiple: true },
    },
  })
  const [link] = positionals
  if (link === undefined) throw new Error(usage)

  if (values.tracker === undefined) ownTracker = await tracker({ port: 0 })
  const trackers = values.tracker ?? [ownTracker.url]
  const relay = await createRelay({
    link,
    transports: [
      dht({ bootstrap: values.bootstrap }),
      // On one machine nobody has to ask a STUN server for an address.
      webrtc({ trackers, iceServers: ownTracker && [] }),
    ],
    storage: values.storage, // left out: memory, which grows with the stream
    signal: ending.signal,
  })
  relay.addEventListener('warning', ({ detail }) => console.error(detail.error.message))
  console.log(trackers.join(' '))
  console.error(`Watch it with: npx hypervision watch ${relay.link} --no-dht --tracker ${trackers[0]} --http`)

  const report = () => {
    const { peersByTransport, bitsPerSecond, bytesUp } = relay.stats()
    const peers = `${peersByTransport.dht} on the DHT, ${peersByTransport.webrtc} over WebRTC`
    console.error(`${peers}, ${Math.round(bitsPerSecond / 1000)} kbit/s in, ${(bytesUp / 1e6).toFixed(1)} MB out`)
  }
  relay.addEventListener('peeropen', report)
  relay.addEventListener('peerclose', report)
  const timer = setInterval(report, 5000)
  // Resolves when the relay is closed; rejects with what went wrong, such as a channel with two histories.
  await relay.closed.finally(() => clearInterval(timer))
} catch (error) {
  if (!ending.signal.aborted) {
    console.error(error.message)
    if (error.code?.startsWith('ERR_PARSE_ARGS')) console.error(usage)
    process.exitCode = 1
  }
} finally {
  await ownTracker?.close()
}
