/**
 * A tracker as a way to swap offers and answers. One client holds one WebSocket for all topics of an opened transport.
 * Whoever comes to a topic offers to those that are there; somebody alone makes no offers and waits to be called.
 */
import { HypervisionError, type TopicOptions, type TransportTopic } from '@hypervision/core/contracts'
import { TokenBucket } from '../token-bucket.ts'
import type { Signalling, SignallingHost, SignallingSession } from './signalling.ts'
import {
  announceMessage,
  answerMessage,
  binaryToHex,
  infoHashOf,
  newPeerId,
  readTrackerMessage,
  type TrackerMessage,
} from './tracker-messages.ts'
import { type OpenWebSocket, TrackerSocket } from './tracker-socket.ts'
import { TrackerTopic } from './tracker-topic.ts'

/** Messages of a tracker that are read: anybody may send offers by way of one, each of which takes a while to check. */
const maxMessagesPerSecond = 20
const maxMessagesAtOnce = 100

/** Options of {@link trackerSignalling}. */
export interface TrackerSignallingOptions {
  /** `ws://` or `wss://`. */
  readonly url: string
  readonly openWebSocket: OpenWebSocket
}

/** Swaps offers and answers through one tracker. */
export function trackerSignalling(options: TrackerSignallingOptions): Signalling {
  return { start: (host) => new TrackerClient(options, host) }
}

class TrackerClient implements SignallingSession {
  readonly #url: string
  readonly #host: SignallingHost
  readonly #socket: TrackerSocket
  /** A new one for each WebSocket: the tracker may take the old one for alive for a while. */
  #peerId = newPeerId()
  readonly #topics = new Map<string, TrackerTopic>()
  readonly #budget = new TokenBucket({ perSecond: maxMessagesPerSecond, burst: maxMessagesAtOnce })
  #isTold = false
  /** Whether it has said anything yet that a tracker says, or was reported for what it says instead. */
  #isKnown = false
  #isClosed = false

  constructor({ url, openWebSocket }: TrackerSignallingOptions, host: SignallingHost) {
    this.#url = url
    this.#host = host
    this.#socket = new TrackerSocket({
      url,
      openWebSocket,
      onopen: () => {
        this.#peerId = newPeerId()
        for (const topic of this.#topics.values()) topic.restart()
      },
      onmessage: (text) => this.#take(text),
      onlost: (reason) => this.#lose(reason),
    })
  }

  join(topic: Uint8Array, options: TopicOptions): TransportTopic {
    const infoHash = infoHashOf(topic)
    this.#topics.get(infoHash)?.stop()
    const joined = new TrackerTopic({
      topic,
      asked: options,
      host: this.#host,
      isConnected: () => this.#socket.isOpen,
      announce: (offers, event) => this.#socket.ask(announceMessage(infoHash, this.#peerId, offers, event)),
    })
    if (!this.#isClosed) this.#topics.set(infoHash, joined)
    joined.restart()
    return {
      ready: joined.ready,
      get others() {
        return joined.others
      },
      leave: async () => {
        joined.stop()
        if (this.#topics.get(infoHash) !== joined) return
        this.#topics.delete(infoHash)
        this.#socket.send(announceMessage(infoHash, this.#peerId, [], 'stopped'))
      },
    }
  }

  seek(): void {
    for (const topic of this.#topics.values()) topic.seek()
  }

  hurry(): void {
    this.#socket.hurry()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const topic of this.#topics.values()) topic.stop()
    this.#topics.clear()
    this.#socket.close()
  }

  #take(text: string): void {
    this.#isTold = false
    const message = readTrackerMessage(text)
    // A tracker may say things besides that are of no use here; what says nothing else is no tracker.
    if (message === null && !this.#isKnown) this.#report('does not speak the protocol of WebTorrent trackers.')
    this.#isKnown = true
    if (message === null || !this.#budget.spend()) return
    if (message.kind === 'failure') this.#report(`says: ${message.reason}`)
    const topic = message.infoHash === null ? undefined : this.#topics.get(message.infoHash)
    if (topic === undefined) return
    if (message.kind === 'announced') topic.onannounced(message.peers, message.intervalSeconds)
    else if (message.kind === 'failure') topic.onannounced(null, null)
    else if (message.kind === 'answer') {
      this.#host.complete(topic.topic, binaryToHex(message.offerId), message.sdp)
    } else {
      topic.onoffer()
      if (topic.asked.announce) void this.#answer(topic, message)
    }
  }

  async #answer(topic: TrackerTopic, offer: TrackerMessage & { kind: 'offer' }): Promise<void> {
    const sdp = await this.#host.answer(topic.topic, offer.sdp)
    if (sdp !== null && !topic.isStopped) this.#socket.send(answerMessage(offer.infoHash, this.#peerId, offer, sdp))
  }

  #lose(reason: string): void {
    for (const topic of this.#topics.values()) topic.onlost()
    // Once for each time that it is gone, not for each attempt.
    if (!this.#isTold) this.#report(`is gone: ${reason}. It is tried again until it works.`)
    this.#isTold = true
  }

  #report(what: string): void {
    if (this.#isClosed) return
    this.#host.onerror(
      new HypervisionError('ERR_TRANSPORT_FAILED', `The tracker ${this.#url} ${what}`, {
        detail: { tracker: this.#url },
      }),
    )
  }
}
