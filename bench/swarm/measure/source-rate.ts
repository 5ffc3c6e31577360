/** How many copies of the stream leave the broadcaster from second to second. */
import { stream } from '../nodes/source.ts'
import type { World } from '../world.ts'

const blocksPerSecond = 1000 / stream.blockDurationMs

/** Watches the broadcaster's uplink. */
export class SourceRate {
  /** Copies in the worst second so far. */
  peak = 0
  readonly #stop = new AbortController()

  constructor(world: World) {
    const { sent } = world.source.host
    const sample = async (): Promise<void> => {
      while (!this.#stop.signal.aborted) {
        const before = sent.blocks
        await world.sleep(1000)
        if (!this.#stop.signal.aborted) this.peak = Math.max(this.peak, (sent.blocks - before) / blocksPerSecond)
      }
    }
    void sample()
  }

  stop(): void {
    this.#stop.abort()
  }
}
