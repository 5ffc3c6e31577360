/** The figures of one run, from what the wire carried and what the viewers got. */
import { percentile } from '../../statistics.ts'
import type { EmulatedHost } from '../network/host.ts'
import type { TrafficCount } from '../network/traffic.ts'
import type { Delivery, Watcher } from '../nodes/watcher.ts'
import type { World } from '../world.ts'
import type { Figures } from './figures.ts'
import { overlayFigures } from './overlay-figures.ts'
import { continuityOf, longestGapMs } from './player.ts'
import { SourceRate } from './source-rate.ts'

/** A measurement under way: blocks that are appended between its start and {@link Measurement.endSpan} count. */
export class Measurement {
  readonly #world: World
  readonly #startMs: number
  readonly #sentBefore = new Map<EmulatedHost, TrafficCount>()
  readonly #receivedBefore = new Map<EmulatedHost, number>()
  readonly #rate: SourceRate
  readonly #cpu = process.cpuUsage()
  #endMs = 0
  #cpuPercent = 0

  constructor(world: World) {
    this.#world = world
    this.#startMs = world.time.now()
    for (const host of world.network.hosts) {
      this.#sentBefore.set(host, host.sent.copy())
      this.#receivedBefore.set(host, host.received.blocks)
    }
    this.#rate = new SourceRate(world)
  }

  /** Blocks that are appended from now on do not count; those that did may still come. */
  endSpan(): void {
    this.#rate.stop()
    this.#endMs = this.#world.time.now()
    const { user, system } = process.cpuUsage(this.#cpu)
    const seconds = (this.#endMs - this.#startMs) / 1000
    this.#cpuPercent = (user + system) / 1e4 / seconds / (this.#world.present.length + 1)
  }

  /** Whether everybody who still watches has every block that counts. */
  get isComplete(): boolean {
    const last = this.#blocks.at(-1) ?? 0
    return this.#world.present.every(({ deliveries }) => (deliveries.at(-1)?.index ?? -1) >= last)
  }

  figures(): Figures {
    const world = this.#world
    const { source, watchers, present } = world
    const blocks = this.#blocks
    // What was appended within the span may leave after it: traffic is set against all that was appended until now.
    const appended = source.appendedAtMs.filter((atMs) => atMs >= this.#startMs).length
    const { blockBytes } = source
    const sent = this.#sentSince(source.host)
    const uploads = present.map(({ host }) => this.#sentSince(host).bytes / (appended * blockBytes))
    const delays = watchers.flatMap((watcher) => this.#delays(watcher))
    const gaps = present.map(({ deliveries }) => longestGapMs(deliveries, this.#startMs, world.time.now()))
    const missing = present.map((watcher) => this.#missing(watcher, blocks))
    const joins = watchers.flatMap(({ deliveries, joinedAtMs }) =>
      deliveries.slice(0, 1).map((d) => d.atMs - joinedAtMs),
    )
    const continuity = watchers
      .filter(({ deliveries }) => deliveries.length > 0)
      .map(({ deliveries, goneAtMs }) => continuityOf(deliveries, Math.min(goneAtMs, this.#endMs)))
    const received = sumOf(present, ({ host }) => host.received.blocks - (this.#receivedBefore.get(host) ?? 0))
    const useful = sumOf(present, ({ deliveries }) => deliveries.filter(({ atMs }) => atMs >= this.#startMs).length)
    return {
      sourceCopies: sent.blocks / appended,
      sourceRawCopies: sent.bytes / (appended * blockBytes),
      sourcePeakCopies: this.#rate.peak,
      p50Ms: wholePercentile(delays, 0.5),
      p95Ms: wholePercentile(delays, 0.95),
      p99Ms: wholePercentile(delays, 0.99),
      gapP50Ms: wholePercentile(gaps, 0.5),
      gapP95Ms: wholePercentile(gaps, 0.95),
      gapMaxMs: wholePercentile(gaps, 1),
      lostBlocks: missing.reduce((sum, count) => sum + count, 0),
      viewersWithLoss: missing.filter((count) => count > 0).length,
      neverPlayed: present.filter(({ deliveries }) => deliveries.length === 0).length,
      joinP50Ms: wholePercentile(joins, 0.5),
      joinMaxMs: wholePercentile(joins, 1),
      continuity: mean(continuity),
      continuityLeast: Math.min(...continuity),
      wastePercent: 100 * (received / useful - 1),
      overheadPercent: 100 * this.#overhead(appended * present.length),
      uploadMean: mean(uploads),
      uploadP95: percentile(uploads, 0.95),
      uploadMax: Math.max(...uploads),
      idlePercent: (100 * uploads.filter((copies) => copies < 0.05).length) / uploads.length,
      ...overlayFigures(present),
      cpuPercentPerNode: this.#cpuPercent,
    }
  }

  /** Numbers of the blocks that count. */
  get #blocks(): number[] {
    return [...this.#world.source.appendedAtMs.entries()]
      .filter(([index, atMs]) => index > 0 && atMs >= this.#startMs && atMs < this.#endMs)
      .map(([index]) => index)
  }

  #sentSince(host: EmulatedHost): TrafficCount {
    const before = this.#sentBefore.get(host)
    const { bytes, blocks } = host.sent
    return { bytes: bytes - (before?.bytes ?? 0), blocks: blocks - (before?.blocks ?? 0) }
  }

  /** From append to delivery, for the blocks that were appended while the viewer was watching already. */
  #delays({ deliveries }: Watcher): number[] {
    const { appendedAtMs } = this.#world.source
    const firstMs = deliveries[0]?.atMs ?? Number.POSITIVE_INFINITY
    return deliveries.flatMap(({ index, atMs }: Delivery) => {
      const appendedMs = appendedAtMs[index] ?? 0
      const counts = appendedMs >= Math.max(firstMs, this.#startMs) && appendedMs < this.#endMs
      return counts ? [atMs - appendedMs] : []
    })
  }

  #missing({ deliveries }: Watcher, blocks: readonly number[]): number {
    const had = new Set(deliveries.map(({ index }) => index))
    const first = deliveries[0]?.index ?? Number.POSITIVE_INFINITY
    return blocks.filter((index) => index >= first && !had.has(index)).length
  }

  /** All that hosts sent beside blocks, over the blocks that viewers had to get. */
  #overhead(wanted: number): number {
    const { source, present } = this.#world
    const hosts = [source.host, ...present.map(({ host }) => host)]
    const bytes = sumOf(hosts, (host) => {
      const sent = this.#sentSince(host)
      return sent.bytes - sent.blocks * source.blockBytes
    })
    return bytes / (wanted * source.blockBytes)
  }
}

function sumOf<Value>(values: readonly Value[], read: (value: Value) => number): number {
  return values.reduce((sum, value) => sum + read(value), 0)
}

function mean(values: readonly number[]): number {
  return sumOf(values, (value) => value) / values.length
}

function wholePercentile(values: readonly number[], part: number): number | null {
  const value = percentile(values, part)
  return Number.isNaN(value) ? null : Math.round(value)
}
