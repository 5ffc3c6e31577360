// A capture that waits for its person: its channel is there already and can be shared, and nothing of the picture has left the page. The
// person ends it too, and the channel is still there.
import type { Capture, CaptureOpenOptions } from '@hypervision/core/contracts'

/** Yields nothing before it is let go. */
export class HeldCapture implements Capture {
  readonly #capture: Capture
  readonly #released: Promise<void>
  readonly #ending = new AbortController()
  #release = (): void => {}

  constructor(capture: Capture) {
    this.#capture = capture
    this.#released = new Promise((resolve) => {
      this.#release = resolve
    })
  }

  get name(): string {
    return this.#capture.name
  }

  /** Lets it go. */
  release(): void {
    this.#release()
  }

  /** Ends it, with the last of what it gives. */
  end(): void {
    this.#ending.abort()
  }

  async *open(options: CaptureOpenOptions): AsyncGenerator<Uint8Array, void> {
    const signal = AbortSignal.any([options.signal, this.#ending.signal])
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    if (!signal.aborted) await Promise.race([this.#released, aborted])
    if (!signal.aborted) yield* this.#capture.open({ ...options, signal })
  }
}
