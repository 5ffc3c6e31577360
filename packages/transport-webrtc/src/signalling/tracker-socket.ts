/** A WebSocket to a tracker that comes back by itself, with growing waits, after whatever happened to it. */

/** The part of a WebSocket that is used; pages have it, and so has `ws`. */
export interface WebSocketLike {
  readonly readyState: number
  readonly bufferedAmount: number
  send(text: string): void
  close(): void
  /** `ws` has it: closes without waiting for the other side. */
  terminate?(): void
  addEventListener(type: 'open' | 'close' | 'error' | 'message', listener: (event: { data?: unknown }) => void): void
}

/** Opens a WebSocket; may throw. */
export type OpenWebSocket = (url: string) => WebSocketLike

/** Longest message that is sent or taken, characters: an announcement carries a few descriptions. */
export const maxTrackerMessage = 256 * 1024
/** Waits before it is tried again, milliseconds; the last one is repeated. */
const waitsMs = [500, 1000, 2000, 4000, 8000, 15_000, 30_000]
/** So that the viewers of one broadcast do not come back in step, each wait is longer or shorter by up to this share. */
const jitter = 0.3
/** A WebSocket opens within this time, or is tried anew. */
const openMs = 10_000
/** A tracker answers at once. Where it does not, it is gone, or the address of this machine is another one now and nothing says so. */
const answerMs = 5000
/** What may wait in the socket. */
const maxBuffered = 4 * maxTrackerMessage
const openState = 1

/** What is told of a {@link TrackerSocket}. */
export interface TrackerSocketOptions {
  readonly url: string
  readonly openWebSocket: OpenWebSocket
  /** Connected, again or for the first time. */
  onopen(): void
  onmessage(text: string): void
  /** Not connected any more, or an attempt failed. @param reason in words */
  onlost(reason: string): void
}

/** A connection to one tracker. */
export class TrackerSocket {
  readonly #options: TrackerSocketOptions
  #socket: WebSocketLike | null = null
  #attempt = 0
  #retry: ReturnType<typeof setTimeout> | undefined
  #silence: ReturnType<typeof setTimeout> | undefined
  #isClosed = false

  constructor(options: TrackerSocketOptions) {
    this.#options = options
    this.#connect()
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === openState
  }

  /** Sends a message that the tracker has to answer; false where it cannot be sent. */
  ask(text: string): boolean {
    if (!this.send(text)) return false
    this.#expect(answerMs)
    return true
  }

  /** Sends a message; false where it cannot be sent. */
  send(text: string): boolean {
    const socket = this.#socket
    if (socket === null || socket.readyState !== openState || text.length > maxTrackerMessage) return false
    if (socket.bufferedAmount > maxBuffered) {
      this.#drop(socket, 'it takes nothing more')
      return false
    }
    socket.send(text)
    return true
  }

  /** Tries now what it would try later; one that is open is left as it is. */
  hurry(): void {
    if (this.#isClosed || this.isOpen) return
    this.#attempt = 0
    clearTimeout(this.#retry)
    const socket = this.#socket
    this.#expectNothing()
    this.#connect()
    if (socket !== null) hangUp(socket)
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#retry)
    this.#expectNothing()
    const socket = this.#socket
    this.#socket = null
    if (socket !== null) hangUp(socket)
  }

  #connect(): void {
    this.#retry = undefined
    let socket: WebSocketLike
    try {
      socket = this.#options.openWebSocket(this.#options.url)
    } catch (error) {
      this.#lose(error instanceof Error ? error.message : String(error))
      return
    }
    this.#socket = socket
    this.#expect(openMs)
    let reason = 'it has closed the connection'
    // `ws` says what is wrong, a page does not.
    socket.addEventListener('error', (event) => {
      reason = (event as { message?: string }).message || 'it cannot be reached'
    })
    socket.addEventListener('open', () => {
      if (this.#socket !== socket) return
      this.#expectNothing()
      this.#options.onopen()
    })
    socket.addEventListener('message', ({ data }) => this.#take(socket, data))
    socket.addEventListener('close', () => {
      if (this.#socket === socket) this.#lose(reason)
    })
  }

  #take(socket: WebSocketLike, data: unknown): void {
    if (this.#socket !== socket) return
    this.#expectNothing()
    if (typeof data !== 'string' || data.length > maxTrackerMessage) {
      this.#drop(socket, 'it sent a message that no tracker sends')
      return
    }
    this.#attempt = 0
    this.#options.onmessage(data)
  }

  /** A sign of life is due within some time; the first one that was waited for counts. */
  #expect(withinMs: number): void {
    this.#silence ??= setTimeout(() => {
      if (this.#socket !== null) this.#drop(this.#socket, 'it does not answer')
    }, withinMs)
  }

  #expectNothing(): void {
    clearTimeout(this.#silence)
    this.#silence = undefined
  }

  #drop(socket: WebSocketLike, reason: string): void {
    hangUp(socket)
    if (this.#socket === socket) this.#lose(reason)
  }

  #lose(reason: string): void {
    this.#socket = null
    this.#expectNothing()
    if (this.#isClosed) return
    const waitMs = waitsMs[Math.min(this.#attempt++, waitsMs.length - 1)] ?? 0
    this.#retry = setTimeout(() => this.#connect(), waitMs * (1 - jitter + Math.random() * 2 * jitter))
    this.#options.onlost(reason)
  }
}

function hangUp(socket: WebSocketLike): void {
  socket.close()
  socket.terminate?.()
}
