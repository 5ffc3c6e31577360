/** Settings of the live overlay. The defaults are those that met the aims in `pnpm bench swarm`. */

/** Times of the overlay, milliseconds. */
export interface LiveTimers {
  /** How often a node tells those above and below it that it is there and what it has: their blocks depend on it. */
  readonly heartbeatMs: number
  /** How often it tells other neighbours: they need it only to know whom to ask. */
  readonly idleHeartbeatMs: number
  /** One above or below that said nothing for so long is dead: several heartbeats, as one may be late and another lost. */
  readonly deadMs: number
  /** Any other neighbour that said nothing for so long is dead. */
  readonly idleDeadMs: number
  /** A block that others have is asked for after this: later than the slowest path of a healthy tree, or repairs cost more than losses. */
  readonly pullMs: number
  /** An answer that has not come by then is asked of somebody else: a round trip of a long line, and a little more. */
  readonly retryMs: number
  /** The source is asked from then on: it is the last resort, or a loss near the root would be asked of it by everybody. */
  readonly sourcePullMs: number
  /** Blocks that nobody in reach has are fetched by replication from then on. */
  readonly catchUpMs: number
  /** How long children have to find others when this node leaves. */
  readonly leaveMs: number
}

/** Settings of one node. Every node of a channel has the same `stripes`; the others are each node's own. */
export interface LiveSettings {
  /**
   * Trees that blocks are dealt out to in turn. With four, a node that dies takes a quarter of the blocks of those below
   * it, and a node's upload comes in quarters of the stream. More means more messages for the same.
   */
  readonly stripes: number
  /** Copies of the stream that leave the source: with two, the loss of one child of the source cuts nobody off from all of a stripe. */
  readonly sourceCopies: number
  /** Copies of the stream that a node passes on at the most: all together need one each, and where many uplinks carry less than that the others have to give more. */
  readonly maxUploads: number
  readonly timers: LiveTimers
}

/** How often everything that waits is looked at, ms. */
export const tickMs = 50
/** A hop's own delay beside the line's, ms: serialisation, check, hand-over. */
export const hopMs = 30
/** Deepest place in a tree: log₆ of a million, and twice as much again for repairs. */
export const maxDepth = 16

export const defaultLiveSettings: LiveSettings = {
  stripes: 4,
  sourceCopies: 2,
  maxUploads: 4,
  timers: {
    heartbeatMs: 100,
    idleHeartbeatMs: 300,
    deadMs: 400,
    idleDeadMs: 1200,
    pullMs: 250,
    retryMs: 200,
    sourcePullMs: 700,
    catchUpMs: 2500,
    leaveMs: 1000,
  },
}
