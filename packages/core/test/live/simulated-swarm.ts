// The overlay of a whole swarm in virtual time: the real one on each node, on logs without cryptography, over lines with delay and one
// shared uplink per node. What it leaves out (hypercore, noise, transports) is what bench/swarm has.
import { defaultLiveSettings, type LiveSettings } from '../../src/swarm/live/live-options.ts'
import { LiveOverlay, type LiveOverlayOptions } from '../../src/swarm/live/live-overlay.ts'
import type { LivePeer, LivePeerEvents } from '../../src/swarm/live/live-peer.ts'
import type { LiveBlock, LiveLog, LiveRole } from '../../src/swarm/live/live-types.ts'
import { UploadBudget } from '../../src/swarm/upload-budget.ts'
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
  /** Lines that a viewer opens. @default 6 */
  readonly outgoing?: number
  /** Lines of a viewer at the most. @default 18 */
  readonly links?: number
  /** Lines of the source at the most. @default 24 */
  readonly sourceLinks?: number
  readonly settings?: Partial<LiveSettings>
}

/** What reached a node when. */
export interface Arrival {
  readonly index: number
  readonly atMs: number
}

/** Blocks from one keyframe to the next. */
const keyframeEvery = 10
const messageBytes = 60
/** A line is full when what waits for it takes longer than this, ms. */
const fullMs = 60

class SimulatedLog implements LiveLog {
  readonly arrivals: Arrival[] = []
  onjoin: () => void = () => {}
  readonly canCheck = true
  length = 0
  readonly #clock: VirtualClock
  readonly #swarm: SimulatedSwarm

  constructor(clock: VirtualClock, swarm: SimulatedSwarm) {
    this.#clock = clock
    this.#swarm = swarm
  }

  get remoteLength(): number {
    return this.length
  }

  check({ signature }: LiveBlock): boolean {
    return signature[0] === 1
  }

  startOf({ index }: LiveBlock): number {
    return index - (index % keyframeEvery)
  }

  async apply({ index, signature }: LiveBlock): Promise<'stored' | 'refused'> {
    if (signature[0] !== 1) throw new Error('a block that was not checked')
    if (this.length === 0) this.length = index
    if (index !== this.length) return 'refused'
    this.#store()
    return 'stored'
  }

  /** Replication: what the source has, a little later. */
  catchUp(): void {
    const { log } = this.#swarm.source
    this.#swarm.catchUps++
    this.#clock.after(200, () => {
      while (this.length < log.length) this.#store()
    })
  }

  /** Nobody in the overlay has anything to begin with: it joins by replication, and the next block is the first to come. */
  join(): void {
    this.#clock.after(200, () => {
      if (this.length > 0) return
      this.length = this.#swarm.source.log.length
      this.onjoin()
    })
  }

  #store(): void {
    this.arrivals.push({ index: this.length, atMs: this.#clock.now() })
    this.length++
  }
}

/** One end of a line. */
interface End {
  readonly node: SimulatedNode
  events: LivePeerEvents | null
  isGone: boolean
}

/** What a node is: an honest one where nothing else is said. */
export type MakeOverlay = (options: LiveOverlayOptions) => LiveOverlay

/** One node of the swarm. */
export class SimulatedNode {
  readonly id: string
  readonly log: SimulatedLog
  readonly overlay: LiveOverlay
  readonly links = new Map<SimulatedNode, End>()
  readonly bitsPerMs: number
  busyUntilMs = 0
  sentBytes = 0
  sentBlocks = 0
  isDead = false
  /** Whom it has banished, and why. */
  readonly banished: { readonly id: string; readonly reason: string }[] = []

  constructor(
    swarm: SimulatedSwarm,
    number: number,
    role: LiveRole,
    settings: LiveSettings,
    bits: number,
    makeOverlay: MakeOverlay = (options) => new LiveOverlay(options),
  ) {
    const random = seededRandom(swarm.plan.seed * 1000 + number)
    this.id = Array.from({ length: 16 }, () => Math.floor(random() * 16).toString(16)).join('')
    this.log = new SimulatedLog(swarm.clock, swarm)
    this.bitsPerMs = bits / 1000
    const bytesPerSecond = swarm.plan.uploadLimit?.(number) ?? Number.POSITIVE_INFINITY
    this.overlay = makeOverlay({
      id: this.id,
      role,
      isOpen: role !== 'leaf',
      settings,
      clock: swarm.clock,
      random,
      log: this.log,
      budget: new UploadBudget({ bytesPerSecond, now: () => swarm.clock.now() }),
      manifest: () => null,
      onmanifest: () => true,
      onactive: () => {},
      onawaited: (isAwaited) => {
        if (!isAwaited && this.log.length === 0) this.log.join()
      },
      onheldback: () => {},
      onlonely: () => swarm.acquaint(this),
      ontaken: () => {},
      onconflict: () => {},
    })
    this.log.onjoin = () => this.overlay.onlength()
  }

  /** Whether it has banished another: in virtual histories, which are short, for good. */
  keepsOut({ id }: SimulatedNode): boolean {
    return this.banished.some((one) => one.id === id)
  }
}

/** A source and its viewers. */
export class SimulatedSwarm {
  readonly clock = new VirtualClock()
  readonly plan: SwarmPlan
  readonly random: () => number
  readonly source: SimulatedNode
  readonly nodes: SimulatedNode[] = []
  /** When each block was appended. */
  readonly appendedMs: number[] = []
  catchUps = 0
  readonly #settings: LiveSettings
  #isOnAir = true

  constructor(plan: SwarmPlan) {
    this.plan = plan
    this.random = seededRandom(plan.seed)
    this.#settings = { ...defaultLiveSettings, ...plan.settings }
    this.source = new SimulatedNode(this, 0, 'source', this.#settings, plan.sourceBits ?? 10 * this.#bitrate)
  }

  /** Viewers that are alive. */
  get alive(): SimulatedNode[] {
    return this.nodes.filter(({ isDead }) => !isDead)
  }

  /** A viewer comes: it has nothing yet, and gets to know some others. */
  add(role: LiveRole = 'node', settings: Partial<LiveSettings> = {}, makeOverlay?: MakeOverlay): SimulatedNode {
    const number = this.nodes.length + 1
    const bits = this.plan.viewerBits?.(number) ?? 5 * this.#bitrate
    const node = new SimulatedNode(this, number, role, { ...this.#settings, ...settings }, bits, makeOverlay)
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
    const ends: [End, End] = [
      { node: one, events: null, isGone: false },
      { node: other, events: null, isGone: false },
    ]
    one.links.set(other, ends[0])
    other.links.set(one, ends[1])
    this.clock.after(3 * delayMs, () => {
      if (ends[0].isGone) return
      ends[0].events = one.overlay.add(this.#peer(ends[0], ends[1], delayMs))
      ends[1].events = other.overlay.add(this.#peer(ends[1], ends[0], delayMs))
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

  get #bitrate(): number {
    return ((this.plan.blockBytes ?? 12_500) * 8 * 1000) / (this.plan.blockMs ?? 100)
  }

  /** By replication, as soon as there is something to join. */
  /** A node without a place gets to know one more, as by an introduction. */
  acquaint(node: SimulatedNode): void {
    this.#look(node, node.links.size + 1)
  }

  /** Finds others: some of everybody, some that are at home in the same stripe. */
  #look(node: SimulatedNode, wanted = this.plan.outgoing ?? 6): void {
    if (node.isDead) return
    const most = (one: SimulatedNode): number =>
      one === this.source ? (this.plan.sourceLinks ?? 24) : (this.plan.links ?? 18)
    const room = (one: SimulatedNode): boolean => one.links.size < most(one)
    const others = [this.source, ...this.alive].filter(
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

  /** What one end says to the other. */
  #peer(from: End, to: End, delayMs: number): LivePeer {
    let lastMs = 0
    const send = (bytes: number, say: (events: LivePeerEvents) => void): boolean => {
      const { node } = from
      if (node.isDead || from.isGone) return true
      const now = this.clock.now()
      node.sentBytes += bytes
      node.busyUntilMs = Math.max(now, node.busyUntilMs) + (bytes * 8) / node.bitsPerMs
      const departs = node.busyUntilMs
      lastMs = Math.max(lastMs, departs + delayMs)
      this.clock.after(lastMs - now, () => {
        const { events } = to
        if (to.isGone || to.node.isDead || events === null || !events.onany()) return
        say(events)
      })
      if (departs - now < fullMs) return true
      this.clock.after(departs - now - fullMs / 2, () => from.events?.ondrain())
      return false
    }
    return {
      id: to.node.id,
      manifest: () => {},
      advert: (advert) => void send(messageBytes * 3, (events) => events.onadvert(advert)),
      subscribe: (subscribe) => void send(messageBytes, (events) => events.onsubscribe(subscribe)),
      unsubscribe: (stripe) => void send(messageBytes, (events) => events.onunsubscribe(stripe)),
      accept: (stripe) => void send(messageBytes, (events) => events.onaccept(stripe)),
      deny: (deny) => void send(messageBytes, (events) => events.ondeny(deny)),
      drop: (stripe) => void send(messageBytes, (events) => events.ondropped(stripe)),
      heartbeat: (heartbeat) => void send(messageBytes, (events) => events.onheartbeat(heartbeat)),
      block: (block) => {
        from.node.sentBlocks++
        return send(block.value.byteLength + 400, (events) => events.onblock(block))
      },
      pull: (indices) => void send(messageBytes, (events) => events.onpull(indices)),
      leave: () => void send(messageBytes, (events) => events.onleave()),
      banish: (reason) => {
        from.node.banished.push({ id: to.node.id, reason })
        this.disconnect(from.node, to.node)
      },
    }
  }
}

/** Figures of a stretch of time. */
export interface Figures {
  readonly sourceCopies: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** Longest time without the next block, of any viewer, ms. */
  readonly gapMs: number
  /** Blocks that a viewer who was there the whole time has not got. */
  readonly lost: number
  readonly waste: number
  readonly repairs: number
  readonly depth: number
}

/** What the viewers that are alive got of the blocks appended in a stretch of time. */
export function figuresOf(
  swarm: SimulatedSwarm,
  fromMs: number,
  toMs: number,
  viewers: readonly SimulatedNode[] = swarm.alive,
): Figures {
  const blocks = swarm.appendedMs.flatMap((atMs, index) => (atMs >= fromMs && atMs < toMs ? [index] : []))
  const delays: number[] = []
  let lost = 0
  let gapMs = 0
  for (const { log } of viewers) {
    const arrivals = new Map(log.arrivals.map(({ index, atMs }) => [index, atMs]))
    let lastMs: number | null = null
    for (const index of blocks) {
      const atMs = arrivals.get(index)
      if (atMs === undefined) {
        lost++
        continue
      }
      delays.push(atMs - (swarm.appendedMs[index] ?? 0))
      if (lastMs !== null) gapMs = Math.max(gapMs, atMs - lastMs)
      lastMs = atMs
    }
  }
  delays.sort((one, other) => one - other)
  const at = (share: number): number =>
    Math.round(delays[Math.min(delays.length - 1, Math.floor(share * delays.length))] ?? 0)
  const figures = viewers.map(({ overlay }) => overlay.figures())
  const taken = figures.reduce((sum, { takenBlocks }) => sum + takenBlocks, 0)
  return {
    sourceCopies: Math.round((swarm.source.sentBlocks / swarm.appendedMs.length) * 100) / 100,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    gapMs: Math.round(gapMs),
    lost,
    waste: Math.round((figures.reduce((sum, { duplicates }) => sum + duplicates, 0) / taken) * 1000) / 1000,
    repairs: figures.reduce((sum, { repairs }) => sum + repairs, 0),
    depth: Math.max(...figures.map(({ depth }) => depth ?? Number.NaN)),
  }
}
