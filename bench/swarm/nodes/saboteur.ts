/**
 * A node that speaks the live protocol and means ill. It makes itself attractive (a place right below the source, every block, room for
 * all) and then does what its kind does. It gets blocks as an honest leaf does, to have something to work with.
 */

import { discoveryKey, keyPair } from 'hypercore-crypto'
import { parseLink } from '../../../packages/core/src/link/link.ts'
import { nodeIdOf, openLiveChannel } from '../../../packages/core/src/swarm/live/live-channel.ts'
import { liveVersion } from '../../../packages/core/src/swarm/live/live-messages.ts'
import { defaultLiveSettings } from '../../../packages/core/src/swarm/live/live-options.ts'
import type { LivePeer, LivePeerEvents } from '../../../packages/core/src/swarm/live/live-peer.ts'
import type { Have, LiveBlock, NodeId } from '../../../packages/core/src/swarm/live/live-types.ts'
import { stripeTopic } from '../../../packages/core/src/swarm/live/stripe-topic.ts'
import { Swarm } from '../../../packages/core/src/swarm/swarm.ts'
import type { EmulatedHost } from '../network/host.ts'
import type { Clock } from '../time/clock.ts'

/**
 * What it does to those it accepted, or to everybody:
 * `garbage`: gives blocks with a changed byte. `replay`: gives the same old block again and again. `withhold`: gives nothing. `drip`:
 * gives one block of three. `flood`: sends adverts and requests as fast as it can. `oversized`: sends a block of 4 MB that is none.
 */
export const sabotages = ['garbage', 'replay', 'withhold', 'drip', 'flood', 'oversized'] as const
export type Sabotage = (typeof sabotages)[number]

const { stripes } = defaultLiveSettings
const everyStripe = Array.from({ length: stripes }, (_, stripe) => stripe)
const rememberedBlocks = 64
const beatMs = 200
const floodMs = 2

/** A running saboteur. */
export class Saboteur {
  readonly host: EmulatedHost
  readonly #kind: Sabotage
  readonly #clock: Clock
  readonly #keys = keyPair()
  readonly #id: NodeId = nodeIdOf(this.#keys.publicKey)
  readonly #peers = new Map<LivePeer, { isSource: boolean; readonly stripes: Set<number> }>()
  readonly #blocks: LiveBlock[] = []
  #head = 0

  constructor(host: EmulatedHost, clock: Clock, kind: Sabotage) {
    this.host = host
    this.#clock = clock
    this.#kind = kind
  }

  async start(link: string): Promise<void> {
    const topic = discoveryKey(parseLink(link))
    const swarm = new Swarm({
      keyPair: this.#keys,
      transports: [this.host.transport],
      maxPeers: 16,
      now: () => this.#clock.now(),
      onopen: (connection) => {
        openLiveChannel(connection, {
          id: topic,
          hello: { version: liveVersion, stripes },
          onopen: (peer) => this.#add(peer),
        })
      },
      onclose() {},
      onwarning() {},
    })
    const home = Number.parseInt(this.#id.slice(0, 8), 16) % stripes
    await swarm.open([topic, stripeTopic(topic, home, stripes)])
    this.#repeat(beatMs, () => this.#beat())
    if (this.#kind === 'flood') this.#repeat(floodMs, () => this.#flood())
  }

  #repeat(ms: number, run: () => void): void {
    this.#clock.after(ms, () => {
      run()
      this.#repeat(ms, run)
    })
  }

  #add(peer: LivePeer): LivePeerEvents {
    const known = { isSource: false, stripes: new Set<number>() }
    this.#peers.set(peer, known)
    this.#tell(peer)
    for (const stripe of everyStripe) peer.subscribe({ stripe, have: this.#have })
    return {
      onany: () => true,
      onmanifest() {},
      onadvert: ({ role }) => {
        known.isSource = role === 'source'
      },
      onsubscribe: ({ stripe }) => {
        known.stripes.add(stripe)
        peer.accept(stripe)
        if (this.#kind === 'oversized') peer.block(oversized(this.#head))
      },
      onunsubscribe: (stripe) => known.stripes.delete(stripe),
      onaccept() {},
      ondeny() {},
      ondropped() {},
      onheartbeat: ({ have }) => {
        this.#head = Math.max(this.#head, have.next)
      },
      onblock: (block) => this.#take(block),
      onpull: () => this.#replay(peer),
      onleave() {},
      ondrain() {},
      onclose: () => this.#peers.delete(peer),
    }
  }

  get #have(): Have {
    return { first: 0, next: this.#head, bits: [0, 0] }
  }

  #take(block: LiveBlock): void {
    this.#blocks.push(block)
    if (this.#blocks.length > rememberedBlocks) this.#blocks.shift()
    this.#head = Math.max(this.#head, block.index + 1)
    for (const [peer, { stripes }] of this.#peers) {
      if (!stripes.has(block.index % everyStripe.length)) continue
      if (this.#kind === 'garbage') peer.block(garbled(block))
      else if (this.#kind === 'drip' && block.index % 3 === 0) peer.block(block)
      else this.#replay(peer)
    }
  }

  #replay(peer: LivePeer): void {
    const [oldest] = this.#blocks
    if (this.#kind === 'replay' && oldest !== undefined) peer.block(oldest)
    if (this.#kind === 'garbage' && oldest !== undefined) peer.block(garbled(oldest))
  }

  #beat(): void {
    for (const peer of this.#peers.keys()) this.#tell(peer)
  }

  /** That it stands right below the source and has everything. */
  #tell(peer: LivePeer): void {
    const source = [...this.#peers].find(([, { isSource }]) => isSource)?.[0].id ?? '0000000000000000'
    const position = { path: [source, this.#id], costMs: 1 }
    peer.heartbeat({ sentMs: 1, echoMs: 0, heldMs: 0, have: this.#have })
    peer.advert({ role: 'node', stripes: everyStripe.map(() => ({ position, free: 8 })), places: 32 })
  }

  #flood(): void {
    for (const peer of this.#peers.keys()) {
      this.#tell(peer)
      peer.pull(Array.from({ length: 16 }, (_, back) => Math.max(0, this.#head - back - 1)))
    }
  }
}

function garbled(block: LiveBlock): LiveBlock {
  const value = new Uint8Array(block.value)
  value[value.length - 1] = (value.at(-1) ?? 0) ^ 1
  return { ...block, value }
}

function oversized(index: number): LiveBlock {
  return { index, peaks: [], signature: new Uint8Array(64), value: new Uint8Array(4 * 1024 * 1024) }
}
