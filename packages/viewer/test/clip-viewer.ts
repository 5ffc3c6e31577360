// A viewer whose channel is a clip: real blocks, cut as a broadcaster cuts them, that come in real time or when a test says
// so. It stands where `createViewer` would, without a network.
import type { StartPosition, ViewerBlock, ViewerState } from '@hypervision/core'
import { cutWebm } from '@hypervision/core/webm'
import type { PumpViewer } from '../src/pump/pump.ts'

/** Plays clips one after the other, each a new epoch, over and over. */
export class ClipViewer implements PumpViewer {
  readonly blocks: AsyncIterable<ViewerBlock> = { [Symbol.asyncIterator]: () => this.#read() }
  readonly #feed: ViewerBlock[] = []
  /** When each block of the feed is there, ms of the page's clock. */
  readonly #dueMs: number[] = []
  readonly seeks: StartPosition[] = []
  maxLagSeconds = 120
  #position = 0
  #isSkipped = true
  #anchorMs = 0
  #heldSince: number | null = null
  #heldMs = 0
  #isEnded = false
  #spoilt = 0
  #isClosed = false

  /** @param behindMs how much of the channel was there before it was opened */
  static async open(clips: readonly string[], repeat: number, behindMs = 0): Promise<ClipViewer> {
    const viewer = new ClipViewer()
    let offsetMs = 0
    for (let round = 0; round < repeat; round++) {
      for (const url of clips) offsetMs = await viewer.#add(url, offsetMs)
    }
    viewer.#anchorMs = Date.now() - behindMs
    viewer.#position = viewer.#keyBefore(viewer.#newest)
    return viewer
  }

  /** Network is gone until {@link resume}; the broadcaster goes on. */
  hold(): void {
    this.#heldSince ??= Date.now()
  }

  /** How long the network has been gone, seconds. */
  get heldSeconds(): number {
    return this.#heldSince === null ? 0 : (Date.now() - this.#heldSince) / 1000
  }

  resume(): void {
    this.#heldSince = null
  }

  /** Everything comes later from now on. */
  delay(ms: number): void {
    this.#heldMs += ms
  }

  /** Leaves out so many blocks, then goes on at a keyframe. */
  skip(blocks: number): void {
    let at = this.#position + blocks
    while (at < this.#feed.length && !isKey(this.#feed[at])) at++
    this.#position = at
    this.#isSkipped = true
  }

  /** Gives out bytes that are no media instead of the next so many blocks. */
  spoil(blocks: number): void {
    this.#spoilt = blocks
  }

  end(): void {
    this.#isEnded = true
  }

  /** Goes on air again. */
  begin(): void {
    this.#isEnded = false
    this.#position = this.#keyBefore(this.#newest)
    this.#isSkipped = true
  }

  close(): void {
    this.#isClosed = true
  }

  async seek(position: StartPosition): Promise<void> {
    this.seeks.push(position)
    const newest = this.#newest
    if (position === 'live') this.#position = this.#keyBefore(newest)
    else if (position === 'start') this.#position = 0
    else {
      const time = 'time' in position ? position.time.getTime() : Date.now() - position.secondsAgo * 1000
      const at = this.#feed.findIndex((block) => block.kind === 'cluster' && this.#anchorMs + block.timestampMs > time)
      this.#position = this.#keyBefore(Math.min(newest, at < 0 ? newest : at - 1))
    }
    this.#isSkipped = true
  }

  stats(): { state: ViewerState; bufferedSeconds: number } {
    const state = this.#isClosed ? 'closed' : this.#isEnded ? 'ended' : 'playing'
    const here = this.#feed[this.#position]
    const newest = this.#feed[this.#newest]
    const ms = here?.kind === 'cluster' && newest?.kind === 'cluster' ? newest.timestampMs - here.timestampMs : 0
    return { state, bufferedSeconds: this.#heldSince === null ? Math.max(0, ms / 1000) : 0 }
  }

  /** Index of the newest block that has come. */
  get #newest(): number {
    const now = (this.#heldSince ?? Date.now()) - this.#heldMs - this.#anchorMs
    const at = this.#dueMs.findIndex((due) => due > now)
    return (at < 0 ? this.#feed.length : at) - 1
  }

  async #add(url: string, offsetMs: number): Promise<number> {
    const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer())
    async function* chunks() {
      yield bytes
    }
    let endMs = offsetMs
    const source = cutWebm(chunks(), {
      startEpoch: ({ firstTimestampMs }) => ({ offsetMs: offsetMs - firstTimestampMs }),
    })
    for await (const piece of source) {
      const index = this.#feed.length
      if (piece.kind === 'init') {
        const { bytes: init, tracks, mimeType } = piece
        this.#feed.push({ kind: 'init', index, bytes: init, tracks, mimeType, title: null })
        this.#dueMs.push(endMs)
        continue
      }
      endMs = Math.max(endMs, piece.timestampMs + piece.spanMs)
      this.#feed.push({
        kind: 'cluster',
        index,
        bytes: piece.bytes,
        key: piece.key,
        timestampMs: piece.timestampMs,
        time: new Date(0),
        discontinuity: false,
      })
      this.#dueMs.push(piece.timestampMs + piece.spanMs)
    }
    return endMs + 20
  }

  #keyBefore(index: number): number {
    let at = Math.max(0, index)
    while (at > 0 && !isKey(this.#feed[at])) at--
    return at
  }

  async *#read(): AsyncGenerator<ViewerBlock, void> {
    // Whoever iterates again after the end waits for the next broadcast.
    while (!this.#isClosed && this.#isEnded) await new Promise((resolve) => setTimeout(resolve, 20))
    while (!this.#isClosed && !this.#isEnded) {
      const block = this.#feed[this.#position]
      if (block === undefined || this.#position > this.#newest) {
        await new Promise((resolve) => setTimeout(resolve, 10))
        continue
      }
      const discontinuity = this.#isSkipped
      if (discontinuity && block.kind === 'cluster') {
        const init = this.#feed.slice(0, this.#position).findLast(({ kind }) => kind === 'init')
        if (init !== undefined) yield init
      }
      this.#isSkipped = false
      this.#position++
      const bytes = this.#spoilt > 0 ? new Uint8Array(block.bytes.length).fill(0x5a) : block.bytes
      if (block.kind === 'init') yield block
      else if (this.#spoilt-- > 0) yield { ...block, bytes, time: new Date(), discontinuity }
      else yield { ...block, time: new Date(this.#anchorMs + block.timestampMs), discontinuity }
    }
  }
}

function isKey(block: ViewerBlock | undefined): boolean {
  return block?.kind === 'cluster' && block.key
}
