/**
 * Brings the newest metadata of a channel to every node: each says which it has, and asks a peer that has newer ones. So they are there when the
 * broadcaster is not, and a poster crosses each connection once at the most.
 */
import type { Clock } from '../clock.ts'
import type { ChannelPeer, ChannelPeerEvents } from './channel-peer.ts'

/** A peer that was asked and has not answered by then is passed over, ms. */
const answerMs = 5000
/** Peers that are asked at the same time: one that does not answer holds nothing up. */
const maxAsked = 2
/** Peers are told of new metadata so often at the most, ms. */
const tellMs = 500

/** What the exchange needs of what is known here. */
export interface ExchangedMetadata {
  /** 0 where there is none. */
  readonly revision: number
  readonly record: Uint8Array | null
  /** The revision of the record; null where it is not the broadcaster's. */
  take(record: Uint8Array): number | null
}

/** What the exchange hears of a peer. */
export type MetadataEvents = Pick<ChannelPeerEvents, 'onhave' | 'onget' | 'onrecord' | 'onclose'>
/** What it says to one. */
export type MetadataPeer = Pick<ChannelPeer, 'have' | 'get' | 'record' | 'banish'>

interface Neighbour {
  readonly peer: MetadataPeer
  /** What it says to have. */
  theirs: number
  /** What it has said when it was asked; null where nothing is asked of it. */
  asked: { readonly revision: number; giveUp(): void } | null
  /** What it was given last. */
  given: number
  /** What it was told of last. */
  told: number
}

/** The exchange of one node. */
export class MetadataExchange {
  readonly #metadata: ExchangedMetadata
  readonly #clock: Clock
  readonly #neighbours = new Set<Neighbour>()
  #isOpen: boolean
  #toldAtMs = Number.NEGATIVE_INFINITY
  #stopTelling: (() => void) | null = null

  /** @param isOpen whether others are given what is here */
  constructor(metadata: ExchangedMetadata, clock: Clock, isOpen: boolean) {
    this.#metadata = metadata
    this.#clock = clock
    this.#isOpen = isOpen
  }

  set isOpen(isOpen: boolean) {
    this.#isOpen = isOpen
    this.tell()
  }

  add(peer: MetadataPeer): MetadataEvents {
    const neighbour: Neighbour = { peer, theirs: 0, asked: null, given: 0, told: 0 }
    this.#neighbours.add(neighbour)
    this.#tell(neighbour)
    return {
      onhave: (revision) => {
        neighbour.theirs = revision
        this.#ask()
      },
      onget: () => this.#give(neighbour),
      onrecord: (record) => this.#take(neighbour, record),
      onclose: () => {
        neighbour.asked?.giveUp()
        this.#neighbours.delete(neighbour)
        this.#ask()
      },
    }
  }

  /** What is here has changed: tells everybody, soon. */
  tell(): void {
    if (this.#stopTelling !== null) return
    const waitMs = this.#toldAtMs + tellMs - this.#clock.now()
    if (waitMs <= 0) this.#tellAll()
    else this.#stopTelling = this.#clock.after(waitMs, () => this.#tellAll())
  }

  close(): void {
    this.#stopTelling?.()
    for (const { asked } of this.#neighbours) asked?.giveUp()
    this.#neighbours.clear()
  }

  #tellAll(): void {
    this.#stopTelling = null
    this.#toldAtMs = this.#clock.now()
    for (const neighbour of this.#neighbours) this.#tell(neighbour)
  }

  #tell(neighbour: Neighbour): void {
    const revision = this.#isOpen ? this.#metadata.revision : 0
    if (neighbour.told === revision) return
    neighbour.told = revision
    neighbour.peer.have(revision)
  }

  #ask(): void {
    const { revision } = this.#metadata
    const all = [...this.#neighbours]
    let asked = all.filter((one) => one.asked !== null).length
    const newer = all.filter((one) => one.asked === null && one.theirs > revision)
    // The newest first: one that is not the newest would have to be asked for again.
    for (const neighbour of newer.sort((a, b) => b.theirs - a.theirs)) {
      if (asked++ >= maxAsked) return
      const stop = this.#clock.after(answerMs, () => {
        neighbour.asked = null
        neighbour.theirs = 0
        this.#ask()
      })
      const giveUp = (): void => {
        stop()
        neighbour.asked = null
      }
      neighbour.asked = { revision: neighbour.theirs, giveUp }
      neighbour.peer.get()
    }
  }

  /** Each record once: it is large, and asking for it is not. */
  #give(neighbour: Neighbour): void {
    const { record, revision } = this.#metadata
    if (!this.#isOpen || record === null || neighbour.given === revision) return
    neighbour.given = revision
    neighbour.peer.record(record)
  }

  #take(neighbour: Neighbour, record: Uint8Array): void {
    const { asked, peer } = neighbour
    // Nobody asked, or not any more.
    if (asked === null) return
    asked.giveUp()
    const revision = this.#metadata.take(record)
    if (revision === null) peer.banish('its metadata are not signed by the broadcaster')
    else if (revision < asked.revision) peer.banish('its metadata are older than it says')
    else {
      neighbour.theirs = revision
      this.#ask()
    }
  }
}
