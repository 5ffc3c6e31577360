/** A viewer of a run, and when it had each block. */
import { createViewer, type Viewer } from '@hypervision/core'
import type { EmulatedHost } from '../network/host.ts'
import type { Clock } from '../time/clock.ts'

/** A block as a viewer got it: verified, stored, and handed to the player in order. */
export interface Delivery {
  readonly index: number
  readonly atMs: number
}

/** Options of a {@link Watcher}. */
export interface WatcherOptions {
  readonly link: string
  readonly maxPeers?: number
  /** Whether it gives blocks to others. @default true */
  readonly uploads?: boolean
}

/** A viewer that plays what it gets. */
export class Watcher {
  readonly host: EmulatedHost
  readonly joinedAtMs: number
  /** Clusters, in the order in which they came: that of the feed. */
  readonly deliveries: Delivery[] = []
  /** When it left or was killed; Infinity while it watches. */
  goneAtMs = Number.POSITIVE_INFINITY
  viewer: Viewer | null = null
  /** What closed it other than the run itself. */
  error: unknown = null
  readonly #clock: Clock

  constructor(host: EmulatedHost, clock: Clock) {
    this.host = host
    this.#clock = clock
    this.joinedAtMs = clock.now()
  }

  get isGone(): boolean {
    return this.goneAtMs !== Number.POSITIVE_INFINITY
  }

  async start(options: WatcherOptions): Promise<void> {
    try {
      const viewer = await createViewer({ ...options, transports: [this.host.transport] })
      this.viewer = viewer
      viewer.closed.catch((error: unknown) => {
        this.error = error
      })
      void this.#watch(viewer)
    } catch (error) {
      this.error = error
    }
  }

  /** Leaves in good order. */
  async leave(): Promise<void> {
    if (this.isGone) return
    this.goneAtMs = this.#clock.now()
    await this.viewer?.close()
  }

  /** Dies without a word. What is left of it in this process is put away. */
  async kill(): Promise<void> {
    if (this.isGone) return
    this.goneAtMs = this.#clock.now()
    this.host.kill()
    await this.viewer?.close()
  }

  async #watch(viewer: Viewer): Promise<void> {
    try {
      for await (const block of viewer.blocks) {
        if (this.isGone) return
        if (block.kind === 'cluster') this.deliveries.push({ index: block.index, atMs: this.#clock.now() })
      }
    } catch (error) {
      this.error = error
    }
  }
}
