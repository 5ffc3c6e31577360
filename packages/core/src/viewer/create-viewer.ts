/** The viewer: swarm → feed → a stream of blocks from the place that was asked for. */
import { HypervisionError } from '../contracts/index.ts'
import type { ClusterBlock } from '../feed/feed-block.ts'
import type { FeedLog } from '../feed/feed-log.ts'
import { type FeedItem, FeedReader } from '../feed/feed-reader.ts'
import type { StartPosition } from '../feed/start-position.ts'
import type { Timeline } from '../feed/timeline.ts'
import { formatLink, parseLink, parseSecret } from '../link/link.ts'
import type { ChannelNode } from '../node/channel-node.ts'
import { ChannelRole, openRole } from '../node/channel-role.ts'
import { checkBoolean, checkInteger, checkNodeOptions, checkNumber, checkStartPosition } from '../node/check-options.ts'
import { liveSettings } from '../node/live-settings.ts'
import { retainOption } from '../node/retain-option.ts'
import type { RecordedFile, Recording, RecordOptions } from '../recording/types.ts'
import { Keyring } from '../sealing/keyring.ts'
import { OpenedLog } from '../sealing/opened-log.ts'
import { metadataCipher } from '../sealing/sealed-metadata.ts'
import { ratio } from '../swarm/rolling-rate.ts'
import { SlowSupply } from './slow-supply.ts'
import type { SkipReason, Viewer, ViewerBlock, ViewerEvents, ViewerOptions, ViewerState, ViewerStats } from './types.ts'

/** The next block is late when it has not come for so long. */
const stallMs = 1000
/** A block is at the live edge when no more than this many are known after it. */
const liveEdgeBlocks = 3
/** What is said to be later than this, or earlier, is not: the clocks of both ends differ by as much. */
const mostLatencyMs = 60_000
/** How far the stream falls behind the live edge, seconds: an interruption of a minute costs nobody a block. */
const defaultMaxLagSeconds = 120
const leastLagSeconds = 1
/** A viewer that keeps little fetches no more than this ahead of what it reads. */
const readAheadBlocks = 300
/** Reason of the abort that ends a wait at the place that was left. */
const moved = new Error('the cursor was moved')

/**
 * Opens a channel to watch. It resolves once the node takes part in the swarm; `stream` then waits for the first block.
 *
 * @throws HypervisionError ERR_OPTION_…, ERR_FEED_STORAGE…, ERR_TRANSPORT_…; that the secret of the link is missing, wrong or was changed
 * (ERR_SECRET_…) shows with the first block, and closes the viewer
 */
export async function createViewer(options: ViewerOptions): Promise<Viewer> {
  checkNodeOptions(options)
  checkInteger('timeoutMs', options.timeoutMs, 1, 2 ** 31 - 1)
  checkBoolean('uploads', options.uploads)
  checkNumber('maxLagSeconds', options.maxLagSeconds, leastLagSeconds, Number.POSITIVE_INFINITY)
  if (options.from !== undefined) checkStartPosition('from', options.from)
  const key = parseLink(options.link)
  const secret = parseSecret(options.link)
  const keyring = secret === null ? null : new Keyring(key, secret)
  const cipher = keyring === null ? {} : { metadataCipher: metadataCipher(keyring) }
  return openRole(
    { ...options, ...cipher, live: liveSettings(options), retain: retainOption(options.retain), key },
    (node) => new NodeViewer(node, options, keyring),
  )
}

class NodeViewer extends ChannelRole<ViewerEvents> implements Viewer {
  readonly blocks: AsyncIterable<ViewerBlock> = { [Symbol.asyncIterator]: () => this.#read() }
  readonly stream: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => bytesOf(this.blocks) }
  /** The channel's blocks as they are played. */
  readonly #log: FeedLog
  readonly #reader: FeedReader
  /** Whether there is no network. */
  readonly #isAlone: boolean
  /** Of a private channel; null for a public one. */
  readonly #keyring: Keyring | null
  /** Aborts when the cursor moves and when the viewer closes, so that a wait at the old place ends. */
  #moving = new AbortController()
  /** The move under way, or the last one. */
  #move: Promise<void>
  #state: ViewerState = 'searching'
  #stalls = 0
  #epochs = 0
  #latencyMs: number | null = null
  #newest: ClusterBlock | null = null
  /** The last block before some that are left out, and why they are; null once that was told. */
  #skipped: { readonly from: ClusterBlock; readonly reason: SkipReason } | null = null
  #maxLagSeconds: number
  readonly #supply: SlowSupply
  /** Whether the cursor was put at the live edge last, and not into the past. */
  #isFollowing = false
  /** From one Cluster to the next, ms; before two have come, what is usual: a backlog is not to be taken for none. */
  #blockMs = 100

  constructor(node: ChannelNode, options: ViewerOptions, keyring: Keyring | null) {
    super(node, options.signal)
    this.#keyring = keyring
    this.#isAlone = (options.transports ?? []).length === 0
    this.#log = keyring === null ? node.log : new OpenedLog(node.log, keyring)
    this.#reader = new FeedReader(this.#log)
    this.#reader.onskip = () => this.#onskip('deleted')
    this.#supply = new SlowSupply(node.link)
    this.#maxLagSeconds = options.maxLagSeconds ?? defaultMaxLagSeconds
    this.closing.addEventListener('abort', () => this.#moving.abort(this.closing.reason))
    if (retainOption(options.retain) !== null) {
      node.log.readAhead = readAheadBlocks
      node.reading = () => {
        const reading = this.#reader.reading
        return reading === null ? null : { ...reading, end: reading.start + readAheadBlocks }
      }
    }
    this.#move = this.#moveTo(options.from ?? 'live', undefined)
    this.#move.catch(() => {})
    node.log.onchange(() => this.#onchange())
    this.#onchange()
    const { timeoutMs } = options
    if (timeoutMs !== undefined) {
      const timer = setTimeout(() => this.#giveUp(timeoutMs), timeoutMs)
      this.closing.addEventListener('abort', () => clearTimeout(timer))
    }
  }

  override get link(): string {
    return formatLink(this.node.key, this.#keyring?.current.secret)
  }

  get uploads(): boolean {
    return this.node.isUploading
  }

  set uploads(isAllowed: boolean) {
    this.node.isUploading = isAllowed
  }

  get maxLagSeconds(): number {
    return this.#maxLagSeconds
  }

  set maxLagSeconds(seconds: number) {
    checkNumber('maxLagSeconds', seconds, leastLagSeconds, Number.POSITIVE_INFINITY)
    this.#maxLagSeconds = seconds
  }

  stats(): ViewerStats {
    const node = this.node.stats()
    const { received, log } = this.node
    const { items, bits } = received.perSecond()
    const position = this.#reader.position
    const ahead = position === null ? 0 : Math.max(0, log.newestHere() + 1 - position)
    return {
      ...node,
      state: this.#state,
      verifiedBlocks: received.items,
      feedBlocks: log.remoteLength,
      position,
      latencyMs: this.#latencyMs,
      bufferedSeconds: (ahead * this.#blockMs) / 1000,
      blocksPerSecond: items,
      bitsPerSecond: bits,
      streamBytes: received.bytes,
      relayedCopies: ratio(node.blockBytesUp, received.bytes),
      stalls: this.#stalls,
      epochs: this.#epochs,
    }
  }

  seek(position: StartPosition, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    checkStartPosition('position', position)
    this.#moving.abort(moved)
    if (!this.closing.aborted) this.#moving = new AbortController()
    this.#skipped = null
    const move = this.#moveTo(position, options.signal)
    // A seek that was given up leaves the cursor where it was.
    this.#move = move.catch((error: unknown) => {
      if (this.#reader.position === null) throw error
    })
    this.#move.catch(() => {})
    return move
  }

  live(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.seek('live', options)
  }

  timeline({ signal }: { readonly signal?: AbortSignal } = {}): Promise<Timeline> {
    return this.#reader.timeline(signal === undefined ? this.closing : AbortSignal.any([this.closing, signal]))
  }

  /** Its code is loaded by those who record: it is a fortieth of what a page that watches needs. */
  async record(options: RecordOptions): Promise<Recording> {
    const { startRecording } = await import('../recording/index.ts')
    return startRecording(this.#log, options, this.#isAlone, this.closing)
  }

  async recordedFiles({ signal }: { readonly signal?: AbortSignal } = {}): Promise<readonly RecordedFile[]> {
    const { readRecordedFiles } = await import('../recording/index.ts')
    const ending = signal === undefined ? this.closing : AbortSignal.any([this.closing, signal])
    return readRecordedFiles({ opened: this.#log, stored: this.node.log, isAlone: this.#isAlone }, this.key, ending)
  }

  async #moveTo(position: StartPosition, signal: AbortSignal | undefined): Promise<void> {
    const moving = this.#moving.signal
    await this.#reader.seek(position, signal === undefined ? moving : AbortSignal.any([moving, signal]))
    this.#isFollowing = position === 'live'
    this.#supply.restart()
    this.#newest = null
  }

  async *#read(): AsyncGenerator<ViewerBlock, void> {
    while (!this.closing.aborted) {
      try {
        const item = await this.#next()
        if (item.kind === 'end') {
          this.#setState('ended')
          return
        }
        yield this.#give(item)
      } catch (error) {
        if (error === moved) continue
        if (!this.closing.aborted) this.fail(error)
        break
      }
    }
    await this.closed
  }

  /**
   * The next item, once the cursor stands; says so when it is late. Before the first place was found, and after the end of a broadcast, nothing is:
   * the next one comes when it comes.
   */
  async #next(): Promise<FeedItem> {
    const sinceMs = performance.now()
    const late = (): void => {
      if (this.#reader.position === null) return
      if (this.#state !== 'stalled') this.#stalls++
      this.#setState('stalled')
      this.#watchSupply(sinceMs)
    }
    const timer = this.#state === 'ended' ? undefined : setInterval(late, stallMs)
    try {
      // One that was given up for another one says nothing of that.
      let move: unknown
      do {
        move = this.#move
        await move
      } while (move !== this.#move)
      const { signal } = this.#moving
      if (this.#isTooFarBehind() && (await this.#reader.catchUp(this.#newest, this.#maxLagSeconds * 1000, signal))) {
        this.#onskip('behind')
      }
      const item = await this.#reader.next(signal)
      if (item.kind === 'cluster') this.#watchSupply(sinceMs)
      return item
    } finally {
      clearInterval(timer)
    }
  }

  #give(item: Exclude<FeedItem, { kind: 'end' }>): ViewerBlock {
    const { number: index, bytes } = item.block
    this.#setState('playing')
    if (item.kind === 'init') {
      const { tracks, mimeType, title } = item.block
      this.#epochs++
      this.emit('epoch', { tracks, mimeType, title })
      return { kind: 'init', index, bytes, tracks, mimeType, title }
    }
    const { block, anchor, discontinuity } = item
    this.#tellSkip(block)
    this.#measure(block, anchor)
    const { timestampMs } = block
    const time = new Date(anchor.getTime() + timestampMs)
    return { kind: 'cluster', index, bytes, key: block.index.key, timestampMs, time, discontinuity }
  }

  /** Of one who follows the live edge: whoever went back on purpose is behind for another reason. */
  #watchSupply(sinceMs: number): void {
    const { position } = this.#reader
    if (!this.#isFollowing || position === null) return
    const nowMs = performance.now()
    const lagMs = (this.node.log.remoteLength - position) * this.#blockMs
    const error = this.#supply.onread(nowMs - sinceMs, lagMs, nowMs)
    if (error !== null) this.emit('warning', { error })
  }

  /** By the length of blocks: time off air is no lag. */
  #isTooFarBehind(): boolean {
    const { position } = this.#reader
    if (!this.#isFollowing || position === null) return false
    return (this.node.log.length - position) * this.#blockMs > this.#maxLagSeconds * 1000
  }

  #onskip(reason: SkipReason): void {
    this.#skipped = this.#newest === null ? null : { from: this.#newest, reason }
  }

  #tellSkip(block: ClusterBlock): void {
    if (this.#skipped === null) return
    const { from, reason } = this.#skipped
    this.#skipped = null
    const seconds = (block.timestampMs - from.timestampMs - from.spanMs) / 1000
    this.emit('skip', { blocks: block.number - from.number - 1, seconds, reason })
  }

  #measure(block: ClusterBlock, anchor: Date): void {
    const isLive = this.node.log.remoteLength - block.number <= liveEdgeBlocks
    const latencyMs = Date.now() - anchor.getTime() - block.timestampMs
    this.#latencyMs = isLive && Math.abs(latencyMs) <= mostLatencyMs ? latencyMs : null
    const last = this.#newest
    if (last !== null && block.number === last.number + 1) this.#blockMs = block.timestampMs - last.timestampMs
    this.#newest = block
  }

  #setState(state: ViewerState): void {
    if (state === this.#state) return
    this.#state = state
    this.emit('state', { state })
  }

  /** Tells an empty search from a channel that was found and has nothing to play. */
  #onchange(): void {
    if (this.#reader.position !== null) return
    const isFound = this.node.log.peers > 0 || this.node.log.length > 0
    this.#setState(isFound ? 'waiting' : 'searching')
  }

  #giveUp(timeoutMs: number): void {
    if (this.#state !== 'searching') return
    this.fail(
      new HypervisionError(
        'ERR_FEED_NOT_FOUND',
        `Nobody who has the channel ${this.node.link} was found within ${timeoutMs / 1000} s. ` +
          'Check the link, that the broadcaster is on air, and that both use the same network.',
        { detail: { link: this.node.link, timeoutMs } },
      ),
    )
  }

  protected override onclosed(): void {
    this.#setState('closed')
  }
}

async function* bytesOf(blocks: AsyncIterable<ViewerBlock>): AsyncGenerator<Uint8Array, void> {
  for await (const block of blocks) yield block.bytes
}
