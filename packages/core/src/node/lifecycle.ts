/** Closing, once: one stored promise, whoever asks for it and however often, and one outcome. */

/** The end of a node's life. */
export class Lifecycle {
  /** Resolves when the teardown is through; rejects with the error that began it. */
  readonly closed: Promise<void>
  readonly #teardown: (error: unknown) => Promise<void>
  #closing: Promise<void> | null = null
  #settle: (error: unknown) => void = () => {}

  /** @param teardown frees everything; told the error that closes the node, or undefined */
  constructor(teardown: (error: unknown) => Promise<void>) {
    this.#teardown = teardown
    this.closed = new Promise((resolve, reject) => {
      this.#settle = (error) => (error === undefined ? resolve() : reject(error))
    })
    // Whoever does not ask for the outcome shall not be killed by it.
    this.closed.catch(() => {})
  }

  /** Closes; the first error counts. Resolves when it is done and never rejects. */
  close(error?: unknown): Promise<void> {
    this.#closing ??= this.#close(error)
    return this.#closing
  }

  async #close(error: unknown): Promise<void> {
    try {
      await this.#teardown(error)
      this.#settle(error)
    } catch (teardownError) {
      this.#settle(error ?? teardownError)
    }
  }
}
