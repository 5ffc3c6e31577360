/**
 * Nodes of a simulated swarm that break the rules, each in one way: an honest node whose words are changed on their way out. What they hear
 * they handle as anybody does, so that they stay where they do harm for as long as they are let.
 */
import type { Clock } from '../../src/swarm/clock.ts'
import { LiveOverlay } from '../../src/swarm/live/live-overlay.ts'
import type { LivePeer, LivePeerEvents } from '../../src/swarm/live/live-peer.ts'
import type { Advert, Have, LiveBlock, NodeId } from '../../src/swarm/live/live-types.ts'
import type { MakeOverlay } from './simulated-node.ts'

/** What a node that breaks the rules knows. */
interface Situation {
  /** Itself. */
  readonly id: NodeId
  readonly clock: Clock
  readonly sourceId: NodeId
  readonly stripes: number
  /** Does something again and again, while the connection lasts. */
  every(ms: number, act: () => void): void
}

/** Changes what a node says to one peer. */
export type Misbehaviour = (peer: LivePeer, situation: Situation) => Partial<LivePeer>

class MisbehavingOverlay extends LiveOverlay {
  readonly #misbehaviour: Misbehaviour
  readonly #situation: Omit<Situation, 'every'>

  constructor(
    options: ConstructorParameters<typeof LiveOverlay>[0],
    misbehaviour: Misbehaviour,
    situation: Omit<Situation, 'every'>,
  ) {
    super(options)
    this.#misbehaviour = misbehaviour
    this.#situation = situation
  }

  override add(peer: LivePeer): LivePeerEvents {
    const { clock } = this.#situation
    let isOpen = true
    const every = (ms: number, act: () => void): void => {
      clock.after(ms, () => {
        if (!isOpen) return
        act()
        every(ms, act)
      })
    }
    const events = super.add({ ...peer, ...this.#misbehaviour(peer, { ...this.#situation, every }) })
    return {
      ...events,
      onclose: () => {
        isOpen = false
        events.onclose()
      },
    }
  }
}

/** Makes nodes that break the rules in a way. */
export function misbehaving(misbehaviour: Misbehaviour, sourceId: NodeId): MakeOverlay {
  return (options) => {
    const { id, clock, settings } = options
    return new MisbehavingOverlay(options, misbehaviour, { id, clock, sourceId, stripes: settings.stripes })
  }
}

const silent = (): void => {}

/** Says to be right below the source, with room for everybody: a place that cannot be bettered. */
function attractive({ id, sourceId, stripes }: Situation): Advert {
  const position = { path: [sourceId, id], costMs: 1 }
  return { role: 'node', stripes: Array.from({ length: stripes }, () => ({ position, free: 8 })), places: 32 }
}

/** Passes on what the broadcaster has not signed. */
export const forges: Misbehaviour = (peer) => ({
  block: (block) => peer.block({ ...block, signature: new Uint8Array([0]) }),
})

/** Sends each block ten times, and ten times the first that it ever sent. */
export const replays: Misbehaviour = (peer) => {
  let first: LiveBlock | null = null
  return {
    block(block) {
      first ??= block
      for (let time = 0; time < 10; time++) peer.block(first)
      for (let time = 0; time < 9; time++) peer.block(block)
      return peer.block(block)
    },
  }
}

/** Advertises as fast as it can. */
export const floodsAdverts: Misbehaviour = (peer, { every }) => {
  let last: Advert | null = null
  every(2, () => last !== null && peer.advert(last))
  return {
    advert(advert) {
      last = advert
      peer.advert(advert)
    },
  }
}

/** Asks for everything that it was told of, as fast as it can, or as fast as it may. */
export const floodsPulls =
  (everyMs: number): Misbehaviour =>
  (peer, { every }) => {
    let next = 0
    every(everyMs, () => peer.pull(Array.from({ length: 16 }, (_, at) => Math.max(0, next + 8 - at))))
    return {
      heartbeat(beat) {
        ;({ next } = beat.have)
        peer.heartbeat(beat)
      },
    }
  }

/** Takes children by the best of places, says what it has, and gives nothing. */
export const withholds: Misbehaviour = (peer, situation) => ({
  advert: () => peer.advert(attractive(situation)),
  block: () => true,
})

/** The same, without saying that it has anything. */
export const playsDumb: Misbehaviour = (peer, situation) => ({
  ...withholds(peer, situation),
  heartbeat: (beat) => peer.heartbeat({ ...beat, have: { first: 0, next: 1, bits: [0, 0] } }),
})

/** Takes children by the best of places, and gives them every second block. */
export const givesHalf: Misbehaviour = (peer, situation) => {
  let blocks = 0
  return { ...withholds(peer, situation), block: (block) => (blocks++ % 2 === 0 ? peer.block(block) : true) }
}

/** Takes children by the best of places, and lets each block wait for a second. */
export const drips: Misbehaviour = (peer, situation) => ({
  ...withholds(peer, situation),
  block(block) {
    situation.clock.after(1000, () => peer.block(block))
    return true
  },
})

/** Drips, and does not say that it has what it lets wait. */
export const dripsInSilence: Misbehaviour = (peer, situation) => ({
  ...drips(peer, situation),
  heartbeat: (beat) => peer.heartbeat({ ...beat, have: { ...beat.have, next: Math.max(1, beat.have.next - 20) } }),
})

/** Gives its place as that of another. */
export const namesAnother: Misbehaviour = (peer, situation) => ({
  advert(advert) {
    const position = { path: [situation.sourceId, 'f'.repeat(16)], costMs: 1 }
    peer.advert({ ...advert, stripes: advert.stripes.map(() => ({ position, free: 8 })), places: 32 })
  },
})

/** Tells each peer that it stands below it. */
export const loops: Misbehaviour = (peer, situation) => ({
  advert(advert) {
    const position = { path: [situation.sourceId, peer.id, situation.id], costMs: 1 }
    peer.advert({ ...advert, stripes: advert.stripes.map(() => ({ position, free: 8 })), places: 32 })
  },
})

/** Claims to be right below the source, wherever it is, and passes on what it gets. */
export const claimsShortPath: Misbehaviour = (peer, situation) => ({
  advert: () => peer.advert(attractive(situation)),
})

/** Says to have blocks that do not exist, and gives none. */
export const claimsTheFuture: Misbehaviour = (peer, situation) => {
  const have: Have = { first: 0, next: 1_000_000, bits: [0xffff_ffff, 0xffff_ffff] }
  return { ...withholds(peer, situation), heartbeat: (beat) => peer.heartbeat({ ...beat, have }) }
}

/** Subscribes, and takes it back, in every stripe in turn, a hundred times a second. */
export const subscribesAndLeaves: Misbehaviour = (peer, { every, stripes }) => {
  let turn = 0
  every(10, () => {
    const stripe = (turn++ >> 1) % stripes
    if (turn % 2 === 0) peer.unsubscribe(stripe)
    else peer.subscribe({ stripe, have: { first: 0, next: 0, bits: [0, 0] } })
  })
  return { advert: silent }
}
