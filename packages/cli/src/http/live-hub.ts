/**
 * One stream for many HTTP clients: each begins with the init segment and the newest keyframe, and none of them can hold
 * back the others or fill the memory.
 */
import type { ViewerBlock } from '@hypervision/core'

/** Bounds of a hub. */
export interface LiveHubLimits {
  /** Blocks that wait for one client. */
  readonly queueItems: number
  /** Bytes that wait for one client, and of the newest keyframe and what follows it. */
  readonly queueBytes: number
}

const defaultLimits: LiveHubLimits = { queueItems: 600, queueBytes: 16 * 1024 * 1024 }

interface Item {
  readonly bytes: Uint8Array
  readonly key: boolean
}

/** Gives the blocks of a viewer to clients that come and go. */
export class LiveHub {
  readonly #limits: LiveHubLimits
  readonly #clients = new Set<LiveClient>()
  #init: Uint8Array | null = null
  /** The newest keyframe's block and those after it; null until a keyframe comes. */
  #recent: Item[] | null = null
  #recentBytes = 0
  #isEnded = false

  constructor(limits: LiveHubLimits = defaultLimits) {
    this.#limits = limits
  }

  /** Clients that are being served. */
  get clients(): number {
    return this.#clients.size
  }

  /** Whether the broadcast is over. */
  get isEnded(): boolean {
    return this.#isEnded
  }

  /** Takes the next block of the viewer. */
  push(block: ViewerBlock): void {
    if (block.kind === 'init') {
      // A second EBML header is a new stream, which no player takes in the middle of a response: those who play the old one
      // get its end and ask again.
      for (const client of this.#clients) client.endIfBegun()
      this.#init = block.bytes
      this.#recent = null
      return
    }
    const item = { bytes: block.bytes, key: block.key }
    this.#remember(item)
    if (this.#init === null) return
    for (const client of this.#clients) client.offer(this.#init, item)
  }

  /** The broadcast is over: clients get what waits for them, then their end. */
  end(): void {
    this.#isEnded = true
    for (const client of this.#clients) client.end()
  }

  /** Begins to serve a client. It has to be left when its reader goes. */
  join(): LiveClient {
    const client = new LiveClient(this.#limits, () => this.#clients.delete(client))
    if (this.#isEnded) {
      client.end()
      return client
    }
    this.#clients.add(client)
    if (this.#init !== null) for (const item of this.#recent ?? []) client.offer(this.#init, item)
    return client
  }

  #remember(item: Item): void {
    if (item.key) {
      this.#recent = []
      this.#recentBytes = 0
    }
    if (this.#recent === null) return
    this.#recent.push(item)
    this.#recentBytes += item.bytes.byteLength
    const { queueItems, queueBytes } = this.#limits
    // Keyframes are too far apart to keep all that follows one: newcomers wait for the next.
    if (this.#recent.length > queueItems || this.#recentBytes > queueBytes) this.#recent = null
  }
}

/** What waits for one client. */
export class LiveClient {
  readonly #limits: LiveHubLimits
  readonly #onleave: () => void
  #queue: Uint8Array[] = []
  #bytes = 0
  /** Whether the init segment was put in the queue. */
  #hasBegun = false
  /** Whether it was taken out again. */
  #hasReaderBegun = false
  #waitsForKey = true
  #isEnded = false
  #skips = 0
  #wake: (() => void) | null = null

  /** @param onleave told once when the client is served no more */
  constructor(limits: LiveHubLimits, onleave: () => void) {
    this.#limits = limits
    this.#onleave = onleave
  }

  /** How often blocks were left out because the client was too slow. */
  get skips(): number {
    return this.#skips
  }

  /** Bytes that wait. */
  get waitingBytes(): number {
    return this.#bytes
  }

  /** Takes a block. When too much waits already, all of it is left out, and the client goes on at the next keyframe. */
  offer(init: Uint8Array, { bytes, key }: Item): void {
    if (this.#isEnded || (this.#waitsForKey && !key)) return
    const { queueItems, queueBytes } = this.#limits
    if (this.#queue.length >= queueItems || this.#bytes + bytes.byteLength > queueBytes) {
      this.#skips++
      this.#queue = []
      this.#bytes = 0
      this.#hasBegun = this.#hasReaderBegun
      this.#waitsForKey = true
      if (!key) return
    }
    this.#waitsForKey = false
    if (!this.#hasBegun) this.#add(init)
    this.#hasBegun = true
    this.#add(bytes)
  }

  /** Ends after what waits. */
  end(): void {
    this.#isEnded = true
    this.#wake?.()
    this.#onleave()
  }

  /** Ends after what waits, where something was given already. */
  endIfBegun(): void {
    if (this.#hasBegun) this.end()
  }

  /** Ends at once: the reader has gone. */
  leave(): void {
    this.#queue = []
    this.#bytes = 0
    this.end()
  }

  /** What to send next; null at the end. */
  async next(): Promise<Uint8Array | null> {
    for (;;) {
      const bytes = this.#queue.shift()
      if (bytes !== undefined) {
        this.#bytes -= bytes.byteLength
        this.#hasReaderBegun = true
        return bytes
      }
      if (this.#isEnded) return null
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = null
    }
  }

  #add(bytes: Uint8Array): void {
    this.#queue.push(bytes)
    this.#bytes += bytes.byteLength
    this.#wake?.()
  }
}
