/** A connection of two emulated hosts, from the moment it is called. */
import type { Clock } from '../time/clock.ts'
import type { EmulatedHost } from './host.ts'
import { Lane } from './lane.ts'
import { LaneStream } from './lane-stream.ts'

/** A node at one end of a connection. */
export interface ConnectionEnd {
  readonly host: EmulatedHost
  /** The other end is there. The end that was called says whether it takes the call. */
  onopen(connection: Connection, stream: LaneStream): boolean
  /** This end of it is closed, whether or not it was ever open. */
  onclose(connection: Connection): void
}

/** What a connection needs of the network. */
export interface ConnectionNetwork {
  readonly clock: Clock
  delayMs(a: EmulatedHost, b: EmulatedHost): number
  lossMs(delayMs: number, bytes: number): number
  isCut(a: EmulatedHost, b: EmulatedHost): boolean
}

/** A call that is not answered by then is given up, ms. */
const dialTimeoutMs = 5000
/** What UDX lets be on its way at the most on a line like these, bytes. */
const windowBytes = 128 * 1024

/** Two streams and the two lanes between them. */
export class Connection {
  readonly initiator: ConnectionEnd
  readonly responder: ConnectionEnd
  readonly #lanes: readonly [Lane, Lane]
  readonly #streams: readonly [LaneStream, LaneStream]

  constructor(initiator: ConnectionEnd, responder: ConnectionEnd, network: ConnectionNetwork) {
    this.initiator = initiator
    this.responder = responder
    const there = laneBetween(initiator.host, responder.host, network)
    const back = laneBetween(responder.host, initiator.host, network)
    const cancelDial = network.clock.after(dialTimeoutMs, () => calling.destroy())
    const calling = new LaneStream({
      out: there,
      in: back,
      onopen: () => {
        cancelDial()
        initiator.onopen(this, calling)
      },
    })
    const answering = new LaneStream({
      out: back,
      in: there,
      onopen: () => {
        if (!responder.host.isAlive) return
        if (responder.onopen(this, answering)) back.send({ kind: 'open' })
        else answering.destroy()
      },
    })
    calling.on('close', () => {
      cancelDial()
      initiator.onclose(this)
    })
    answering.on('close', () => responder.onclose(this))
    this.#lanes = [there, back]
    this.#streams = [calling, answering]
    there.send({ kind: 'open' })
  }

  /** The network between the two lets bytes through again. */
  resume(): void {
    for (const lane of this.#lanes) lane.resume()
  }

  /** Closes one end; the other hears of it as far as the network lets it. */
  destroyEnd(end: ConnectionEnd): void {
    this.#streams[end === this.initiator ? 0 : 1].destroy()
  }
}

function laneBetween(from: EmulatedHost, to: EmulatedHost, network: ConnectionNetwork): Lane {
  const delayMs = network.delayMs(from, to)
  return new Lane({
    clock: network.clock,
    uplink: from.uplink,
    delayMs,
    windowBytes,
    lossMs: (bytes) => network.lossMs(delayMs, bytes),
    passage: () => (!to.isAlive ? 'dead' : network.isCut(from, to) ? 'cut' : 'open'),
    senderDiedAtMs: () => from.diedAtMs,
    onsent: (bytes) => from.sent.add(bytes),
    ondelivered: (bytes) => to.received.add(bytes),
  })
}
