/** What a capture rule works with: a capture of its own, its openings, and deadlines. */
import type { Capture } from '@hypervision/core/contracts'
import { defaultLimits, demand, RuleError, type RuleLimits, RuleRun } from '../rule-run.ts'

/** A capture whose source gives without ever waiting. */
export interface FloodingCapture {
  readonly capture: Capture
  /** Bytes that were taken from the source so far. */
  takenBytes(): number
}

/** The captures under test. Each function makes a new one of the same kind; the rules about what is left out are not run. */
export interface CaptureKitSources {
  /** Makes a capture whose source goes on for several seconds. */
  setup(): Capture | Promise<Capture>
  /** Makes one whose source fails, at once or later: a file that is missing, a server that refuses. */
  failing?(): Capture | Promise<Capture>
  /** Makes one whose source ends by itself, soon. */
  ending?(): Capture | Promise<Capture>
  /** Makes one whose source, at the start or in the middle, gives nothing for longer than the deadline. */
  stalling?(): Capture | Promise<Capture>
  /** Makes one whose source gives as fast as it is read, for ever. */
  flooding?(): FloodingCapture | Promise<FloodingCapture>
}

/** Limits of the kit. */
export interface CaptureKitLimits extends RuleLimits {
  /**
   * An iteration whose signal has aborted, or that the consumer left, is over by then, milliseconds. So long does core
   * wait for it.
   * @default 5000
   */
  readonly endMs?: number
  /** Media that the rule about real time watches, milliseconds. @default 1000 */
  readonly watchMs?: number
  /** How far the media may run ahead of the clock, milliseconds. @default 300 */
  readonly leadMs?: number
  /** Bytes that may be taken from a source while the consumer does not read. @default 16777216 */
  readonly bufferedBytes?: number
}

/** One run of one rule. */
export class CaptureRun extends RuleRun {
  override readonly limits: Required<CaptureKitLimits>
  readonly sources: CaptureKitSources
  readonly #openings: CaptureOpening[] = []

  constructor(options: CaptureKitSources & CaptureKitLimits, resources: () => readonly string[] | undefined) {
    const limits = {
      deadlineMs: options.deadlineMs ?? defaultLimits.deadlineMs,
      quietMs: options.quietMs ?? defaultLimits.quietMs,
      endMs: options.endMs ?? 5000,
      watchMs: options.watchMs ?? 1000,
      leadMs: options.leadMs ?? 300,
      bufferedBytes: options.bufferedBytes ?? 16 * 1024 * 1024,
    }
    super(limits, resources)
    this.limits = limits
    this.sources = options
  }

  /** Opens a capture. */
  open(capture: Capture, controller = new AbortController()): CaptureOpening {
    const opening = new CaptureOpening(capture, controller, this)
    this.#openings.push(opening)
    return opening
  }

  /** Ends what a broken rule has left open. */
  async close(): Promise<void> {
    await Promise.all(this.#openings.map((opening) => opening.abandon()))
  }
}

/** One iteration of a capture. */
export class CaptureOpening {
  /** What it has given. */
  readonly chunks: Uint8Array[] = []
  readonly #controller: AbortController
  readonly #iterator: AsyncIterator<Uint8Array>
  readonly #run: CaptureRun
  #isOver = false

  constructor(capture: Capture, controller: AbortController, run: CaptureRun) {
    this.#controller = controller
    this.#run = run
    try {
      this.#iterator = capture.open({ signal: controller.signal })[Symbol.asyncIterator]()
    } catch (error) {
      throw new RuleError(`open() threw (${reasonOf(error)}); errors come from next().`)
    }
  }

  /** The next bytes; null when it is over. */
  async next(what = 'the next bytes', deadlineMs = this.#run.limits.deadlineMs): Promise<Uint8Array | null> {
    const result = await this.#run.soon(what, this.#iterator.next(), deadlineMs).catch((error: unknown) => {
      if (!(error instanceof RuleError)) this.#isOver = true
      throw error
    })
    if (result.done) {
      this.#isOver = true
      return null
    }
    demand(result.value instanceof Uint8Array, 'Something was yielded that is no Uint8Array.')
    this.chunks.push(result.value)
    return result.value
  }

  /** The next bytes, of a source that goes on. */
  async more(): Promise<Uint8Array> {
    const chunk = await this.next().catch((error: unknown) => {
      if (error instanceof RuleError) throw error
      throw new RuleError(`The capture failed: ${reasonOf(error)}`)
    })
    demand(chunk !== null, 'The iteration ended before it was told to.')
    return chunk
  }

  /** Its bytes, for whoever takes an iterable. */
  async *bytes(): AsyncGenerator<Uint8Array, void> {
    while (!this.#isOver) yield await this.more()
  }

  /** Reads on until it is over; throws what the capture throws. */
  async readToEnd(): Promise<void> {
    const { deadlineMs } = this.#run.limits
    const last = performance.now() + deadlineMs
    while ((await this.next('the iteration to end with its source')) !== null) {
      demand(performance.now() < last, `Waited ${deadlineMs} ms for the iteration to end with its source.`)
    }
  }

  /** Aborts its signal. */
  abort(): void {
    this.#controller.abort()
  }

  /** Waits until it is over, which it is to be without an error. */
  async ended(what: string, pending: Promise<unknown> = Promise.resolve()): Promise<void> {
    const { endMs } = this.#run.limits
    const last = performance.now() + endMs
    try {
      await this.#run.soon(what, pending, endMs)
      while (!this.#isOver) {
        await this.next(what, endMs)
        demand(this.#isOver || performance.now() < last, `Waited ${endMs} ms for ${what}.`)
      }
    } catch (error) {
      if (error instanceof RuleError) throw error
      throw new RuleError(`The iteration ended with an error: ${reasonOf(error)}`)
    }
  }

  /** Leaves it as the consumer does that breaks out of its loop. */
  async leave(): Promise<void> {
    demand(typeof this.#iterator.return === 'function', 'The iterator has no return(): a consumer cannot leave it.')
    await this.#run.soon('the iteration to end after return()', this.#iterator.return(), this.#run.limits.endMs)
    this.#isOver = true
  }

  /** Gives it up, however broken it is. */
  async abandon(): Promise<void> {
    this.abort()
    const left = Promise.resolve(this.#iterator.return?.()).catch(() => {})
    await this.#run.soon('return() to resolve', left, this.#run.limits.endMs).catch(() => {})
  }
}

/** The message of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
