/** One WebSocket of a tracker: what comes in is rationed, what goes out is bounded, and silence ends it. */
import { WebSocket } from 'ws'
import { TokenBucket } from '../token-bucket.ts'
import { type Announcement, readAnnouncement } from './announcement.ts'
import type { RegistryMember } from './registry.ts'

/** Bytes that may wait for a peer that does not read; what is beyond it does not get. */
const maxBufferedBytes = 512 * 1024
/** After a pause a peer may send what it may send in so long at once. */
const burstSeconds = 4
/** What a message that makes no sense costs beside the 1 of every message. */
const nonsenseCost = 5
// https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1
const unsupportedData = 1003
const policyViolation = 1008

/** Options of a {@link TrackerConnection}. */
export interface TrackerConnectionOptions {
  readonly messagesPerSecond: number
  /** Follows an announcement; in words why not, where it does not. */
  announce(connection: TrackerConnection, announcement: Announcement): string | null
  onclose(connection: TrackerConnection): void
}

/** A peer that is connected with the tracker. */
export class TrackerConnection implements RegistryMember {
  readonly #socket: WebSocket
  readonly #options: TrackerConnectionOptions
  readonly #bucket: TokenBucket
  #isAlive = true

  constructor(socket: WebSocket, options: TrackerConnectionOptions) {
    this.#socket = socket
    this.#options = options
    this.#bucket = new TokenBucket({
      perSecond: options.messagesPerSecond,
      burst: options.messagesPerSecond * burstSeconds,
    })
    socket.on('message', (data, isBinary) => this.#take(data, isBinary))
    socket.on('pong', () => {
      this.#isAlive = true
    })
    // A broken frame, or one that is too long: `ws` closes after it.
    socket.on('error', () => {})
    socket.on('close', () => options.onclose(this))
  }

  send(message: object): void {
    const isFull = this.#socket.bufferedAmount > maxBufferedBytes
    if (this.#socket.readyState === WebSocket.OPEN && !isFull) this.#socket.send(JSON.stringify(message))
  }

  /** Asks whether the peer is there; ends it where the last such question was not answered. */
  probe(): void {
    if (!this.#isAlive) {
      this.terminate()
      return
    }
    this.#isAlive = false
    this.#socket.ping()
  }

  terminate(): void {
    this.#socket.terminate()
  }

  #take(data: unknown, isBinary: boolean): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return
    if (isBinary) {
      this.#close(unsupportedData, 'texts only')
      return
    }
    if (!this.#bucket.spend()) {
      this.#close(policyViolation, 'too many messages')
      return
    }
    const announcement = readAnnouncement(String(data))
    const refusal = typeof announcement === 'string' ? announcement : this.#options.announce(this, announcement)
    if (refusal === null) return
    if (!this.#bucket.spend(nonsenseCost)) {
      this.#close(policyViolation, 'too much nonsense')
      return
    }
    const infoHash = typeof announcement === 'string' ? {} : { info_hash: announcement.infoHash }
    this.send({ action: 'announce', ...infoHash, 'failure reason': refusal })
  }

  #close(code: number, reason: string): void {
    this.#socket.close(code, reason)
    // Whoever floods does not answer politely; nothing is read until then, nor kept for it after.
    this.#socket.terminate()
  }
}
