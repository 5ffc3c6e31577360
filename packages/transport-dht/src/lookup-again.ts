/**
 * Looks a topic up again and again. One look-up is not enough: of two nodes that join at the same moment neither finds
 * the other, as both announce themselves after they have looked; and hyperswarm repeats its own after ten minutes.
 */
import type { PeerDiscoverySession } from 'hyperswarm'

/** Waits between look-ups, milliseconds; the last one is repeated. */
const waitsMs = [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 60_000]
/** So that the viewers of one broadcast do not ask in step, each wait is longer or shorter by up to this share. */
const jitter = 0.25

/** The look-ups of one topic. */
export class LookupAgain {
  readonly #session: PeerDiscoverySession
  readonly #isFull: () => boolean
  #round = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #isStopped = false

  /** @param isFull whether nobody else could be connected anyway */
  constructor(session: PeerDiscoverySession, isFull: () => boolean) {
    this.#session = session
    this.#isFull = isFull
    this.#schedule()
  }

  /** Begins anew with short waits, for a node that has lost everybody. */
  restart(): void {
    if (this.#isStopped) return
    this.#round = 0
    this.#schedule()
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }

  #schedule(): void {
    clearTimeout(this.#timer)
    const waitMs = waitsMs[Math.min(this.#round++, waitsMs.length - 1)] ?? 0
    this.#timer = setTimeout(() => void this.#lookUp(), waitMs * (1 - jitter + Math.random() * 2 * jitter))
  }

  async #lookUp(): Promise<void> {
    // A look-up that fails is one that found nobody: the next one may.
    if (!this.#isFull()) await this.#session.refresh().catch(() => {})
    if (!this.#isStopped) this.#schedule()
  }
}
