/** Reads the blocks of a span in order, waits for those to come, and passes over those that nobody has any more. */
import { HypervisionError } from '../contracts/index.ts'
import { type ClusterBlock, type FeedBlock, type InitBlock, readFeedBlock } from '../feed/feed-block.ts'
import { FeedReader } from '../feed/feed-reader.ts'
import type { StartPosition } from '../feed/start-position.ts'
import type { ReadAheadLog } from './read-ahead-log.ts'
import type { EndPosition } from './types.ts'

/** How long a block is waited for that nobody says to have, while there are newer ones: those who have it may be away for a minute. */
const patienceMs = 90_000

/** One step. */
export type SpanItem = FeedBlock | { readonly kind: 'hole'; readonly blocks: number }

/** Where a span ends, as it is compared with blocks. */
interface Until {
  /** First block that is not in it. */
  readonly block: number
  /** On the feed's timeline, and by the wall clock: Clusters from then on are not in it. */
  readonly timestampMs: number
  readonly time: number
}

const endless: Until = {
  block: Number.POSITIVE_INFINITY,
  timestampMs: Number.POSITIVE_INFINITY,
  time: Number.POSITIVE_INFINITY,
}

/**
 * Gives an init block, then what follows the keyframe at `from`, in order, until `to`.
 *
 * @throws HypervisionError ERR_FEED_FORMAT, ERR_FEED_VERSION; the signal's reason when it aborts
 */
export async function* readSpan(
  log: ReadAheadLog,
  from: StartPosition,
  to: EndPosition,
  signal: AbortSignal,
): AsyncGenerator<SpanItem, void> {
  const until = await findEnd(log, to, signal)
  const reader = new FeedReader(log)
  await reader.seek(from, signal)
  const { block: init } = await reader.next(signal)
  if (init.kind !== 'init' || reader.position === null) return
  const endMs = Math.min(until.timestampMs, until.time - init.anchor.getTime())
  yield init

  let epoch = init
  for (let number = reader.position; number < until.block; ) {
    const bytes = await readOrMiss(log, number, signal)
    if (bytes === null) {
      const next = await nextAvailable(log, number + 1, signal)
      yield { kind: 'hole', blocks: next - number }
      number = next
      continue
    }
    const block = readFeedBlock(bytes, number)
    if (block.kind === 'cluster') {
      if (block.timestampMs >= endMs) return
      const missed = await epochAfterHole(log, epoch, block, signal)
      if (missed !== null) {
        epoch = missed
        yield missed
      }
    }
    if (block.kind === 'init') epoch = block
    yield block
    number++
    if (block.kind === 'end' && number >= Math.max(log.remoteLength, log.newestAvailable() + 1)) return
  }
}

/** What is reckoned from the live edge is reckoned from where that is now. */
async function findEnd(log: ReadAheadLog, to: EndPosition, signal: AbortSignal): Promise<Until> {
  if (to === 'end') return endless
  if (typeof to === 'object' && 'time' in to) return { ...endless, time: to.time.getTime() }
  await available(log, signal)
  const newest = log.newestAvailable()
  if (to === 'live') return { ...endless, block: newest + 1 }
  for (let number = newest; number >= 0; number--) {
    const block = readFeedBlock(await log.get(number, signal), number)
    if (block.kind === 'cluster') return { ...endless, timestampMs: block.timestampMs - to.secondsAgo * 1000 }
  }
  return { ...endless, block: 0 }
}

/** Waits until there is a block to be had. */
export async function available(log: ReadAheadLog, signal: AbortSignal): Promise<void> {
  await waitUntil(log, () => log.newestAvailable() >= 0, signal)
}

/**
 * Reads a block, and waits for it where it is to come.
 *
 * @returns null where nobody has it any more and there are newer ones
 */
export async function readOrMiss(log: ReadAheadLog, number: number, signal: AbortSignal): Promise<Uint8Array | null> {
  for (;;) {
    signal.throwIfAborted()
    if ((log.isAlone || log.isDeleted(number)) && isMissing(log, number)) return null
    const patience = new AbortController()
    const onabort = (): void => patience.abort(signal.reason)
    const timer = setTimeout(onabort, patienceMs)
    signal.addEventListener('abort', onabort)
    try {
      return await log.next(number, patience.signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!patience.signal.aborted) throw error
      // A peer that says to have it may be slow.
      if (isMissing(log, number)) return null
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', onabort)
    }
  }
}

function isMissing(log: ReadAheadLog, number: number): boolean {
  return !log.has(number) && log.newestAvailable() > number
}

/** The next block that can be had. */
async function nextAvailable(log: ReadAheadLog, start: number, signal: AbortSignal): Promise<number> {
  await waitUntil(log, () => log.availableFrom(start) >= 0, signal)
  return log.availableFrom(start)
}

/** The init block of a Cluster behind a hole in which another epoch began; null where it is the one that is known. */
async function epochAfterHole(
  log: ReadAheadLog,
  epoch: InitBlock,
  block: ClusterBlock,
  signal: AbortSignal,
): Promise<InitBlock | null> {
  const number = block.number - block.index.initDistance
  if (number === epoch.number) return null
  const init = readFeedBlock(await log.get(number, signal), number)
  if (init.kind === 'init') return init
  throw new HypervisionError('ERR_FEED_FORMAT', `Block ${block.number} points to an init block that is none.`, {
    detail: { blockNumber: block.number },
  })
}

function waitUntil(log: ReadAheadLog, isIt: () => boolean, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const check = (): void => {
      if (!signal.aborted && !isIt()) return
      stop()
      signal.removeEventListener('abort', check)
      if (signal.aborted) reject(signal.reason)
      else resolve()
    }
    const stop = log.onchange(check)
    signal.addEventListener('abort', check)
    check()
  })
}
