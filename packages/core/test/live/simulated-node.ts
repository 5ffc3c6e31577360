// One node of a simulated swarm: a real overlay on a simulated log, behind one uplink.
import type { LiveSettings } from '../../src/swarm/live/live-options.ts'
import { LiveOverlay, type LiveOverlayOptions } from '../../src/swarm/live/live-overlay.ts'
import type { LivePeerEvents } from '../../src/swarm/live/live-peer.ts'
import type { LiveRole } from '../../src/swarm/live/live-types.ts'
import { UploadBudget } from '../../src/swarm/upload-budget.ts'
import { SimulatedLog } from './simulated-log.ts'
import { SimulatedUplink } from './simulated-uplink.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** One end of a line. */
export interface LineEnd {
  readonly node: SimulatedNode
  events: LivePeerEvents | null
  isGone: boolean
}

/** What a node is: an honest one where nothing else is said. */
export type MakeOverlay = (options: LiveOverlayOptions) => LiveOverlay

/** What a node is made of. */
export interface NodePlan {
  readonly clock: VirtualClock
  readonly random: () => number
  readonly role: LiveRole
  readonly settings: LiveSettings
  /** Its uplink, bit/s. */
  readonly bits: number
  /** What it may upload, bytes per second. @default no limit */
  readonly uploadLimit: number | undefined
  /** Log of the source; null where this is the source. */
  readonly source: SimulatedLog | null
  /** It has no place in some stripe and should get to know one more. */
  onlonely(node: SimulatedNode): void
  readonly makeOverlay: MakeOverlay | undefined
}

/** One node of the swarm. */
export class SimulatedNode {
  readonly id: string
  readonly log: SimulatedLog
  readonly overlay: LiveOverlay
  readonly links = new Map<SimulatedNode, LineEnd>()
  readonly uplink: SimulatedUplink
  sentBytes = 0
  sentBlocks = 0
  isDead = false
  /** Whom it has banished, and why. */
  readonly banished: { readonly id: string; readonly reason: string }[] = []

  constructor(plan: NodePlan) {
    const { clock, random, role, makeOverlay = (options) => new LiveOverlay(options) } = plan
    this.id = Array.from({ length: 16 }, () => Math.floor(random() * 16).toString(16)).join('')
    this.log = new SimulatedLog(clock, plan.source)
    this.uplink = new SimulatedUplink(clock, plan.bits)
    const bytesPerSecond = plan.uploadLimit ?? Number.POSITIVE_INFINITY
    this.overlay = makeOverlay({
      id: this.id,
      role,
      isOpen: role !== 'leaf',
      settings: plan.settings,
      clock,
      random,
      log: this.log,
      budget: new UploadBudget({ bytesPerSecond, now: () => clock.now() }),
      manifest: () => null,
      onmanifest: () => true,
      onactive: () => {},
      onawaited: (isAwaited) => {
        if (!isAwaited && this.log.length === 0) this.log.join()
      },
      onheldback: () => {},
      onlonely: () => plan.onlonely(this),
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
