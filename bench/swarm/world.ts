/** One run: a broadcaster and its viewers on an emulated network, and what can happen to them. */
import type { EmulatedHost } from './network/host.ts'
import { EmulatedNetwork } from './network/network.ts'
import { Saboteur, sabotages } from './nodes/saboteur.ts'
import { leastBlockBytes, Source, stream } from './nodes/source.ts'
import { Watcher } from './nodes/watcher.ts'
import { type Random, seededRandom } from './random.ts'
import type { VirtualTime } from './time/virtual-time.ts'

/** What is special about a viewer. */
export interface ViewerSpec {
  /** Its uplink in bitrates of the stream. @default 5 */
  readonly uplink?: number
  /** Whether it gives nothing to others. @default false */
  readonly isLeaf?: boolean
}

/** What a run is made of. */
export interface WorldOptions {
  /** Connections of the broadcaster at the most. @default as the node has it */
  readonly sourcePeers?: number
  /** Connections of a viewer at the most. @default as the node has it */
  readonly viewerPeers?: number
  /** Share of lost packets. @default 0 */
  readonly loss?: number
  /** Left out, all are as the others. */
  viewer?(number: number, random: Random): ViewerSpec
}

/** A run. */
export class World {
  readonly time: VirtualTime
  readonly network: EmulatedNetwork
  readonly random: Random
  readonly source: Source
  readonly watchers: Watcher[] = []
  readonly #options: WorldOptions

  private constructor(
    time: VirtualTime,
    network: EmulatedNetwork,
    source: Source,
    options: WorldOptions,
    seed: number,
  ) {
    this.time = time
    this.network = network
    this.source = source
    this.#options = options
    this.random = seededRandom(`world ${seed}`)
  }

  static async open(time: VirtualTime, options: WorldOptions, seed: number): Promise<World> {
    const network = new EmulatedNetwork({
      clock: time,
      seed,
      delayMs: [20, 80],
      loss: options.loss ?? 0,
      blockBytes: leastBlockBytes,
    })
    const host = network.addHost(10 * stream.bitsPerSecond)
    const { sourcePeers } = options
    const source = await Source.start(host, time, sourcePeers === undefined ? {} : { maxPeers: sourcePeers })
    return new World(time, network, source, options, seed)
  }

  /** Those who watch now. */
  get present(): Watcher[] {
    return this.watchers.filter((watcher) => !watcher.isGone)
  }

  sleep(milliseconds: number): Promise<void> {
    return this.time.sleep(milliseconds)
  }

  /** Lets viewers join at random moments of a span; resolves when the last of them has begun to. */
  async join(count: number, overMs: number): Promise<void> {
    const waits = Array.from({ length: count }, () => this.random.between(0, overMs)).sort((a, b) => a - b)
    const startMs = this.time.now()
    for (const waitMs of waits) {
      await this.sleep(startMs + waitMs - this.time.now())
      this.#joinOne()
    }
  }

  /** Starts nodes that mean ill, of each kind in turn. */
  async sabotage(count: number, overMs: number): Promise<void> {
    for (let number = 0; number < count; number++) {
      const kind = sabotages[number % sabotages.length] ?? 'withhold'
      const host = this.network.addHost(5 * stream.bitsPerSecond)
      void new Saboteur(host, this.time, kind).start(this.source.broadcast.link)
      await this.sleep(overMs / count)
    }
  }

  /** Lets some leave in good order, at random moments of a span. */
  async leave(watchers: readonly Watcher[], overMs: number): Promise<void> {
    await Promise.all(
      watchers.map(async (watcher) => {
        await this.sleep(this.random.between(0, overMs))
        await watcher.leave()
      }),
    )
  }

  /** Kills a share of those who watch, all at once. */
  kill(share: number, who: 'random' | 'busiest'): void {
    const { present } = this
    const order =
      who === 'random' ? this.random.shuffle(present) : present.sort((a, b) => b.host.sent.bytes - a.host.sent.bytes)
    for (const watcher of order.slice(0, Math.round(share * present.length))) void watcher.kill()
  }

  #joinOne(): void {
    const number = this.watchers.length
    const spec: ViewerSpec = this.#options.viewer?.(number, this.random) ?? {}
    const host: EmulatedHost = this.network.addHost((spec.uplink ?? 5) * stream.bitsPerSecond)
    const watcher = new Watcher(host, this.time)
    this.watchers.push(watcher)
    const { viewerPeers } = this.#options
    void watcher.start({
      link: this.source.broadcast.link,
      ...(viewerPeers === undefined ? {} : { maxPeers: viewerPeers }),
      ...(spec.isLeaf ? { uploads: false } : {}),
    })
  }
}
