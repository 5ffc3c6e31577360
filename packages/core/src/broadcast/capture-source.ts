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
  const isCapture = 'open' in capture
  const name = isCapture ? capture.name : 'stream'
  const source = isCapture ? capture.open({ signal }) : capture
  const iterator = source[Symbol.asyncIterator]()
  const stop = whenAborted(signal, isCapture ? graceMs : 0)
  try {
    for (;;) {
      const result = await Promise.race([iterator.next(), stop.promise])
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

function whenAborted(signal: AbortSignal, afterMs: number): { promise: Promise<'stop'>; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let onabort = (): void => {}
  const promise = new Promise<'stop'>((resolve) => {
    onabort = () => {
      if (afterMs === 0) resolve('stop')
      else timer = setTimeout(() => resolve('stop'), afterMs)
    }
    if (signal.aborted) onabort()
    else signal.addEventListener('abort', onabort)
  })
  return {
    promise,
    cancel: () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onabort)
    },
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
