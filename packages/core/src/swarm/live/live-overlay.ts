/**
 * The live edge of a channel on one node: newest blocks are pushed from node to node along one tree per stripe, so that the
 * source sends each of them about twice, however many watch. docs/live-protocol.md has the messages and the rules.
 */
import type { Clock } from '../clock.ts'
import type { UploadBudget } from '../upload-budget.ts'
import { Adverts } from './adverts.ts'
import { BlockWindow } from './block-window.ts'
import { Children } from './children.ts'
import { Departure } from './departure.ts'
import { Gifts } from './gifts.ts'
import { Intake, type IntakeEvents } from './intake.ts'
import { Joining } from './joining.ts'
import { type Hello, liveVersion } from './live-messages.ts'
import { type LiveSettings, tickMs } from './live-options.ts'
import type { LivePeer, LivePeerEvents } from './live-peer.ts'
import type { Advert, LiveBlock, LiveLog, LiveRole, NodeId } from './live-types.ts'
import { homeOf, Neighbour } from './neighbour.ts'
import type { LiveCounts, OverlayState } from './overlay-state.ts'
import { Parents } from './parents.ts'
import { Pulse } from './pulse.ts'
import { Repair } from './repair.ts'
import { Situation, type SituationEvents } from './situation.ts'

/** Who has been silent for so long needs nothing any more, ms. */
const silenceMs = 5000

/** What a node's overlay is made of. */
export interface LiveOverlayOptions extends IntakeEvents, SituationEvents {
  readonly id: NodeId
  readonly role: LiveRole
  /** Whether it passes blocks on; can be changed later. */
  readonly isOpen: boolean
  readonly settings: LiveSettings
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  readonly log: LiveLog
  readonly budget: UploadBudget
  /** The manifest in hypercore's encoding; null where it is not known yet. */
  manifest(): Uint8Array | null
  /** Takes what a peer says of the manifest, while it is not known. False where it is another channel's. */
  onmanifest(bytes: Uint8Array): boolean
  /** For the first time the upload limit did not allow a block that somebody should have got. */
  onheldback(): void
}

/** Figures of the overlay. */
export interface LiveFigures extends LiveCounts {
  /** Peers that speak the protocol. */
  readonly neighbours: number
  /** Places that others take here, in stripes; and how many there could be. */
  readonly children: number
  readonly places: number
  /** Stripes that have a parent. */
  readonly parents: number
  /** Hops from the source, in the stripe where it is farthest; null where it has no place in one. */
  readonly depth: number | null
}

/** One node's part in the overlay. */
export class LiveOverlay {
  readonly #options: LiveOverlayOptions
  readonly #window = new BlockWindow()
  readonly #neighbours = new Set<Neighbour>()
  readonly #state: OverlayState
  readonly #parents: Parents
  readonly #children: Children
  readonly #departure: Departure
  readonly #adverts: Adverts
  readonly #joining: Joining
  readonly #gifts: Gifts
  readonly #repair: Repair
  readonly #intake: Intake
  readonly #pulse: Pulse
  readonly #situation: Situation
  readonly #counts: LiveCounts = {
    pushedBytes: 0,
    pushedBlocks: 0,
    takenBlocks: 0,
    repairs: 0,
    duplicates: 0,
    duplicateBytes: 0,
    parentsLost: 0,
    banished: 0,
    heldBack: 0,
  }
  #stopTick: () => void
  #isClosed = false

  constructor(options: LiveOverlayOptions) {
    this.#options = options
    const { id, role, settings, clock, random, log, budget } = options
    const state: OverlayState = {
      id,
      role,
      home: homeOf(id, settings.stripes),
      settings,
      clock,
      random,
      log,
      window: this.#window,
      neighbours: this.#neighbours,
      counts: this.#counts,
      budget,
      isClose: (neighbour) => this.#parents.includes(neighbour) || this.#children.includes(neighbour),
      offer: (neighbour, indices) => this.#gifts.offer(neighbour, indices),
      changed: () => this.#adverts.onchange(),
      heldBack: () => {
        if (this.#counts.heldBack++ === 0) options.onheldback()
      },
      banish: (neighbour, reason) => this.#banish(neighbour, reason),
    }
    this.#state = state
    this.#parents = new Parents(state)
    this.#children = new Children(state, this.#parents, options.isOpen)
    this.#departure = new Departure(state, this.#parents, this.#children)
    this.#adverts = new Adverts(state, this.#parents, this.#children, this.#departure)
    this.#joining = new Joining(state)
    this.#gifts = new Gifts(state, this.#children)
    this.#repair = new Repair(state, this.#parents, this.#joining)
    this.#pulse = new Pulse(state, this.#children)
    this.#situation = new Situation(state, this.#parents, this.#joining, options)
    this.#intake = new Intake(state, this.#children, this.#repair, this.#joining, options)
    this.#stopTick = clock.after(tickMs * random(), () => this.#tick())
  }

  /** What is said first to a peer. */
  get hello(): Hello {
    return { version: liveVersion, stripes: this.#options.settings.stripes }
  }

  /** Stripe in which this node is meant to pass on. */
  get home(): number {
    return this.#state.home
  }

  /** Whether blocks are passed on. */
  get isOpen(): boolean {
    return this.#children.isOpen
  }

  set isOpen(isOpen: boolean) {
    this.#children.isOpen = isOpen
  }

  figures(): LiveFigures {
    const stripes = Array.from({ length: this.#options.settings.stripes }, (_, stripe) => stripe)
    const depths = stripes.map((stripe) => this.#parents.position(stripe)?.path.length ?? null)
    return {
      ...this.#counts,
      neighbours: this.#neighbours.size,
      children: this.#children.used,
      places: this.#children.places,
      parents: stripes.filter((stripe) => this.#parents.parent(stripe) !== null).length,
      depth: depths.includes(null) ? null : Math.max(...depths.map((depth) => (depth ?? 1) - 1)),
    }
  }

  /** Whether a neighbour is the broadcaster, by its own word. */
  isSource(id: NodeId): boolean {
    return [...this.#neighbours].some(({ peer, role }) => peer.id === id && role === 'source')
  }

  /** Whether a neighbour's log has at least a length that this node's has: the source's surely does. */
  isAsLong(id: NodeId, length: number): boolean {
    return [...this.#neighbours].some(
      ({ peer, role, have }) => peer.id === id && (role === 'source' || have.next >= length),
    )
  }

  /** How many peers take part. */
  get neighbours(): number {
    return this.#neighbours.size
  }

  /** Neighbours that have not told yet that they have a block; a busy machine may have kept them from it, or this node from hearing them. */
  waitingFor(index: number): number {
    const since = this.#options.clock.now() - silenceMs
    return [...this.#neighbours].filter((one) => one.heardMs >= since && one.have.next <= index).length
  }

  /** A peer that takes part. */
  add(peer: LivePeer): LivePeerEvents {
    const { settings, clock } = this.#options
    const neighbour = new Neighbour(peer, settings.stripes, clock.now())
    this.#neighbours.add(neighbour)
    const manifest = this.#options.manifest()
    if (manifest !== null) peer.manifest(manifest)
    this.#pulse.beat(neighbour)
    peer.advert(this.#adverts.own)
    this.#situation.check()
    return this.#events(neighbour)
  }

  /** A block that this node has appended: it goes out. */
  publish(block: LiveBlock): void {
    this.#intake.publish(block)
  }

  /** The log has grown by other means: what waited for that goes on. */
  onlength(): void {
    this.#situation.checkAwaited()
    void this.#intake.apply()
  }

  /** The manifest has become known here: others may need it. */
  tellManifest(bytes: Uint8Array): void {
    for (const { peer } of this.#neighbours) peer.manifest(bytes)
    this.#join()
  }

  /** Hands those below over to others; resolves when nobody needs this node any more, or they had their time. */
  leave(): Promise<void> {
    return this.#departure.leave()
  }

  close(): void {
    this.#isClosed = true
    this.#stopTick()
    this.#adverts.close()
    this.#intake.close()
    this.#neighbours.clear()
    this.#departure.close()
  }

  #events(neighbour: Neighbour): LivePeerEvents {
    const { clock, settings, log } = this.#options
    const inStripe = (stripe: number, go: () => void): void => {
      if (stripe < settings.stripes) go()
      else this.#banish(neighbour, `there is no stripe ${stripe}`)
    }
    return {
      onany: () => {
        if (!this.#neighbours.has(neighbour)) return false
        if (neighbour.hear(clock.now())) return true
        this.#banish(neighbour, 'it sends more messages than anybody needs')
        return false
      },
      onmanifest: (bytes) => {
        if (log.canCheck || this.#options.onmanifest(bytes)) return
        this.#banish(neighbour, 'its manifest is of another channel')
      },
      onadvert: (advert) => this.#onadvert(neighbour, advert),
      onsubscribe: (subscribe) => {
        const { stripe, have } = subscribe
        inStripe(stripe, () => {
          // A newcomer asks for what there is by now, and is pushed what comes after.
          if (have.next === 0) this.#pulse.tellNews(neighbour)
          if (this.#departure.isUnderWay) neighbour.peer.deny({ stripe, retryMs: settings.timers.leaveMs })
          else this.#children.onsubscribe(neighbour, subscribe)
        })
      },
      onunsubscribe: (stripe) => {
        this.#children.onunsubscribe(neighbour, stripe)
        this.#departure.onchildgone()
      },
      onaccept: (stripe) =>
        inStripe(stripe, () => {
          this.#joining.onaccept(neighbour, stripe)
          this.#parents.onaccept(neighbour, stripe)
        }),
      ondeny: ({ stripe, retryMs }) => this.#parents.ondeny(neighbour, stripe, retryMs),
      ondropped: (stripe) => this.#parents.ondropped(neighbour, stripe),
      onheartbeat: (heartbeat) => this.#pulse.onheartbeat(neighbour, heartbeat),
      onblock: (block) => {
        this.#intake.take(neighbour, block)
        // Whoever gave it has room for the next one.
        if (this.#neighbours.has(neighbour) && neighbour.wasPulled(block.index)) this.#pulse.beat(neighbour)
        this.#join()
      },
      onpull: (indices) => {
        this.#children.onpull(neighbour, indices)
        this.#gifts.onpull(neighbour, indices)
      },
      onleave: () => {
        neighbour.isLeaving = true
        this.#parents.onleave(neighbour)
      },
      ondrain: () => {
        neighbour.fullSinceMs = null
      },
      onclose: () => this.#remove(neighbour),
    }
  }

  #remove(neighbour: Neighbour): void {
    if (!this.#neighbours.delete(neighbour)) return
    this.#gifts.onclose(neighbour)
    this.#parents.onclose(neighbour)
    this.#children.onclose(neighbour)
    this.#departure.onchildgone()
    this.#situation.check()
  }

  #banish(neighbour: Neighbour, reason: string): void {
    if (!this.#neighbours.has(neighbour)) return
    this.#counts.banished++
    this.#remove(neighbour)
    neighbour.peer.banish(reason)
  }

  #onadvert(neighbour: Neighbour, advert: Advert): void {
    if (!this.#adverts.take(neighbour, advert)) {
      this.#banish(neighbour, 'its advert is not of this overlay')
      return
    }
    this.#parents.onadvert(neighbour)
    if (!this.#departure.isUnderWay) this.#parents.fill()
    this.#join()
  }

  #tick(): void {
    if (this.#isClosed) return
    const { clock, role } = this.#options
    this.#stopTick = clock.after(tickMs, () => this.#tick())
    this.#pulse.pardonSilence()
    if (!this.#departure.isUnderWay || !this.#children.isEmpty) this.#parents.tick()
    this.#children.tick()
    this.#gifts.serve()
    if (role !== 'source') this.#repair.tick()
    if (this.#joining.isUnderWay) {
      this.#joining.tick()
      void this.#intake.apply()
    }
    this.#situation.tick()
    this.#pulse.tick()
  }

  /** Whoever has nothing yet asks at once for what it has just heard of. */
  #join(): void {
    if (!this.#joining.isUnderWay || this.#isClosed) return
    this.#situation.checkAwaited()
    this.#repair.tick()
  }
}
