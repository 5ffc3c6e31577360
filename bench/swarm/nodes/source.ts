/** The broadcaster of a run, and when each of its blocks was there. */
import { type Broadcast, createBroadcast } from '@hypervision/core'
import { fakeCapture } from '@hypervision/testkit'
import type { EmulatedHost } from '../network/host.ts'
import type { Clock } from '../time/clock.ts'

/** Bits of the stream per second, and how it is cut. */
export const stream = {
  bitsPerSecond: 1_000_000,
  blockDurationMs: 100,
  framesPerBlock: 2,
  keyframeEveryMs: 1000,
} as const

const frameRate = (1000 * stream.framesPerBlock) / stream.blockDurationMs
const frameBytes = stream.bitsPerSecond / 8 / frameRate
/** The frames of one block: what a block has at the least. */
export const leastBlockBytes = frameBytes * stream.framesPerBlock

/** A running broadcast. */
export class Source {
  readonly host: EmulatedHost
  readonly broadcast: Broadcast
  readonly #appendedAtMs: number[]
  readonly #stop: () => void

  private constructor(host: EmulatedHost, broadcast: Broadcast, appendedAtMs: number[], stop: () => void) {
    this.host = host
    this.broadcast = broadcast
    this.#appendedAtMs = appendedAtMs
    this.#stop = stop
  }

  static async start(host: EmulatedHost, clock: Clock, options: { readonly maxPeers?: number }): Promise<Source> {
    const frames = fakeCapture({
      frameRate,
      frameBytes,
      keyframeEvery: (frameRate * stream.keyframeEveryMs) / 1000,
      hasAudio: false,
    })
    const appendedAtMs: number[] = []
    const bytes = async function* (signal: AbortSignal): AsyncGenerator<Uint8Array> {
      for await (const chunk of frames.open({ signal })) {
        yield chunk
        const yieldedAtMs = clock.now()
        // Nothing but computing lies between a frame and the append of the block that it completes.
        clock.after(1, () => {
          while (appendedAtMs.length < broadcast.stats().blocks) appendedAtMs.push(yieldedAtMs)
        })
      }
    }
    const broadcast: Broadcast = await createBroadcast({
      capture: { name: 'emulated', open: ({ signal }) => bytes(signal) },
      transports: [host.transport],
      blockDurationMs: stream.blockDurationMs,
      ...options,
    })
    return new Source(host, broadcast, appendedAtMs, () => frames.end())
  }

  /** When each block was appended, ms; the init block is one too. */
  get appendedAtMs(): readonly number[] {
    return this.#appendedAtMs
  }

  /** Bytes of a block, on average. */
  get blockBytes(): number {
    const { streamBytes, blocks } = this.broadcast.stats()
    // The init block and the end block have next to nothing.
    return streamBytes / Math.max(1, blocks - 1)
  }

  /** Ends the capture. */
  stop(): void {
    this.#stop()
  }
}
