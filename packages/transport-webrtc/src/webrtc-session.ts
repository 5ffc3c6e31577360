/**
 * A started transport: which peers to connect with, and one connection with each, whoever calls first, over however many topics
 * and trackers they meet.
 */
import type {
  TopicOptions,
  TransportIntroductions,
  TransportOpenOptions,
  TransportSession,
  TransportTopic,
} from '@hypervision/core/contracts'
import { toHex } from './hex.ts'
import { type Identity, readIdentity, Signer } from './identity.ts'
import { OpenOffers } from './open-offers.ts'
import { PeerLink } from './peer-link.ts'
import { PeerTable } from './peer-table.ts'
import { watchPage } from './platform.ts'
import type { RtcConfiguration, RtcPlatform } from './rtc-types.ts'
import { readSdp, writeSdp } from './sdp.ts'
import type { Signalling, SignallingHost, SignallingOffer, SignallingSession } from './signalling/signalling.ts'

/**
 * A node calls until this share of its cap is taken; the rest is for those who call it. With half or more, the first
 * nodes of a large swarm could fill each other up and leave every later one outside.
 */
const callShare = 0.4
/** Offers of others that are being answered at once. */
const maxAnswering = 16
/** Offers of one's own that wait for an answer. */
const maxOffers = 32

/** What a {@link WebRtcSession} is made with. */
export interface WebRtcSessionOptions {
  readonly open: TransportOpenOptions
  readonly rtc: RtcPlatform
  readonly configuration: RtcConfiguration
  readonly signalling: readonly Signalling[]
}

/** The transport as one node has opened it. */
export class WebRtcSession implements TransportSession, SignallingHost {
  readonly #options: WebRtcSessionOptions
  readonly #signer: Signer
  readonly #peers: PeerTable
  readonly #offers = new OpenOffers()
  readonly #topics = new Map<string, { readonly asked: TopicOptions }>()
  readonly #signalling: readonly SignallingSession[]
  readonly #stopWatching = watchPage({
    onend: () => void this.close(),
    ononline: () => this.#signalling.forEach((session) => void session.hurry?.()),
  })
  #maxConnections: number
  #answering = 0
  #closing: Promise<void> | null = null

  constructor(options: WebRtcSessionOptions) {
    this.#options = options
    this.#maxConnections = options.open.maxConnections
    this.#signer = new Signer(options.open.keyPair)
    this.#peers = new PeerTable(this.#signer.id)
    this.#signalling = options.signalling.map((signalling) => signalling.start(this))
  }

  get connected(): number {
    return this.#peers.open
  }

  get wanted(): number {
    if (this.#closing !== null) return 0
    const share = Math.max(1, Math.floor(this.#maxConnections * callShare))
    const waiting = this.#offers.size
    return Math.max(0, Math.min(this.#room() - waiting, share - this.#peers.called, maxOffers - waiting))
  }

  join(topic: Uint8Array, options: TopicOptions): TransportTopic {
    const name = toHex(topic)
    const joined = { asked: { ...options } }
    if (this.#closing === null) this.#topics.set(name, joined)
    const topics = this.#closing === null ? this.#signalling.map((session) => session.join(topic, options)) : []
    return {
      ready: Promise.all(topics.map(({ ready }) => ready)).then(() => {}),
      get others() {
        const counts = topics.flatMap(({ others }) => others ?? [])
        return counts.length === 0 ? null : Math.max(...counts)
      },
      leave: async () => {
        if (this.#topics.get(name) !== joined) return
        this.#topics.delete(name)
        this.#offers.drop(name)
        this.#peers.dropPending(name)
        await Promise.all(topics.map((each) => each.leave()))
      },
      introductions: this.#introductions(topic, () => this.#topics.get(name) === joined),
    }
  }

  setMaxConnections(maxConnections: number): void {
    const isMore = maxConnections > this.#maxConnections
    this.#maxConnections = maxConnections
    if (isMore) this.#seek()
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async offer(topic: Uint8Array, count: number): Promise<readonly SignallingOffer[]> {
    const offers = Array.from({ length: Math.min(count, this.wanted) }, () => this.#offer(topic))
    return (await Promise.all(offers)).filter((offer) => offer !== null)
  }

  answer(topic: Uint8Array, sdp: unknown): Promise<string | null> {
    return this.#answer(topic, sdp, null)
  }

  complete(topic: Uint8Array, offerId: string, sdp: unknown): void {
    this.#complete(topic, offerId, sdp, null)
  }

  onerror(error: Error): void {
    if (this.#closing === null) this.#options.open.onerror(error)
  }

  /** A third peer carries the descriptions; they say themselves who made them. */
  #introductions(topic: Uint8Array, isJoined: () => boolean): TransportIntroductions {
    return {
      connect: async (publicKey, ask) => {
        const id = toHex(publicKey)
        const mayCall = isJoined() && !this.#peers.has(id) && this.#offers.size < maxOffers
        if (!mayCall || !this.#mayConnect({ id, publicKey }, this.#room())) return false
        const offer = await this.#offer(topic)
        if (offer === null) return false
        const answer = await ask(offer.sdp).catch(() => null)
        if (this.#complete(topic, offer.id, answer, id)) return true
        // There is nobody else whom this offer was made to.
        this.#offers.get(offer.id, toHex(topic))?.destroy()
        return false
      },
      answer: async (publicKey, offer) => (isJoined() ? this.#answer(topic, offer, toHex(publicKey)) : null),
    }
  }

  /** @param from who is said to have made the offer; null where nobody says */
  async #answer(topic: Uint8Array, sdp: unknown, from: string | null): Promise<string | null> {
    const name = toHex(topic)
    if (this.#topics.get(name)?.asked.announce !== true || this.#answering >= maxAnswering) return null
    const read = readSdp(sdp)
    // Cheap checks first: a full node is not to be kept busy with signatures.
    if (read === null || (this.#places() <= 0 && !this.#peers.mayReplace)) return null
    const identity = readIdentity(read.identity, { type: 'offer', topic, fingerprints: read.fingerprints })
    if (identity === null || (from !== null && from !== identity.id) || this.#peers.isKnown(identity)) return null
    if (!this.#mayConnect(identity, this.#places())) return null
    this.#answering++
    const link = this.#link(name, identity)
    if (link === null) {
      this.#answering--
      return null
    }
    try {
      this.#peers.addPending(identity, name, link)
      return this.#sign('answer', topic, await link.answer(read.sdp))
    } catch (error) {
      link.destroy(error instanceof Error ? error : undefined)
      return null
    } finally {
      this.#answering--
    }
  }

  /**
   * @param from who is to have answered; null for anybody
   * @returns whether the answer is followed
   */
  #complete(topic: Uint8Array, offerId: string, sdp: unknown, from: string | null): boolean {
    const name = toHex(topic)
    const link = this.#offers.get(offerId, name)
    if (link === null) return false
    const read = readSdp(sdp)
    const identity = read && readIdentity(read.identity, { type: 'answer', topic, fingerprints: read.fingerprints })
    // A forged answer does not void the offer: the true one may be on its way.
    if (read === null || identity === null || (from !== null && from !== identity.id)) return false
    this.#offers.delete(offerId)
    if (!this.#mayConnect(identity, this.#room()) || !this.#peers.prefersOwnOffer(identity)) {
      link.destroy()
      return false
    }
    this.#peers.addPending(identity, name, link)
    link.complete(read.sdp).catch((error: unknown) => link.destroy(error instanceof Error ? error : undefined))
    return true
  }

  /** How many more may be called. */
  #room(): number {
    return this.#maxConnections - this.#peers.size
  }

  /** How many more that call may be taken. */
  #places(): number {
    return this.#room() + (this.#options.open.reserve ?? 0)
  }

  #mayConnect({ id, publicKey }: Pick<Identity, 'id' | 'publicKey'>, places: number): boolean {
    if (this.#closing !== null || id === this.#signer.id) return false
    return (places > 0 || this.#peers.has(id)) && this.#options.open.accept(publicKey)
  }

  async #offer(topic: Uint8Array): Promise<SignallingOffer | null> {
    const link = this.#link(toHex(topic), null)
    if (link === null) return null
    const id = this.#offers.add(toHex(topic), link)
    try {
      return { id, sdp: this.#sign('offer', topic, await link.offer()) }
    } catch (error) {
      this.#offers.delete(id)
      link.destroy(error instanceof Error ? error : undefined)
      return null
    }
  }

  #sign(type: 'offer' | 'answer', topic: Uint8Array, sdp: string): string {
    return writeSdp(sdp, {
      relayOnly: this.#options.configuration.iceTransportPolicy === 'relay',
      identify: (fingerprints) => this.#signer.sign({ type, topic, fingerprints }),
    })
  }

  /** A new link; null where the implementation makes no more. */
  #link(topic: string, identity: Identity | null): PeerLink | null {
    if (this.#closing !== null || (identity === null && !this.#topics.has(topic))) return null
    try {
      return new PeerLink({
        rtc: this.#options.rtc,
        configuration: this.#options.configuration,
        onopen: (link) => this.#onopen(link),
        onclose: (link) => this.#onclose(link),
      })
    } catch (error) {
      this.onerror(error instanceof Error ? error : new Error(String(error)))
      return null
    }
  }

  #onopen(link: PeerLink): void {
    const { stream } = link
    const identity = this.#peers.identityOf(link)
    if (stream === null || identity === null || !this.#options.open.accept(identity.publicKey)) {
      link.destroy()
      return
    }
    this.#peers.onopen(link)
    this.#options.open.onconnection({
      // streamx says `unknown` of what its streams emit; this one emits nothing but bytes.
      stream: stream as unknown as Parameters<TransportOpenOptions['onconnection']>[0]['stream'],
      initiator: link.isOfferer,
      security: 'none',
      remoteAddress: link.remoteAddress,
    })
  }

  #onclose(link: PeerLink): void {
    this.#offers.forget(link)
    if (this.#peers.remove(link)) this.#seek()
  }

  #seek(): void {
    if (this.#closing === null) for (const session of this.#signalling) session.seek()
  }

  async #close(): Promise<void> {
    this.#stopWatching()
    this.#topics.clear()
    // First nobody looks for others any more: a connection that ends would be missed otherwise.
    const left = Promise.all(this.#signalling.map((session) => session.close()))
    const closed = this.#peers.closed()
    this.#offers.drop(null)
    this.#peers.destroy()
    await Promise.all([left, closed])
  }
}
