// What a person sees of the demo: where to look, and one line of figures that is drawn again and again.

const plainLineEvery = 10
const eraseLine = '\r\u001b[2K'

/** Where to look, in lines that fit; a link stays whole, so that it can be copied. */
export function introduction({ link, url }, columns = 80) {
  return [
    '',
    'A broadcaster and a viewer are running: two processes of this machine that met through a DHT of their own.',
    '',
    `  Link  ${link}`,
    `  Page  ${url}`,
    '',
    'Open the page in a browser: it plays what the viewer received.',
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
  return [
    watch.state === 'playing' ? 'live' : watch.state,
    ...(watch.latencyMs === null ? [] : [`latency ${Math.round(watch.latencyMs)} ms`]),
    `${Math.round(watch.bitsPerSecond / 1000)} kbit/s`,
    `${peers} ${peers === 1 ? 'peer' : 'peers'}`,
    `${watch.verifiedBlocks} blocks`,
    ...(broadcast === null ? [] : [`upload ${broadcast.sourceCopies.toFixed(1)}×`]),
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
