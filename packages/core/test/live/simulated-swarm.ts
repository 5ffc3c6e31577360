// The overlay of a whole swarm in virtual time: the real one on each node, on logs without cryptography, over lines with delay and one
// shared uplink per node. What it leaves out (hypercore, noise, transports) is what bench/swarm has.
import { defaultLiveSettings, type LiveSettings } from '../../src/swarm/live/live-options.ts'
import type { LiveRole } from '../../src/swarm/live/live-types.ts'
import { createPeer, type LinePlan } from './simulated-line.ts'
import { type LineEnd, type MakeOverlay, SimulatedNode } from './simulated-node.ts'
import { seededRandom, VirtualClock } from './virtual-clock.ts'

/** How a swarm is set up. */
export interface SwarmPlan {
  readonly seed: number
  /** One-way delay of a line, ms: from, to. @default [20, 80] */
  readonly delayMs?: readonly [number, number]
  /** @default 12500: 1 Mbit/s in blocks of 100 ms */
  readonly blockBytes?: number
  /** @default 100 */
  readonly blockMs?: number
  /** Uplinks in bit/s. @default source 10 times, viewers 5 times the bitrate */
  readonly sourceBits?: number
  readonly viewerBits?: (index: number) => number
  /** Bytes per second that a node may upload; the source is number 0. @default no limit */
  readonly uploadLimit?: (number: number) => number | undefined
  /** The transport of a viewer, by its number from 1 up: it reaches those who have the same one, and the source. @default one for all */
  readonly transportOf?: (number: number) => string
  /** Lines that a viewer opens. @default 6 */
  readonly outgoing?: number
  /** Lines of a viewer at the most. @default 18 */
  readonly links?: number
  /** Share of packets that are lost: each comes four times the delay later. @default 0 */
  readonly loss?: number
  /** Lines of the source at the most. @default 24 */
  readonly sourceLinks?: number
  readonly settings?: Partial<LiveSettings>
}

const packetBytes = 1200

/** A source and its viewers. */
export class SimulatedSwarm {
  readonly clock = new VirtualClock()
  readonly plan: SwarmPlan
  readonly random: () => number
  readonly source: SimulatedNode
  readonly nodes: SimulatedNode[] = []
  /** When each block was appended. */
  readonly appendedMs: number[] = []
  readonly #settings: LiveSettings
  #isOnAir = true

  constructor(plan: SwarmPlan) {
    this.plan = plan
    this.random = seededRandom(plan.seed)
    this.#settings = { ...defaultLiveSettings, ...plan.settings }
    this.source = this.#createNode(0, 'source', this.#settings, plan.sourceBits ?? 10 * this.#bitrate, null)
  }

  /** Viewers that are alive. */
  get alive(): SimulatedNode[] {
    return this.nodes.filter(({ isDead }) => !isDead)
  }

  /** A viewer comes: it has nothing yet, and gets to know some others. */
  add(role: LiveRole = 'node', settings: Partial<LiveSettings> = {}, makeOverlay?: MakeOverlay): SimulatedNode {
    const number = this.nodes.length + 1
    const bits = this.plan.viewerBits?.(number) ?? 5 * this.#bitrate
    const { log } = this.source
    const node = this.#createNode(number, role, { ...this.#settings, ...settings }, bits, log, makeOverlay)
    this.nodes.push(node)
    this.#look(node)
    return node
  }

  /** Begins to append blocks, one after another. */
  goLive(): void {
    const next = (): void => {
      if (!this.#isOnAir) return
      const index = this.source.log.length++
      this.appendedMs.push(this.clock.now())
      const value = new Uint8Array(this.plan.blockBytes ?? 12_500)
      this.source.overlay.publish({ index, peaks: [], signature: new Uint8Array([1]), value })
      this.clock.after(this.plan.blockMs ?? 100, next)
    }
    this.clock.after(0, next)
  }

  goOffAir(): void {
    this.#isOnAir = false
  }

  /** A node dies: nothing comes from it any more, and the others find that out after five seconds, as by a time-out. */
  kill(node: SimulatedNode): void {
    node.isDead = true
    node.overlay.close()
    for (const [other] of node.links) this.clock.after(5000, () => this.disconnect(node, other))
  }

  /** A node leaves as a viewer that is closed does. */
  async leave(node: SimulatedNode): Promise<void> {
    await node.overlay.leave()
    node.isDead = true
    node.overlay.close()
    for (const [other] of node.links) this.disconnect(node, other)
  }

  connect(one: SimulatedNode, other: SimulatedNode): void {
    if (one === other || one.links.has(other) || one.keepsOut(other) || other.keepsOut(one)) return
    const [least, most] = this.plan.delayMs ?? [20, 80]
    const delayMs = least + this.random() * (most - least)
    const ends: [LineEnd, LineEnd] = [
      { node: one, events: null, isGone: false },
      { node: other, events: null, isGone: false },
    ]
    one.links.set(other, ends[0])
    other.links.set(one, ends[1])
    this.clock.after(3 * delayMs, () => {
      if (ends[0].isGone) return
      const plan: LinePlan = {
        clock: this.clock,
        delayMs,
        lossMs: (bytes) => this.#lossMs(delayMs, bytes),
        transport: this.#transportOf(one) ?? this.#transportOf(other) ?? '',
        onbanish: () => this.disconnect(one, other),
      }
      ends[0].events = one.overlay.add(createPeer(ends[0], ends[1], plan))
      ends[1].events = other.overlay.add(createPeer(ends[1], ends[0], plan))
    })
  }

  disconnect(one: SimulatedNode, other: SimulatedNode): void {
    for (const [node, peer] of [
      [one, other],
      [other, one],
    ] as const) {
      const end = node.links.get(peer)
      if (end === undefined) continue
      node.links.delete(peer)
      end.isGone = true
      if (!node.isDead) end.events?.onclose()
      if (!node.isDead && node !== this.source) this.clock.after(500, () => this.#look(node))
    }
  }

  #lossMs(delayMs: number, bytes: number): number {
    const { loss = 0 } = this.plan
    if (loss === 0) return 0
    const part = 1 - (1 - loss) ** Math.ceil(bytes / packetBytes)
    let lateMs = 0
    for (let isLost = this.random() < part; isLost; isLost = this.random() < loss) lateMs += 4 * delayMs
    return lateMs
  }

  #transportOf(node: SimulatedNode): string | undefined {
    return node === this.source ? undefined : this.plan.transportOf?.(this.nodes.indexOf(node) + 1)
  }

  get #bitrate(): number {
    return ((this.plan.blockBytes ?? 12_500) * 8 * 1000) / (this.plan.blockMs ?? 100)
  }

  #createNode(
    number: number,
    role: LiveRole,
    settings: LiveSettings,
    bits: number,
    source: SimulatedNode['log'] | null,
    makeOverlay?: MakeOverlay,
  ): SimulatedNode {
    return new SimulatedNode({
      clock: this.clock,
      random: seededRandom(this.plan.seed * 1000 + number),
      role,
      settings,
      bits,
      uploadLimit: this.plan.uploadLimit?.(number),
      source,
      // Gets to know one more, as by an introduction.
      onlonely: (node) => this.#look(node, node.links.size + 1),
      makeOverlay,
    })
  }

  /** Finds others: some of everybody, some that are at home in the same stripe. */
  #look(node: SimulatedNode, wanted = this.plan.outgoing ?? 6): void {
    if (node.isDead) return
    const most = (one: SimulatedNode): number =>
      one === this.source ? (this.plan.sourceLinks ?? 24) : (this.plan.links ?? 18)
    const room = (one: SimulatedNode): boolean => one.links.size < most(one)
    const within = this.alive.filter((one) => this.#transportOf(one) === this.#transportOf(node))
    const others = [this.source, ...within].filter(
      (one) => one !== node && !node.links.has(one) && room(one) && !one.keepsOut(node) && !node.keepsOut(one),
    )
    const home = others.filter((one) => one.overlay.home === node.overlay.home && one !== this.source)
    const take = (from: SimulatedNode[], count: number): void => {
      for (let taken = 0; taken < count && from.length > 0 && node.links.size < wanted; ) {
        const [other] = from.splice(Math.floor(this.random() * from.length), 1)
        if (other === undefined || node.links.has(other)) continue
        this.connect(node, other)
        taken++
      }
    }
    if (others[0] === this.source) {
      this.connect(node, this.source)
    }
    take(home, Math.floor(wanted / 2))
    take(others, wanted)
    if (node.links.size < wanted) this.clock.after(1000, () => this.#look(node))
  }
}
