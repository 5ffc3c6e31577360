/**
 * How two nodes that are not connected swap an offer and an answer. Trackers are one way; peers that both are connected
 * with are another; a test has its own. A signalling carries texts and decides nothing: whether a connection is wanted,
 * who made a description and whether that is true is the session's business, which checks whatever arrives.
 */
import type { TopicOptions, TransportTopic } from '@hypervision/core/contracts'

/** A way to swap offers and answers. */
export interface Signalling {
  /** Starts it for one opened transport. Throws nothing: trouble goes to {@link SignallingHost.onerror}. */
  start(host: SignallingHost): SignallingSession
}

/** What a signalling does for an opened transport. */
export interface SignallingSession {
  /** Joins a topic of 32 bytes. Joining one that is joined already replaces what was asked for. */
  join(topic: Uint8Array, options: TopicOptions): TransportTopic
  /** A connection was lost, or more may be made than before: look for peers again soon. */
  seek(): void
  /** The machine has a network again: whatever waits before it is tried again is tried now. */
  hurry?(): void
  /** Leaves everything and frees everything. Idempotent. */
  close(): Promise<void>
}

/** An offer on its way to one peer. */
export interface SignallingOffer {
  /** 20 random bytes in hex: comes back with the answer. */
  readonly id: string
  /** Description; signed, complete with its candidates. */
  readonly sdp: string
}

/** What an opened transport does for a signalling. */
export interface SignallingHost {
  /** How many connections are open. */
  readonly connected: number
  /** How many more offers would be of use now. */
  readonly wanted: number
  /**
   * Makes offers for a topic, fewer than asked for where fewer are wanted; each goes to another peer. One that is not
   * answered within five seconds is void.
   */
  offer(topic: Uint8Array, count: number): Promise<readonly SignallingOffer[]>
  /** Takes a peer's offer; its answer, or null where there is none to give. Never rejects. */
  answer(topic: Uint8Array, sdp: unknown): Promise<string | null>
  /** Takes a peer's answer to an offer of one's own. What does not fit is left alone. */
  complete(topic: Uint8Array, offerId: string, sdp: unknown): void
  /** Reports trouble that the signalling is repairing by itself. */
  onerror(error: Error): void
}
