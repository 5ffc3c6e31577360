/** What the bench and its peers, each in a process of its own, tell each other. */
import type { BroadcastStats, ViewerStats } from '@hypervision/core'
import type { Arrival } from '../peers/phase.ts'

/** What a peer is to do; the last argument of its process, as JSON. */
export type PeerPlan =
  | { readonly role: 'bootstrap'; readonly host: string }
  | { readonly role: 'broadcaster'; readonly bootstrap: string; readonly bitsPerSecond: number }
  | { readonly role: 'viewer'; readonly bootstrap: string; readonly link: string }

/** What a peer tells. */
export type PeerMessage =
  /** A bootstrap node's address, a broadcaster's link; a viewer has its first block that can be played. */
  | { readonly type: 'ready'; readonly value: string; readonly tookMs: number }
  /** The answer to `ask`. */
  | {
      readonly type: 'figures'
      readonly arrivals: readonly Arrival[]
      readonly stats: BroadcastStats | ViewerStats | null
    }

/** What a peer is told. */
export type PeerOrder = 'ask' | 'close'
