/**
 * The `hypervision/introductions` channel of one connection: sends, takes, counts. A peer that sends more than it may, or does not
 * read what it has asked for, loses the connection.
 */
import Protomux, { type ProtomuxChannel, type ProtomuxMessage } from 'protomux'
import type { Clock } from '../clock.ts'
import type { PeerConnection } from '../peer-connection.ts'
import { TokenBucket } from '../token-bucket.ts'
import {
  type Answer,
  answer,
  type Hello,
  hello,
  introductionsVersion,
  isDescription,
  type Neighbour,
  neighbours,
  type Offer,
  offer,
  room,
  seek,
} from './messages.ts'

/** Messages that a peer may send. One that keeps to the limits of this file sends a tenth. */
const maxMessagesPerSecond = 32
const maxMessagesAtOnce = 128
/** Offers that are passed to a peer, whoever they are of. */
const maxOffersPerSecond = 8
const maxOffersAtOnce = 32
/** Offers to a peer, and calls by way of it, that wait for an answer. */
const maxWaiting = 8
/** An answer that is not there by then does not come: the offer is void after five seconds. */
const answerMs = 6000
/** Messages that may wait for a peer to read them: a few more than it can ask for before an answer is void. */
const maxUnread = 256

/** What a channel tells its owner. */
export interface IntroductionChannelEvents {
  /** The peer speaks the protocol, too. */
  onopen(channel: IntroductionChannel): void
  /** It does not, or does no longer; once. */
  onclose(channel: IntroductionChannel): void
  /** The peer has room, or has no more. */
  onroom(channel: IntroductionChannel): void
  onseek(channel: IntroductionChannel): void
  onneighbours(channel: IntroductionChannel): void
  /** Has the peer's offer passed on; resolves with the answer. Never rejects. */
  oncall(channel: IntroductionChannel, call: Offer): Promise<string | null>
  /** Answers an offer that the peer passes on. Never rejects. */
  onoffer(channel: IntroductionChannel, offer: Offer): Promise<string | null>
}

/** Options of an {@link IntroductionChannel}. */
export interface IntroductionChannelOptions extends IntroductionChannelEvents {
  readonly connection: PeerConnection
  readonly clock: Clock
  /** Whether the peer is told that it is a guest. */
  readonly isGuest: boolean
  /** Whether this node has no room. */
  readonly isFull: boolean
}

interface Waiting {
  settle(description: string | null): void
}

/** The channel of one peer. */
export class IntroductionChannel {
  readonly connection: PeerConnection
  /** What the peer told of last, newest list only; null before. */
  neighbours: readonly Neighbour[] | null = null
  readonly #options: IntroductionChannelOptions
  readonly #channel: ProtomuxChannel<Hello> | null
  readonly #messages: TokenBucket
  readonly #offers: TokenBucket
  readonly #waiting = new Map<number, Waiting>()
  readonly #send: {
    readonly seek: ProtomuxMessage<null>
    readonly neighbours: ProtomuxMessage<readonly Neighbour[]>
    readonly call: ProtomuxMessage<Offer>
    readonly offer: ProtomuxMessage<Offer>
    readonly answer: ProtomuxMessage<Answer>
    readonly room: ProtomuxMessage<boolean>
  } | null
  #hello: Hello | null = null
  #isFull = false
  #toldFull: boolean
  #lastId = 0
  #unread = 0
  #isSeeking = false

  constructor(options: IntroductionChannelOptions) {
    const { connection, clock } = options
    this.connection = connection
    this.#options = options
    this.#toldFull = options.isFull
    const now = (): number => clock.now()
    this.#messages = new TokenBucket({ perSecond: maxMessagesPerSecond, burst: maxMessagesAtOnce, now })
    this.#offers = new TokenBucket({ perSecond: maxOffersPerSecond, burst: maxOffersAtOnce, now })
    this.#channel = Protomux.from(connection.stream).createChannel<Hello>({
      protocol: 'hypervision/introductions',
      handshake: hello,
      onopen: (theirs) => this.#onopen(theirs),
      onclose: () => this.#onclose(),
      ondrain: () => {
        this.#unread = 0
      },
    })
    this.#send = this.#channel === null ? null : this.#addMessages(this.#channel)
    const { isGuest, isFull } = options
    this.#channel?.open({ version: introductionsVersion, isGuest, isFull })
  }

  /** Whether the peer speaks the protocol. */
  get isOpen(): boolean {
    return this.#hello !== null && this.#channel?.closed === false
  }

  /** Whether the peer takes this node for a guest. */
  get isHost(): boolean {
    return this.#hello?.isGuest === true
  }

  /** Whether the peer has said that it has no room. */
  get isFull(): boolean {
    return this.#isFull
  }

  /** Asks for neighbours; the answer is waited for before it is asked again. */
  seek(): void {
    if (!this.isOpen || this.#isSeeking) return
    this.#isSeeking = true
    this.#write(() => this.#send?.seek.send(null))
  }

  tellNeighbours(list: readonly Neighbour[]): void {
    this.#write(() => this.#send?.neighbours.send(list))
  }

  /** Says whether this node has room, where that is news. */
  tellRoom(isFull: boolean): void {
    if (!this.isOpen || this.#toldFull === isFull) return
    this.#toldFull = isFull
    this.#write(() => this.#send?.room.send(isFull))
  }

  /** Calls a peer that this peer told of. Never rejects. */
  call({ key, transport }: Neighbour, description: string): Promise<string | null> {
    return this.#ask(this.#send?.call, { key, transport, description })
  }

  /** Passes an offer on to this peer; `key` is who made it. Never rejects. */
  offer(key: Uint8Array, description: string): Promise<string | null> {
    const { transport } = this.connection
    return this.#offers.spend() ? this.#ask(this.#send?.offer, { key, transport, description }) : Promise.resolve(null)
  }

  #addMessages(channel: ProtomuxChannel<Hello>) {
    const { onseek, onneighbours, onroom, oncall, onoffer } = this.#options
    // Their order is the protocol's.
    return {
      seek: channel.addMessage({ encoding: seek, onmessage: () => this.#take(() => onseek(this)) }),
      neighbours: channel.addMessage({
        encoding: neighbours,
        onmessage: (list) =>
          this.#take(() => {
            // Who was not asked is not believed to know.
            if (!this.#isSeeking) return
            this.#isSeeking = false
            this.neighbours = list
            onneighbours(this)
          }),
      }),
      call: channel.addMessage({
        encoding: offer,
        onmessage: (call) => this.#take(() => this.#reply(call.id, oncall(this, call))),
      }),
      offer: channel.addMessage({
        encoding: offer,
        onmessage: (offered) => this.#take(() => this.#reply(offered.id, onoffer(this, offered))),
      }),
      answer: channel.addMessage({
        encoding: answer,
        onmessage: ({ id, description }) => this.#take(() => this.#waiting.get(id)?.settle(description)),
      }),
      room: channel.addMessage({
        encoding: room,
        onmessage: (isFull) =>
          this.#take(() => {
            this.#isFull = isFull
            onroom(this)
          }),
      }),
    }
  }

  #onopen(theirs: Hello): void {
    this.#hello = theirs
    this.#isFull = theirs.isFull
    this.#options.onopen(this)
  }

  #onclose(): void {
    for (const waiting of [...this.#waiting.values()]) waiting.settle(null)
    this.#options.onclose(this)
  }

  #take(handle: () => void): void {
    if (this.#messages.spend()) handle()
    else this.connection.destroy()
  }

  #reply(id: number, answering: Promise<string | null>): void {
    void answering.then((description) => {
      const sent = isDescription(description) ? description : null
      this.#write(() => this.#send?.answer.send({ id, description: sent }))
    })
  }

  #ask(message: ProtomuxMessage<Offer> | undefined, asked: Omit<Offer, 'id'>): Promise<string | null> {
    const isPossible = this.isOpen && this.#waiting.size < maxWaiting && isDescription(asked.description)
    if (!isPossible) return Promise.resolve(null)
    const id = ++this.#lastId
    return new Promise((resolve) => {
      const settle = (answered: string | null): void => {
        this.#waiting.delete(id)
        giveUp()
        resolve(answered)
      }
      const giveUp = this.#options.clock.after(answerMs, () => settle(null))
      this.#waiting.set(id, { settle })
      this.#write(() => message?.send({ id, ...asked }))
    })
  }

  #write(send: () => boolean | undefined): void {
    if (!this.isOpen || send() !== false) return
    this.#unread++
    if (this.#unread > maxUnread) this.connection.destroy()
  }
}
