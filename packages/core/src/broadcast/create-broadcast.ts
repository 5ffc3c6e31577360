/** The broadcaster: capture → cutter → feed → swarm. */
import type { Capture } from '../contracts/index.ts'
import { indexRoomBytes } from '../feed/feed-block.ts'
import { FeedWriter } from '../feed/feed-writer.ts'
import { formatLink } from '../link/link.ts'
import { checkMetadata, mergeMetadata, saysAnything } from '../metadata/check-metadata.ts'
import type { MetadataOptions } from '../metadata/types.ts'
import { behind } from '../node/channel-errors.ts'
import type { ChannelNode } from '../node/channel-node.ts'
import { ChannelRole, openRole } from '../node/channel-role.ts'
import { checkBoolean, checkInteger, checkKeyPair, checkNodeOptions, optionError } from '../node/check-options.ts'
import { liveSettings } from '../node/live-settings.ts'
import { retainOption } from '../node/retain-option.ts'
import { SealingLog } from '../sealing/sealing-log.ts'
import { systemClock } from '../swarm/clock.ts'
import { RollingRate, ratio } from '../swarm/rolling-rate.ts'
import { WebmCutter, type WebmPiece } from '../webm/index.ts'
import { openCapture } from './capture-source.ts'
import { lookAround } from './look-around.ts'
import { pump } from './pump.ts'
import type { Broadcast, BroadcastEvents, BroadcastOptions, BroadcastState, BroadcastStats } from './types.ts'

/** Hypercore takes blocks of up to 15 MiB; the index needs a little room, and so do the secrets that a private channel's init block hands on. */
const maxBlockBytes = 15 * 1024 * 1024 - 8192
const defaultBlockDurationMs = 100
/** A block that waits for its end is given out after this many block durations without a byte. */
const idleBlocks = 2
/** How long closing waits for connected viewers to fetch the last block. */
const handOverMs = 2000
/** How long it waits for those who fetch what is older: that takes longer, and the broadcaster may be the only one who has it. */
const historyMs = 10_000
/** Nobody has fetched anything for so long: they have it. */
const fetchedMs = 500
/** A busy machine, or a peer that was asked in vain (a reader waits four seconds for it), may keep one of them so long from the next block that it lacks. */
const pauseMs = 5000
/** How often it is looked at who has it. */
const handOverCheckMs = 25

/**
 * Goes live: opens storage and transports, then the capture. It resolves once the link can be given to viewers; the event
 * `live` says that there is something to watch.
 *
 * @throws HypervisionError ERR_OPTION_INVALID, ERR_FEED_STORAGE…, ERR_TRANSPORT_…; what the capture does wrong later
 * rejects `ended` and `closed`
 */
export async function createBroadcast(options: BroadcastOptions): Promise<Broadcast> {
  checkOptions(options)
  const nodeOptions = { ...options, live: liveSettings(options), retain: retainOption(options.retain) }
  return openRole(nodeOptions, async (node, failing) => {
    const { signal } = options
    const giveUp = signal === undefined ? failing : AbortSignal.any([failing, signal])
    const hasCaughtUp = node.mustLookAround && (await lookAround(node, giveUp))
    if (saysAnything(options)) await node.metadata.say(mergeMetadata(node.metadata.current, options))
    const title = (): string | null => node.metadata.current?.title ?? null
    const log = node.secrets === null ? node.log : new SealingLog(node.log, node.secrets)
    const writer = await FeedWriter.open(log, { title }).catch((error: unknown) => {
      // The length is here, and what lies below it is not.
      throw hasCaughtUp ? behind(node.link, node.log.newestHere() + 1, node.log.length, error) : error
    })
    giveUp.throwIfAborted()
    node.keyWatch.startAppending()
    return new NodeBroadcast(node, writer, options)
  })
}

class NodeBroadcast extends ChannelRole<BroadcastEvents> implements Broadcast {
  readonly ended: Promise<void>
  readonly #writer: FeedWriter
  /** The change of the secret under way. */
  #change: Promise<unknown> = Promise.resolve()
  readonly #appended = new RollingRate(systemClock.now)
  #state: BroadcastState = 'starting'
  #epochs = 0
  #liveSince: number | null = null

  constructor(node: ChannelNode, writer: FeedWriter, options: BroadcastOptions) {
    super(node, options.signal)
    this.#writer = writer
    this.ended = this.#run(options.capture, options.blockDurationMs ?? defaultBlockDurationMs)
    this.ended.catch((error: unknown) => this.fail(error))
  }

  override get link(): string {
    return formatLink(this.key, this.node.secrets?.current.secret)
  }

  rotateSecret(): Promise<string> {
    const { secrets } = this.node
    if (secrets === null) return Promise.reject(optionError('private', 'true for a secret to change', false))
    const change = this.#change.then(async () => {
      this.closing.throwIfAborted()
      const begin = await secrets.change()
      const renewed = this.#writer.renew(begin)
      // A capture that fails leaves nothing to wait for.
      await Promise.race([renewed, this.ended.then(() => renewed)])
      if (this.metadata !== null) await this.node.metadata.say(this.metadata)
      return this.link
    })
    this.#change = change.catch(() => {})
    return change
  }

  stats(): BroadcastStats {
    const node = this.node.stats()
    const { items, bits } = this.#appended.perSecond()
    return {
      ...node,
      state: this.#state,
      blocks: this.node.log.length,
      epochs: this.#epochs,
      blocksPerSecond: items,
      bitsPerSecond: bits,
      streamBytes: this.#appended.bytes,
      sourceCopies: ratio(node.blockBytesUp, this.#appended.bytes),
      liveSeconds: this.#liveSince === null ? 0 : (systemClock.now() - this.#liveSince) / 1000,
    }
  }

  async setMetadata(metadata: MetadataOptions): Promise<void> {
    this.closing.throwIfAborted()
    checkMetadata(metadata)
    await this.node.metadata.say(mergeMetadata(this.metadata, metadata))
  }

  /** Captures until the source ends or the broadcast closes. */
  async #run(capture: Capture | AsyncIterable<Uint8Array>, blockDurationMs: number): Promise<void> {
    const cutter = new WebmCutter({
      blockDurationMs,
      maxBlockBytes,
      headroomBytes: indexRoomBytes,
      startEpoch: (epoch) => this.#writer.startEpoch(epoch),
    })
    await pump({
      source: openCapture(capture, this.closing),
      cutter,
      write: (piece) => this.#write(piece),
      idleMs: idleBlocks * blockDurationMs,
    })
    if (this.node.keyWatch.isAlone) await this.#writer.end()
    if (this.closing.aborted) return
    this.#state = 'ended'
    this.emit('ended', { blocks: this.node.log.length })
  }

  async #write(piece: WebmPiece): Promise<void> {
    // Whatever is appended from now on makes two histories longer.
    if (!this.node.keyWatch.isAlone) return
    const bytes = await this.#writer.append(piece)
    this.#appended.add(bytes)
    if (piece.kind === 'cluster') return
    this.#liveSince ??= systemClock.now()
    this.#state = 'live'
    this.#epochs++
    this.emit('live', { epoch: this.#epochs, tracks: piece.tracks, mimeType: piece.mimeType })
  }

  protected override async finish(error: unknown): Promise<void> {
    // What the capture did wrong while closing changes nothing any more.
    await this.ended.catch(() => {})
    if (error === undefined) await this.#handOver()
  }

  protected override onclosed(): void {
    this.#state = 'closed'
  }

  /** Waits until every connected viewer has the last block and what it is fetching, or has had the time for it. */
  #handOver(): Promise<void> {
    const { length } = this.node.log
    return new Promise((resolve) => {
      const since = performance.now()
      const check = (): void => {
        const waitedMs = performance.now() - since
        const isAwaited = length > 0 && this.node.waitingFor(length - 1) > 0
        const { isUnderWay, sinceMs } = this.node.given
        const isFetching = sinceMs < (isUnderWay ? pauseMs : fetchedMs)
        if ((isAwaited && waitedMs < handOverMs) || (isFetching && waitedMs < historyMs)) return
        clearInterval(timer)
        resolve()
      }
      // Peers tell what they have with each sign of life.
      const timer = setInterval(check, handOverCheckMs)
      check()
    })
  }
}

function checkOptions(options: BroadcastOptions): void {
  checkNodeOptions(options)
  const { capture } = options
  const isIterable = typeof (capture as AsyncIterable<Uint8Array> | undefined)?.[Symbol.asyncIterator] === 'function'
  if (!isIterable && typeof (capture as Capture | undefined)?.open !== 'function') {
    throw optionError('capture', 'a capture such as webmFile(path), or an AsyncIterable of Uint8Array', capture)
  }
  checkMetadata(options)
  checkBoolean('private', options.private)
  checkKeyPair('keyPair', options.keyPair)
  checkInteger('blockDurationMs', options.blockDurationMs, 20, 5000)
}
