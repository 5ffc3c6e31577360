// A show whose media comes all at once, with the timestamps of minutes, when a test says so: nothing waits for a clock. And who watches it.
import { type Broadcast, createBroadcast, createViewer, type ViewerBlock } from '@hypervision/core'
import { type MemoryNetwork, type MemoryTransport, memoryNetwork } from '@hypervision/testkit'
import { onTestFinished } from 'vitest'
import { cluster, simpleBlock, stream, videoTrack } from '../packages/core/test/webm/webm-builder.ts'

export const blockMs = 100
export const blocksPerKey = 10

/** A source that gives so many seconds whenever it is told to. */
class Show {
  readonly #waiting: Uint8Array[] = []
  #wake = (): void => {}
  #frames = 0
  #isOver = false

  constructor() {
    this.begin()
  }

  /** A new epoch. */
  begin(): void {
    this.#frames = 0
    this.#give(stream([videoTrack(1)]))
  }

  go(seconds: number): void {
    const frames = Array.from({ length: (seconds * 1000) / blockMs }, () => {
      const frame = this.#frames++
      return cluster(frame * blockMs, simpleBlock({ key: frame % blocksPerKey === 0, payload: [frame & 255, 7] }))
    })
    this.#give(Buffer.concat(frames))
  }

  end(): void {
    this.#isOver = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      const bytes = this.#waiting.shift()
      if (bytes !== undefined) yield bytes
      else if (this.#isOver) return
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }

  #give(bytes: Uint8Array): void {
    this.#waiting.push(bytes)
    this.#wake()
  }
}

/** A show that is on air. */
export interface OnAir {
  readonly network: MemoryNetwork
  /** Of the broadcaster. */
  readonly transport: MemoryTransport
  readonly show: Show
  readonly broadcast: Broadcast
}

/** Goes on air with five seconds. */
export async function goLive(): Promise<OnAir> {
  const network = memoryNetwork()
  const transport = network.transport()
  const show = new Show()
  const broadcast = await createBroadcast({
    capture: show,
    transports: [transport],
    blockDurationMs: blockMs,
  })
  onTestFinished(() => broadcast.close())
  show.go(5)
  return { network, transport, show, broadcast }
}

/** Watches it, block by block. */
export async function watch({ network, broadcast }: OnAir, options: Partial<Parameters<typeof createViewer>[0]> = {}) {
  const viewer = await createViewer({ link: broadcast.link, transports: [network.transport()], ...options })
  onTestFinished(() => viewer.close())
  const skips: unknown[] = []
  viewer.addEventListener('skip', ({ detail }) => skips.push(detail))
  return { viewer, blocks: viewer.blocks[Symbol.asyncIterator](), skips }
}

/** The next so many blocks. */
export async function take(blocks: AsyncIterator<ViewerBlock>, count: number): Promise<ViewerBlock[]> {
  const taken: ViewerBlock[] = []
  while (taken.length < count) {
    const { done, value } = await blocks.next()
    if (done) throw new Error('the stream ended')
    taken.push(value)
  }
  return taken
}
