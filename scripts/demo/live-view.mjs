// What a person sees of the demo: where to look, and one line of figures that is drawn again and again.
import { canUseWebRtc } from './network-interfaces.mjs'

const plainLineEvery = 10
const eraseLine = '\r\u001b[2K'

/** Where to look, in lines that fit; a link stays whole, so that it can be copied. */
export function introduction({ link, studio, url }, columns = 80) {
  return [
    '',
    'The studio is served, and a broadcaster and a viewer are running: processes of this machine that meet through a DHT and a tracker of their own.',
    '',
    `  Studio  ${studio}`,
    `  Link    ${link}`,
    `  Viewer  ${url}`,
    '',
    'Open the studio in a browser to watch the demo by WebRTC, or to go live yourself. The viewer shows what came over the DHT.',
    ...(canUseWebRtc()
      ? []
      : [
          'This machine has no network interface but loopback, which WebRTC does not use: there is no video in the studio.',
        ]),
    'Ctrl-C ends everything.',
    '',
  ]
    .map((line) => (line.startsWith(' ') ? line : wrapped(line, columns)))
    .join('\n')
}

/** Breaks a line between words, none of the parts being longer than `columns` where that can be. */
function wrapped(line, columns) {
  return line.replaceAll(new RegExp(`(.{1,${columns}})( |$)`, 'g'), '$1\n').trimEnd()
}

/** Draws the line: on a terminal in place, elsewhere as a line every ten seconds. */
export class LiveView {
  #calls = 0
  #isDrawn = false

  constructor(stream) {
    this.stream = stream
  }

  show({ broadcast, watch }) {
    const fields = fieldsOf(broadcast, watch)
    if (!this.stream.isTTY) {
      if (this.#calls++ % plainLineEvery === 0) this.stream.write(`${fields.join(' · ')}\n`)
      return
    }
    // The last column stays free: writing there makes some terminals wrap.
    this.stream.write(`${eraseLine}${fitLine(fields, (this.stream.columns ?? 80) - 1)}`)
    this.#isDrawn = true
  }

  /** Goes on below the line. */
  finish() {
    if (this.#isDrawn) this.stream.write('\n')
    this.#isDrawn = false
  }
}

/** The most telling first: a narrow terminal shows fewer. */
function fieldsOf(broadcast, watch) {
  const peers = watch.peers.length
  const pages = broadcast?.peersByTransport.webrtc ?? 0
  return [
    watch.state === 'playing' ? 'live' : watch.state,
    ...(watch.latencyMs === null ? [] : [`latency ${Math.round(watch.latencyMs)} ms`]),
    `${Math.round(watch.bitsPerSecond / 1000)} kbit/s`,
    `${peers} ${peers === 1 ? 'peer' : 'peers'}`,
    `${watch.verifiedBlocks} blocks`,
    ...(broadcast === null ? [] : [`upload ${broadcast.sourceCopies.toFixed(1)}×`]),
    ...(pages > 0 ? [`${pages} in the studio`] : []),
    ...(watch.httpClients > 0 ? [`${watch.httpClients} on the page`] : []),
  ]
}

/** As many fields as fit, from the first on. */
function fitLine(fields, columns) {
  let line = ''
  for (const field of fields) {
    const longer = line === '' ? field : `${line} · ${field}`
    if (longer.length > columns) break
    line = longer
  }
  return line
}
