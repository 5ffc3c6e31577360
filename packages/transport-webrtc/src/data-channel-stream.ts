/**
 * A duplex of bytes over one data channel. A data channel by itself takes whatever it is given, at both ends: a writer is held
 * back here by what waits in the channel and by what the reader at the other end has not taken yet, and a peer that was
 * killed is noticed by its silence, as the channel goes on for up to half a minute without a word.
 *
 * Bytes travel as binary messages, everything else as short texts on the same ordered channel:
 *
 * | text | meaning |
 * |---|---|
 * | `p` | I am there |
 * | `c<n>` | of what you sent, `n` units in all are taken (a unit is a byte; a message costs {@link messageCost} more) |
 * | `e` | I write nothing more |
 * | `f` | your `e` has arrived, and so has all before it |
 */
import { Duplex } from 'streamx'
import type { RtcDataChannel, RtcEvent } from './rtc-types.ts'

/** Largest message that every implementation takes. */
export const maxMessageBytes = 64 * 1024
/** What may be on its way to a reader that takes nothing. */
export const windowUnits = 1024 * 1024
/** Added to the bytes of each message, so that many tiny ones cannot fill the memory of the reader. */
export const messageCost = 256
/** Bytes waiting in the channel at which the writer is held back, and at which it goes on. */
const channelHighBytes = 1024 * 1024
const channelLowBytes = 256 * 1024
/** `bufferedamountlow` does not come everywhere: a writer that is held back looks by itself. */
const pollMs = 50
/** So often a peer says that it is there. */
const heartbeatMs = 1000
/**
 * Heartbeats without a word from the peer after which it is dead. Counted and not measured, so that a page that
 * slept, or a process that was busy, does not take its own silence for the peer's.
 */
const silentHeartbeats = 5
const longestText = 24
/** Bytes that streamx keeps on either side of the channel. */
const streamBufferBytes = 128 * 1024

type Done = (error: Error | null) => void

/** The duplex of a connection. */
export class DataChannelStream extends Duplex {
  readonly #channel: RtcDataChannel
  readonly #ondestroy: () => void
  readonly #listeners: [string, (event: RtcEvent) => void][]
  readonly #inbox: Uint8Array[] = []
  #heartbeat: ReturnType<typeof setInterval> | undefined
  #poll: ReturnType<typeof setInterval> | undefined
  #reading: Done | null = null
  #writing: { chunk: Uint8Array; offset: number; done: Done } | null = null
  #ending: Done | null = null
  #receivedUnits = 0
  #takenUnits = 0
  #confirmedUnits = 0
  #sentUnits = 0
  #remoteTakenUnits = 0
  #silence = 0
  #hasSpoken = false
  #hasSentEnd = false
  #hasReceivedEnd = false

  /**
   * @param channel open or about to be
   * @param ondestroy frees the connection beneath; called once
   */
  constructor(channel: RtcDataChannel, ondestroy: () => void) {
    super({ highWaterMark: streamBufferBytes })
    this.#channel = channel
    this.#ondestroy = ondestroy
    channel.binaryType = 'arraybuffer'
    channel.bufferedAmountLowThreshold = channelLowBytes
    this.#listeners = [
      ['open', () => this.#start()],
      ['message', (event) => this.#take((event as RtcEvent & { readonly data: unknown }).data)],
      ['bufferedamountlow', () => this.#send()],
      ['close', () => this.#onchannelclose()],
      ['error', () => this.destroy(new Error('The data channel has failed.'))],
    ]
    for (const [type, listener] of this.#listeners) channel.addEventListener(type, listener)
    // Whoever takes the stream over listens too; a stream that breaks before that must not bring the process down.
    this.on('error', () => {})
    if (channel.readyState === 'open') this.#start()
  }

  override _read(done: Done): void {
    this.#reading = done
    this.#deliver()
  }

  override _write(chunk: unknown, done: Done): void {
    if (!(chunk instanceof Uint8Array)) {
      done(new TypeError('A connection carries bytes: write a Uint8Array.'))
      return
    }
    this.#writing = { chunk, offset: 0, done }
    this.#send()
  }

  override _final(done: Done): void {
    this.#ending = done
    this.#hasSentEnd = true
    this.#say('e')
  }

  override _predestroy(): void {
    const waiting = [this.#writing?.done, this.#ending, this.#reading]
    this.#writing = null
    this.#ending = null
    this.#reading = null
    for (const done of waiting) done?.(null)
  }

  override _destroy(done: Done): void {
    clearInterval(this.#heartbeat)
    clearInterval(this.#poll)
    for (const [type, listener] of this.#listeners) this.#channel.removeEventListener(type, listener)
    this.#inbox.length = 0
    this.#ondestroy()
    done(null)
  }

  #start(): void {
    if (this.#heartbeat !== undefined || this.destroying) return
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs)
    this.#send()
  }

  #beat(): void {
    if (++this.#silence >= silentHeartbeats) this.destroy(new Error('The peer has fallen silent.'))
    else if (!this.#hasSpoken && this.#channel.bufferedAmount < channelHighBytes) this.#say('p')
    this.#hasSpoken = false
  }

  /** Sends of what is being written as much as may be on its way. */
  #send(): void {
    const writing = this.#writing
    if (writing === null || this.#channel.readyState !== 'open') return
    const { chunk } = writing
    while (writing.offset < chunk.byteLength) {
      const room = windowUnits - (this.#sentUnits - this.#remoteTakenUnits) - messageCost
      if (room <= 0) {
        // The reader at the other end says when to go on.
        this.#stopPolling()
        return
      }
      if (this.#channel.bufferedAmount > channelHighBytes) {
        this.#startPolling()
        return
      }
      const end = Math.min(chunk.byteLength, writing.offset + Math.min(room, maxMessageBytes))
      if (!this.#post(chunk.subarray(writing.offset, end))) return
      this.#sentUnits += end - writing.offset + messageCost
      writing.offset = end
    }
    this.#stopPolling()
    this.#writing = null
    writing.done(null)
  }

  #startPolling(): void {
    this.#poll ??= setInterval(() => {
      if (this.#channel.bufferedAmount <= channelLowBytes) this.#send()
    }, pollMs)
  }

  #stopPolling(): void {
    clearInterval(this.#poll)
    this.#poll = undefined
  }

  #say(text: string): void {
    if (this.#channel.readyState === 'open') this.#post(text)
  }

  #post(message: string | Uint8Array): boolean {
    try {
      // Nothing here is backed by shared memory, which is what the type would allow.
      this.#channel.send(message as string | Uint8Array<ArrayBuffer>)
      this.#hasSpoken = true
      return true
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)))
      return false
    }
  }

  #take(data: unknown): void {
    if (this.destroying) return
    this.#silence = 0
    const isUnderstood = typeof data === 'string' ? this.#takeText(data) : this.#takeBytes(data)
    if (!isUnderstood) this.destroy(new Error('The peer breaks the rules of the connection.'))
  }

  #takeText(text: string): boolean {
    if (text === 'p') return true
    if (text === 'f') {
      if (!this.#hasSentEnd) return false
      this.#finish()
      return true
    }
    if (text === 'e') {
      if (this.#hasReceivedEnd) return false
      this.#hasReceivedEnd = true
      this.#say('f')
      this.#deliver()
      return true
    }
    if (text.length > longestText || !/^c\d+$/.test(text)) return false
    const units = Number(text.slice(1))
    if (units < this.#remoteTakenUnits || units > this.#sentUnits) return false
    this.#remoteTakenUnits = units
    this.#send()
    return true
  }

  #takeBytes(data: unknown): boolean {
    const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : data
    if (!(bytes instanceof Uint8Array) || bytes.byteLength > maxMessageBytes || this.#hasReceivedEnd) return false
    this.#receivedUnits += bytes.byteLength + messageCost
    if (this.#receivedUnits - this.#takenUnits > windowUnits) return false
    this.#inbox.push(bytes)
    this.#deliver()
    return true
  }

  /** Gives the reader what it asked for, as far as it is there. */
  #deliver(): void {
    const done = this.#reading
    if (done === null) return
    const bytes = this.#inbox.shift()
    if (bytes === undefined && !this.#hasReceivedEnd) return
    this.#reading = null
    if (bytes === undefined) this.push(null)
    else {
      this.push(bytes)
      this.#takenUnits += bytes.byteLength + messageCost
      if (this.#takenUnits - this.#confirmedUnits >= windowUnits / 4) {
        this.#confirmedUnits = this.#takenUnits
        this.#say(`c${this.#takenUnits}`)
      }
    }
    done(null)
  }

  #finish(): void {
    const ending = this.#ending
    this.#ending = null
    ending?.(null)
  }

  #onchannelclose(): void {
    // The peer has all of ours and we have all of its: it may leave before it has said so.
    if (this.#hasReceivedEnd && this.#hasSentEnd) this.#finish()
    else this.destroy(new Error('The peer has closed the connection.'))
  }
}
