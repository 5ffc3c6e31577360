/** A connection of the memory transport: two streams and the two lanes between them. */
import type { KitClock } from '../clock.ts'
import { MemoryLane, type MemoryParcel } from './memory-lane.ts'
import { MemoryStream } from './memory-stream.ts'

/** What a connection needs of the node at one of its ends. */
export interface MemoryConnectionEnd {
  /** The machine it runs on, as the network's faults and figures name it. */
  readonly host: string
  /** Whether it still runs: a dead one neither sends nor receives. */
  readonly isAlive: boolean
  /** The connection is made. */
  onopen(stream: MemoryStream, initiator: boolean): void
  /** This end of it is closed, whether or not it was ever open. */
  onclose(connection: MemoryConnection): void
}

/** What a connection needs of the network. */
export interface MemoryConnectionNetwork {
  readonly clock: KitClock
  readonly bufferBytes: number
  delayMs(from: string, to: string, bytes: number): number
  isCut(from: string, to: string): boolean
  onsend(from: string, to: string, parcel: MemoryParcel): void
}

/** A call that is not answered by then is given up. */
const dialTimeoutMs = 5000

/** A connection from the moment it is called. */
export class MemoryConnection {
  readonly initiator: MemoryConnectionEnd
  readonly responder: MemoryConnectionEnd
  readonly #lanes: readonly [MemoryLane, MemoryLane]
  readonly #streams: readonly [MemoryStream, MemoryStream]

  constructor(initiator: MemoryConnectionEnd, responder: MemoryConnectionEnd, network: MemoryConnectionNetwork) {
    this.initiator = initiator
    this.responder = responder
    const lane = (from: MemoryConnectionEnd, to: MemoryConnectionEnd, sender: () => MemoryStream): MemoryLane =>
      new MemoryLane({
        clock: network.clock,
        delayMs: (bytes) => network.delayMs(from.host, to.host, bytes),
        isBlocked: () => !from.isAlive || !to.isAlive || network.isCut(from.host, to.host),
        onsend: (parcel) => {
          if (from.isAlive) network.onsend(from.host, to.host, parcel)
        },
        onroom: () => sender().proceed(),
      })
    const there = lane(initiator, responder, () => calling)
    const back = lane(responder, initiator, () => answering)
    const cancelDial = network.clock.after(dialTimeoutMs, () => calling.destroy())
    const calling = new MemoryStream({
      out: there,
      in: back,
      limitBytes: network.bufferBytes,
      onopen: () => {
        cancelDial()
        initiator.onopen(calling, true)
      },
    })
    const answering = new MemoryStream({
      out: back,
      in: there,
      limitBytes: network.bufferBytes,
      onopen: () => {
        back.send({ kind: 'open' })
        responder.onopen(answering, false)
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

  /** The network between the two has changed. */
  resume(): void {
    for (const lane of this.#lanes) lane.resume()
  }

  /** Breaks the connection at both ends, as a router that forgets it does. */
  break(): void {
    for (const stream of this.#streams) stream.destroy(new Error('The connection was lost.'))
  }

  /** Closes one end of it; the other hears of it as far as the network lets it. */
  destroyEnd(end: MemoryConnectionEnd): void {
    this.#streams[end === this.initiator ? 0 : 1].destroy()
  }
}
