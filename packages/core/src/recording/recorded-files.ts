/** What a channel holds as seekable files that nobody has to write: their bytes are made out of blocks when they are read. */
import b4a from 'b4a'
import { HypervisionError } from '../contracts/index.ts'
import { type FeedBlock, readFeedBlock } from '../feed/feed-block.ts'
import type { FeedLog, MeasuredLog } from '../feed/feed-log.ts'
import { FeedReader } from '../feed/feed-reader.ts'
import { writeCues, writeSeekableHead } from '../webm/seekable-file.ts'
import { fillerHead, writeFiller } from '../webm/void-element.ts'
import { CueList } from './cue-list.ts'
import { type FilePlan, keyframesOf, type LookAt, planFiles, shiftAt } from './file-plan.ts'
import { placeBlock } from './place-block.ts'
import { ReadAheadLog } from './read-ahead-log.ts'
import { available, readOrMiss } from './read-span.ts'
import type { RecordedFile } from './types.ts'

/** Zeros of a hole are given out in pieces of this size. */
const zeros = new Uint8Array(64 * 1024)

/** The log of a channel as it is read, and as it is stored, where blocks of a private channel are larger. */
export interface RecordedLog {
  readonly opened: FeedLog
  readonly stored: MeasuredLog
  /** Whether there is no network: blocks that are not here are not waited for. */
  readonly isAlone: boolean
}

/**
 * Looks at what a channel holds now. Waits until there is something.
 *
 * @param key the channel's public key
 * @throws HypervisionError ERR_RECORDING_EMPTY, ERR_FEED_FORMAT, ERR_FEED_VERSION; the signal's reason when it aborts
 */
export async function readRecordedFiles(
  log: RecordedLog,
  key: Uint8Array,
  signal: AbortSignal,
): Promise<readonly RecordedFile[]> {
  const quiet = new ReadAheadLog(log.opened, log.isAlone, signal)
  await available(quiet, signal)
  const reader = new FeedReader(quiet)
  await reader.seek('start', signal)
  const look = lookerOf(quiet, signal)
  const plans = await planFiles(look, reader.position ?? 0, quiet.newestAvailable())
  if (plans.length === 0) {
    throw new HypervisionError(
      'ERR_RECORDING_EMPTY',
      'The channel holds nothing to play yet. Try again when it was on air.',
    )
  }
  const files: RecordedFile[] = []
  const keyText = b4a.toString(key, 'hex').slice(0, 16)
  for (const plan of plans) files.push(await ChannelFile.open(log, plan, look, files.length + 1, keyText, signal))
  return files
}

function lookerOf(log: ReadAheadLog, signal: AbortSignal): LookAt {
  return async (number) => {
    if (!log.has(number)) return null
    const bytes = await readOrMiss(log, number, signal)
    return bytes === null ? null : readFeedBlock(bytes, number)
  }
}

/** Bytes that a block takes in the log. */
async function storedSize({ opened, stored }: RecordedLog, block: FeedBlock, signal: AbortSignal): Promise<number> {
  return opened === stored ? block.bytes.byteLength : (await stored.get(block.number, signal)).byteLength
}

class ChannelFile implements RecordedFile {
  readonly number: number
  readonly byteLength: number
  readonly tag: string
  readonly #log: RecordedLog
  readonly #plan: FilePlan
  readonly #head: Uint8Array
  readonly #cues: Uint8Array
  /** Offset of the first block among all bytes of the log. */
  readonly #logOffset: number

  private constructor(
    log: RecordedLog,
    plan: FilePlan,
    place: { head: Uint8Array; cues: Uint8Array; logOffset: number; byteLength: number },
    number: number,
    keyText: string,
  ) {
    this.#log = log
    this.#plan = plan
    this.#head = place.head
    this.#cues = place.cues
    this.#logOffset = place.logOffset
    this.byteLength = place.byteLength
    this.number = number
    this.tag = `1-${keyText}-${plan.first}-${plan.last}-${place.byteLength}`
  }

  static async open(
    log: RecordedLog,
    plan: FilePlan,
    look: LookAt,
    number: number,
    keyText: string,
    signal: AbortSignal,
  ): Promise<ChannelFile> {
    const headLength = writeSeekableHead(plan.head, null).byteLength
    const logOffset = await log.stored.byteOffset(plan.first)
    const last = await look(plan.last)
    const lastSize = last === null ? 0 : await storedSize(log, last, signal)
    const cuesAt = headLength + (await log.stored.byteOffset(plan.last)) + lastSize - logOffset
    const cues = writeCues(plan.head, plan.cueTrack, await readCues(log.stored, plan, look, headLength - logOffset))
    const byteLength = cuesAt + cues.byteLength
    const head = writeSeekableHead(plan.head, { durationMs: plan.durationMs, cuesAt, byteLength })
    return new ChannelFile(log, plan, { head, cues, logOffset, byteLength }, number, keyText)
  }

  get mimeType(): string {
    return this.#plan.init.mimeType
  }

  get tracks(): RecordedFile['tracks'] {
    return this.#plan.init.tracks
  }

  get title(): string | null {
    return this.#plan.init.title
  }

  get time(): Date {
    return this.#plan.head.dateUtc
  }

  get durationSeconds(): number {
    return this.#plan.durationMs / 1000
  }

  async *read(
    start: number,
    end: number,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<Uint8Array, void> {
    const isRange = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end
    if (!isRange || end > this.byteLength) {
      throw new RangeError(`Bytes ${start} to ${end} are not in a file of ${this.byteLength}.`)
    }
    const bodyAt = this.#head.byteLength
    const cuesAt = this.byteLength - this.#cues.byteLength
    if (start < bodyAt && start < end) yield this.#head.subarray(start, end)
    const bodyStart = Math.max(start, bodyAt)
    const bodyEnd = Math.min(end, cuesAt)
    if (bodyStart < bodyEnd) yield* this.#readBlocks(bodyStart - bodyAt, bodyEnd - bodyAt, signal)
    if (end > cuesAt && start < end) yield this.#cues.subarray(Math.max(0, start - cuesAt), end - cuesAt)
  }

  /** Gives bytes of the blocks; offsets count from the first one's beginning. */
  async *#readBlocks(start: number, end: number, signal?: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const reading = new AbortController()
    const ending = signal === undefined ? reading.signal : AbortSignal.any([signal, reading.signal])
    try {
      const log = new ReadAheadLog(this.#log.opened, this.#log.isAlone, ending)
      let number = await this.#log.stored.blockAt(this.#logOffset + start, ending)
      let at = start
      while (at < end) {
        const bytes = await readOrMiss(log, number, ending)
        if (bytes === null) {
          const hole = await this.#holeAround(log, number, ending)
          yield* fill(hole.end - hole.start, at - hole.start, Math.min(end, hole.end) - hole.start)
          at = hole.end
          number = hole.next
          continue
        }
        const placed = await this.#place(readFeedBlock(bytes, number), ending)
        const from = at === start ? at - (await this.#offsetOf(number)) : 0
        const piece = placed.subarray(from, from + end - at)
        yield piece
        at += piece.byteLength
        number++
      }
    } finally {
      reading.abort()
    }
  }

  /** A block in as many bytes as it takes in the log: what is encrypted there is followed by a Void here. */
  async #place(block: FeedBlock, signal: AbortSignal): Promise<Uint8Array> {
    const placed = placeBlock(block, shiftAt(this.#plan, block.number))
    const rest = (await storedSize(this.#log, block, signal)) - placed.byteLength
    return rest === 0 ? placed : b4a.concat([placed, writeFiller(rest)])
  }

  async #offsetOf(blockNumber: number): Promise<number> {
    return (await this.#log.stored.byteOffset(blockNumber)) - this.#logOffset
  }

  /** Where a hole begins and ends; both of its neighbours are there. */
  async #holeAround(
    log: ReadAheadLog,
    number: number,
    signal: AbortSignal,
  ): Promise<{ start: number; end: number; next: number }> {
    let before = number - 1
    while (before > this.#plan.first && !log.has(before)) before--
    const next = log.availableFrom(number)
    const size = (await this.#log.stored.get(before, signal)).byteLength
    await log.get(next, signal)
    return { start: (await this.#offsetOf(before)) + size, end: await this.#offsetOf(next), next }
  }
}

async function readCues(log: MeasuredLog, plan: FilePlan, look: LookAt, offset: number): Promise<CueList> {
  const found: { timestampMs: number; clusterAt: number }[] = []
  for await (const { block, keyMs, clusterAt } of keyframesOf(look, plan)) {
    const at = offset + (await log.byteOffset(block.number)) + clusterAt
    found.push({ timestampMs: Math.max(0, keyMs - shiftAt(plan, block.number)), clusterAt: at })
  }
  const cues = new CueList()
  for (const cue of found.reverse()) cues.add(cue)
  return cues
}

/** Bytes `from` to `to` of a Void that takes so many. */
function* fill(byteLength: number, from: number, to: number): Generator<Uint8Array, void> {
  const head = fillerHead(byteLength)
  if (from < head.byteLength) yield head.subarray(from, to)
  for (let at = Math.max(from, head.byteLength); at < to; at += zeros.byteLength) {
    yield zeros.subarray(0, Math.min(zeros.byteLength, to - at))
  }
}
