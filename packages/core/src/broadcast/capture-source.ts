/** The one boundary between captures and core: a capture, or the bare bytes of one, as an iterator that can be stopped. */
import { type Capture, HypervisionError } from '../contracts/index.ts'

/** A capture that has not ended so long after the abort is left to itself. */
const graceMs = 5000

/**
 * Opens a capture.
 *
 * @returns its bytes; ends when `signal` aborts: a capture with what it had encoded, a bare iterable at once
 * @throws HypervisionError whatever the source throws, with a code
 */
export async function* openCapture(
  capture: Capture | AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  // A file stream of Node has an `open` too: what can be iterated is taken for the bytes themselves.
  const isCapture = !(Symbol.asyncIterator in capture)
  const name = isCapture ? capture.name : 'stream'
  const source = isCapture ? capture.open({ signal }) : capture
  const iterator = source[Symbol.asyncIterator]()
  const stop = new Stop(signal, isCapture ? graceMs : 0)
  try {
    for (;;) {
      const result = await stop.orElse(iterator.next())
      if (result === 'stop' || result.done) return
      if (!(result.value instanceof Uint8Array)) throw notBytes(name, result.value)
      yield result.value
    }
  } catch (error) {
    throw captureError(name, error)
  } finally {
    stop.cancel()
    // Not waited for: an iterable may hang in a read that nobody can interrupt.
    iterator.return?.().catch(() => {})
  }
}

/** The abort of a signal, some time later, as an end of waiting. Holds on to one wait at a time: streams run for days. */
class Stop {
  readonly #signal: AbortSignal
  readonly #afterMs: number
  readonly #onabort = (): void => {
    if (this.#afterMs === 0) this.#end()
    else this.#timer = setTimeout(() => this.#end(), this.#afterMs)
  }
  #timer: ReturnType<typeof setTimeout> | undefined
  #isOver = false
  #wake: (() => void) | null = null

  constructor(signal: AbortSignal, afterMs: number) {
    this.#signal = signal
    this.#afterMs = afterMs
    if (signal.aborted) this.#onabort()
    else signal.addEventListener('abort', this.#onabort)
  }

  /** What the promise gives, or `stop` where that comes first. */
  orElse<Value>(promise: Promise<Value>): Promise<Value | 'stop'> {
    if (this.#isOver) {
      promise.catch(() => {})
      return Promise.resolve('stop')
    }
    return new Promise((resolve, reject) => {
      this.#wake = () => resolve('stop')
      promise.then(resolve, reject)
    })
  }

  cancel(): void {
    clearTimeout(this.#timer)
    this.#signal.removeEventListener('abort', this.#onabort)
  }

  #end(): void {
    this.#isOver = true
    this.#wake?.()
  }
}

function notBytes(name: string, value: unknown): HypervisionError {
  return new HypervisionError(
    'ERR_CAPTURE_FAILED',
    `The capture "${name}" gave ${value === null ? 'null' : `a ${typeof value}`} where a Uint8Array of WebM was expected.`,
  )
}

function captureError(name: string, error: unknown): HypervisionError {
  if (error instanceof HypervisionError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new HypervisionError('ERR_CAPTURE_FAILED', `The capture "${name}" failed: ${message}`, { cause: error })
}
