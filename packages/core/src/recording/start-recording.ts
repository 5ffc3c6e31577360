/** Records a span of a channel into as many files as it has codecs. */
import { HypervisionError } from '../contracts/index.ts'
import type { InitBlock } from '../feed/feed-block.ts'
import type { FeedLog } from '../feed/feed-log.ts'
import { checkStartPosition, optionError } from '../node/check-options.ts'
import { FileWriter } from './file-writer.ts'
import { ReadAheadLog } from './read-ahead-log.ts'
import { readSpan, type SpanItem } from './read-span.ts'
import type { EndPosition, Recording, RecordingStats, RecordOptions } from './types.ts'

/**
 * Begins a recording.
 *
 * @param isAlone whether there is no network: blocks that are not here are not waited for
 * @param closing ends it when it aborts
 * @throws HypervisionError ERR_OPTION_INVALID
 */
export function startRecording(
  log: FeedLog,
  options: RecordOptions,
  isAlone: boolean,
  closing: AbortSignal,
): Recording {
  checkRecordOptions(options)
  return new ChannelRecording(log, options, isAlone, closing)
}

/** @throws HypervisionError ERR_OPTION_INVALID */
function checkRecordOptions(options: RecordOptions): void {
  if (typeof options !== 'object' || options === null) throw optionError('options', 'an object', options)
  const { from, to, open, signal } = options
  if (typeof open !== 'function') throw optionError('open', 'a function that gives a place to write to', open)
  if (from !== undefined) checkStartPosition('from', from)
  if (to !== undefined) checkEndPosition('to', to)
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw optionError('signal', 'an AbortSignal', signal)
}

function checkEndPosition(option: string, value: EndPosition): void {
  if (value === 'end' || value === 'live') return
  if (typeof value === 'object' && value !== null) {
    if ('secondsAgo' in value && Number.isFinite(value.secondsAgo) && value.secondsAgo >= 0) return
    if ('time' in value && value.time instanceof Date && !Number.isNaN(value.time.getTime())) return
  }
  throw optionError(option, "'end', 'live', { secondsAgo: 0 or more } or { time: a valid Date }", value)
}

class ChannelRecording implements Recording {
  readonly finished: Promise<RecordingStats>
  readonly #open: RecordOptions['open']
  readonly #stopping = new AbortController()
  #file: FileWriter | null = null
  /** The epoch being read. */
  #init: InitBlock | null = null
  /** Whether frames have to be passed over until one can be decoded by itself. */
  #isKeyAwaited = true
  #isAfterHole = false
  /** Sums of the files that are whole. */
  #past = { bytes: 0, seconds: 0 }
  #files = 0
  #blocks = 0
  #missingBlocks = 0

  constructor(
    log: FeedLog,
    { from = 'live', to = 'end', open, signal }: RecordOptions,
    isAlone: boolean,
    closing: AbortSignal,
  ) {
    this.#open = open
    const signals = [closing, this.#stopping.signal]
    const ending = AbortSignal.any(signal === undefined ? signals : [...signals, signal])
    this.finished = this.#run(new ReadAheadLog(log, isAlone, ending), from, to, ending).finally(() =>
      this.#stopping.abort(),
    )
    // Whoever does not ask for the outcome shall not be killed by it.
    this.finished.catch(() => {})
  }

  stats(): RecordingStats {
    const file = this.#file
    return {
      files: this.#files,
      bytes: this.#past.bytes + (file?.byteLength ?? 0),
      seconds: this.#past.seconds + (file?.seconds ?? 0),
      blocks: this.#blocks,
      missingBlocks: this.#missingBlocks,
    }
  }

  stop(): Promise<RecordingStats> {
    this.#stopping.abort()
    return this.finished
  }

  async #run(
    log: ReadAheadLog,
    from: NonNullable<RecordOptions['from']>,
    to: EndPosition,
    ending: AbortSignal,
  ): Promise<RecordingStats> {
    let failure: unknown = null
    const items = readSpan(log, from, to, ending)
    try {
      for (;;) {
        const item = await items.next().catch((error: unknown) => {
          if (!ending.aborted) failure = error
          return null
        })
        if (item === null || item.done) break
        await this.#take(item.value)
      }
    } finally {
      await items.return()
    }
    // What came before a broken block is worth a whole file.
    await this.#finishFile()
    if (failure !== null) throw failure
    if (this.#files === 0 && !ending.aborted) throw emptySpan()
    return this.stats()
  }

  async #take(item: SpanItem): Promise<void> {
    if (item.kind === 'hole') {
      this.#missingBlocks += item.blocks
      this.#isKeyAwaited = true
      this.#isAfterHole = true
      return
    }
    if (item.kind === 'init') return this.#beginEpoch(item)
    if (item.kind === 'cluster') {
      if (this.#isKeyAwaited && !item.index.key) {
        if (this.#isAfterHole) this.#missingBlocks++
        return
      }
      this.#isKeyAwaited = false
      this.#isAfterHole = false
      const init = this.#init
      if (this.#file === null && init !== null) {
        this.#file = await FileWriter.open(init, item, this.#files + 1, this.#open)
        this.#files++
      }
    }
    await this.#write((file) => file.add(item))
    if (item.kind === 'cluster') this.#blocks++
  }

  async #beginEpoch(init: InitBlock): Promise<void> {
    this.#init = init
    if (this.#file === null) return
    if (this.#file.takes(init)) return this.#write((file) => file.add(init))
    await this.#finishFile()
    this.#isKeyAwaited = true
  }

  /** What fails to be written leaves the file as a live WebM. */
  async #write(write: (file: FileWriter) => Promise<void>): Promise<void> {
    const file = this.#file
    if (file === null) return
    try {
      await write(file)
    } catch (error) {
      this.#file = null
      this.#addUp(file)
      await file.abandon()
      throw error
    }
  }

  async #finishFile(): Promise<void> {
    await this.#write((file) => file.finish())
    if (this.#file !== null) this.#addUp(this.#file)
    this.#file = null
  }

  #addUp({ byteLength, seconds }: FileWriter): void {
    this.#past = { bytes: this.#past.bytes + byteLength, seconds: this.#past.seconds + seconds }
  }
}

function emptySpan(): HypervisionError {
  return new HypervisionError(
    'ERR_RECORDING_EMPTY',
    'There is nothing to record between the beginning and the end that were given. Check that `to` lies behind `from`, and ' +
      'that the channel was on air then.',
  )
}
