/**
 * Peers introduce peers: whoever is connected with two others carries an offer from one to the other, and the answer back. So a
 * swarm finds together without a tracker, and a node that is full hands those who call it to others instead of shutting
 * the door. docs/introductions-protocol.md has the protocol.
 */
import b4a from 'b4a'
import type { TransportIntroductions } from '../../contracts/index.ts'
import type { Clock } from '../clock.ts'
import type { PeerConnection } from '../peer-connection.ts'
import { ClosedDoors } from './closed-doors.ts'
import { IntroductionChannel } from './introduction-channel.ts'
import { maxNeighbours, type Neighbour, type Offer } from './messages.ts'
import { Seeker } from './seeker.ts'

/** Connections beyond `maxPeers` on each transport, for those who are to be introduced to others. */
export const reservedConnections = 4
/** A guest, or a host, that has not left by then is left, milliseconds. */
const guestMs = 5000
/** A connection that is ended and has not closed by then is dropped, milliseconds. */
const farewellMs = 1000
/** Changes of whether there is room are told together, milliseconds. */
const roomMs = 500
/** Offers of one peer that are being passed on. */
const maxForwarded = 8
/** Offers that are being answered. */
const maxAnswering = 8

/** Options of {@link Introductions}. */
export interface IntroductionsOptions {
  readonly ownKey: Uint8Array
  /** Most peers per transport. */
  readonly maxPeers: number
  readonly clock: Clock
  /** From 0 up to, and without, 1. */
  random(): number
  /** The peer is full, and has taken this node as a guest: the connection is for introductions only. */
  onhost(connection: PeerConnection): void
}

/** What is known of a connection. */
interface Acquaintance {
  readonly channel: IntroductionChannel
  readonly id: string
  /** Whether the peer is a guest of this node. */
  readonly isGuest: boolean
  forwarded: number
  /** Calls off what is to happen to the connection. */
  stop: () => void
}

/** The introductions of one node. */
export class Introductions {
  readonly #options: IntroductionsOptions
  readonly #ownId: string
  readonly #doors: ClosedDoors
  readonly #seeker: Seeker<IntroductionChannel>
  readonly #topics = new Map<string, TransportIntroductions | undefined>()
  readonly #known = new Map<PeerConnection, Acquaintance>()
  #answering = 0
  #stopTellingRoom: (() => void) | null = null
  #isClosed = false

  constructor(options: IntroductionsOptions) {
    this.#options = options
    this.#ownId = idOf(options.ownKey)
    this.#doors = new ClosedDoors(options.clock, options.random)
    const { clock, random } = options
    const peersOf = (): number => this.#peers()
    const hasRoomOf = (): boolean => [...this.#topics.keys()].some((transport) => !this.#isFull(transport))
    this.#seeker = new Seeker({
      clock,
      random,
      get peers() {
        return peersOf()
      },
      get hasRoom() {
        return hasRoomOf()
      },
      channels: () => this.#open().flatMap(({ channel, isGuest }) => (isGuest ? [] : [channel])),
      introductionsOf: (transport) => this.#topics.get(transport),
      mayCall: (neighbour) => this.#mayCall(neighbour),
      leave: ({ connection }) => this.#dismiss(connection),
    })
  }

  /** How many neighbours the node looks for. */
  get wanted(): number {
    return this.#seeker.wanted
  }

  /** Changes how many neighbours the node looks for. */
  want(count: number): void {
    this.#seeker.want(count)
  }

  /** Looks for more neighbours soon, where there are fewer than wanted. */
  seek(): void {
    this.#seeker.seek()
  }

  /** Makes known how a transport is introduced to peers of the topic; undefined where it cannot be. */
  use(transport: string, introductions: TransportIntroductions | undefined): void {
    this.#topics.set(transport, introductions)
  }

  /** Whether a connection with the peer would be of use now. */
  mayConnect(publicKey: Uint8Array, transport: string): boolean {
    return !this.#isClosed && this.#doors.mayConnect(idOf(publicKey), this.#isFull(transport))
  }

  /**
   * Takes a connection that has just opened.
   *
   * @returns whether it is one of a peer; otherwise it is beyond the cap, and carries nothing but introductions
   */
  add(connection: PeerConnection): boolean {
    const { clock } = this.#options
    const isGuest = this.#isFull(connection.transport)
    connection.isGuest = isGuest
    const stop = isGuest ? clock.after(guestMs, () => this.#dismiss(connection)) : () => {}
    const channel = new IntroductionChannel({
      connection,
      clock,
      isGuest,
      isFull: isGuest || this.#countOf(connection.transport) + 1 >= this.#options.maxPeers,
      onopen: () => this.#onopen(connection),
      onclose: () => this.#onclose(connection),
      onroom: () => this.#onroom(connection),
      onseek: () => channel.tellNeighbours(this.#sample(connection)),
      onneighbours: () => this.#seeker.proceed(),
      oncall: (_channel, call) => this.#forward(connection, call),
      onoffer: (_channel, offer) => this.#answer(offer),
    })
    this.#known.set(connection, { channel, id: connection.id, isGuest, forwarded: 0, stop })
    this.#seeker.met(connection.id)
    if (!isGuest) this.#tellRoom()
    return !isGuest
  }

  /** Forgets a connection that has closed. */
  remove(connection: PeerConnection): void {
    const acquaintance = this.#known.get(connection)
    if (acquaintance === undefined) return
    this.#known.delete(connection)
    acquaintance.stop()
    if (acquaintance.isGuest) this.#doors.guestLeft(acquaintance.id)
    else if (!connection.isGuest) {
      this.#tellRoom()
      if (this.#peers() < this.wanted) this.#doors.openAll()
      this.#seeker.seek()
    } else if (!acquaintance.channel.isFull) this.#doors.open(acquaintance.id)
    else this.#doors.leftHost(acquaintance.id)
  }

  close(): void {
    this.#isClosed = true
    this.#seeker.close()
    this.#stopTellingRoom?.()
    for (const { stop } of this.#known.values()) stop()
  }

  #onopen(connection: PeerConnection): void {
    const acquaintance = this.#known.get(connection)
    if (acquaintance === undefined || acquaintance.isGuest) return
    if (!acquaintance.channel.isHost) {
      this.#seeker.seek()
      return
    }
    connection.isGuest = true
    acquaintance.stop = this.#options.clock.after(guestMs, () => this.#dismiss(connection))
    this.#options.onhost(connection)
    this.#seeker.seekNow()
  }

  /** A guest that does not speak the protocol is none. */
  #onclose(connection: PeerConnection): void {
    if (this.#known.get(connection)?.isGuest) this.#dismiss(connection)
  }

  /** A host that has room is worth a call: as a peer this time. */
  #onroom(connection: PeerConnection): void {
    const acquaintance = this.#known.get(connection)
    if (acquaintance?.channel.isHost && !acquaintance.channel.isFull) this.#dismiss(connection)
  }

  #dismiss(connection: PeerConnection): void {
    const acquaintance = this.#known.get(connection)
    if (acquaintance === undefined) return
    acquaintance.stop()
    acquaintance.stop = this.#options.clock.after(farewellMs, () => connection.destroy())
    connection.end()
  }

  /** What a peer is told of others: those with room first, in any order. */
  #sample(asking: PeerConnection): readonly Neighbour[] {
    const others = this.#open().filter(({ channel: { connection } }) => connection !== asking && !connection.isGuest)
    const ranked = others.map(({ channel }) => ({ channel, rank: this.#options.random() + (channel.isFull ? 1 : 0) }))
    return ranked
      .sort((a, b) => a.rank - b.rank)
      .slice(0, maxNeighbours)
      .flatMap(({ channel: { connection, isFull } }) => {
        const key = connection.stream.remotePublicKey
        return key === null ? [] : [{ key, transport: connection.transport, isFull }]
      })
  }

  /** Never more than one hop: to a peer of this node, or not at all. */
  async #forward(from: PeerConnection, { key, transport, description }: Offer): Promise<string | null> {
    const caller = this.#known.get(from)
    const callerKey = from.stream.remotePublicKey
    const id = idOf(key)
    const called = this.#open().find(
      ({ channel: { connection }, ...other }) =>
        other.id === id && connection.transport === transport && connection !== from && !connection.isGuest,
    )
    if (caller === undefined || callerKey === null || called === undefined || caller.forwarded >= maxForwarded)
      return null
    caller.forwarded++
    try {
      return await called.channel.offer(callerKey, description)
    } finally {
      caller.forwarded--
    }
  }

  async #answer({ key, transport, description }: Offer): Promise<string | null> {
    const introductions = this.#topics.get(transport)
    const id = idOf(key)
    const isWelcome = id !== this.#ownId && !this.#isConnected(id) && this.mayConnect(key, transport)
    if (introductions === undefined || !isWelcome || this.#answering >= maxAnswering) return null
    this.#answering++
    try {
      return await introductions.answer(key, description)
    } catch {
      return null
    } finally {
      this.#answering--
    }
  }

  #mayCall({ key, transport }: Neighbour): boolean {
    const id = idOf(key)
    if (id === this.#ownId || this.#isConnected(id) || this.#topics.get(transport) === undefined) return false
    return !this.#isFull(transport) && this.mayConnect(key, transport)
  }

  #isConnected(id: string): boolean {
    return [...this.#known.values()].some((acquaintance) => acquaintance.id === id)
  }

  #isFull(transport: string): boolean {
    return this.#countOf(transport) >= this.#options.maxPeers
  }

  /** Peers of a transport. */
  #countOf(transport: string): number {
    let count = 0
    for (const connection of this.#known.keys()) if (connection.transport === transport && !connection.isGuest) count++
    return count
  }

  /** Peers, each once however many transports connect it. */
  #peers(): number {
    const ids = new Set<string>()
    for (const [connection, { id }] of this.#known) if (!connection.isGuest) ids.add(id)
    return ids.size
  }

  #open(): Acquaintance[] {
    return [...this.#known.values()].filter(({ channel }) => channel.isOpen)
  }

  /** Guests, who wait for it, hear at once that there is room, the others when it has lasted. */
  #tellRoom(): void {
    if (this.#isClosed) return
    const tell = (acquaintances: Acquaintance[]): void => {
      for (const { channel } of acquaintances) channel.tellRoom(this.#isFull(channel.connection.transport))
    }
    tell(this.#open().filter(({ isGuest }) => isGuest))
    this.#stopTellingRoom ??= this.#options.clock.after(roomMs, () => {
      this.#stopTellingRoom = null
      tell(this.#open())
    })
  }
}

function idOf(publicKey: Uint8Array): string {
  return b4a.toString(publicKey, 'hex')
}
