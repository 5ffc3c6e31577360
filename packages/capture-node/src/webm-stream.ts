/** WebM from a pipe: standard input, a socket, anything that can be read. */
import type { Readable } from 'node:stream'
import { type Capture, HypervisionError } from '@hypervision/core/contracts'

/** Options of {@link webmStream}. */
export interface WebmStreamOptions {
  /** Name for messages and statistics. @default 'webm-stream' */
  readonly name?: string
}

/**
 * A capture of WebM that comes from elsewhere, in its own time. Reading waits for the consumer, so the writer at the
 * other end of a pipe is held back. The readable can be read once: so can the capture.
 *
 * @param readable a Node readable, or any iterable of bytes
 * @throws HypervisionError ERR_CAPTURE_IN_USE from the second `open()`, ERR_CAPTURE_INPUT when reading fails
 */
export function webmStream(
  readable: Readable | NodeJS.ReadableStream | AsyncIterable<Uint8Array>,
  options: WebmStreamOptions = {},
): Capture {
  const name = options.name ?? 'webm-stream'
  let isOpened = false
  return {
    name,
    open({ signal }) {
      const isUsed = isOpened
      isOpened = true
      return read(readable as AsyncIterable<Uint8Array | string> & Partial<Readable>, name, signal, isUsed)
    },
  }
}

async function* read(
  readable: AsyncIterable<Uint8Array | string> & Partial<Readable>,
  name: string,
  signal: AbortSignal,
  isUsed: boolean,
): AsyncGenerator<Uint8Array, void> {
  if (isUsed) {
    throw new HypervisionError('ERR_CAPTURE_IN_USE', `The stream of "${name}" can be read once. Open a new one.`)
  }
  const iterator = readable[Symbol.asyncIterator]()
  let wake = (): void => {}
  const onabort = (): void => wake()
  signal.addEventListener('abort', onabort)
  try {
    while (!signal.aborted) {
      // A promise for each wait: one that lasted as long as the stream would gather the reactions of all of them.
      const result = await new Promise<IteratorResult<Uint8Array | string> | null>((resolve, reject) => {
        wake = () => resolve(null)
        iterator.next().then(resolve, reject)
      })
      if (result === null || result.done) return
      yield typeof result.value === 'string' ? Buffer.from(result.value, 'latin1') : result.value
    }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new HypervisionError('ERR_CAPTURE_INPUT', `Reading "${name}" failed: ${message}`, { cause })
  } finally {
    signal.removeEventListener('abort', onabort)
    // Destroying ends a read that waits; returning does the same for an iterable that is no Node stream.
    if (typeof readable.destroy === 'function') readable.destroy()
    else iterator.return?.().catch(() => {})
  }
}
