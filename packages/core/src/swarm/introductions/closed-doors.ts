/**
 * Who is not to be connected with for a while: a full peer that took this node as a guest, and a guest that has just left. Both
 * would only come to the same end again.
 */
import type { Clock } from '../clock.ts'

/** Waits before a full peer is called again, milliseconds: doubled each time, each up to `jitter` of it longer or shorter. */
const firstWaitMs = 2000
const longestWaitMs = 120_000
const jitter = 0.25
/** A guest that left is not taken again before that while this node is full. */
const guestAgainMs = 2000
/** Peers that are remembered in each way; the oldest are forgotten. */
const maxDoors = 1024

interface Door {
  readonly until: number
  readonly waitMs: number
}

/** Doors by the peer's id. */
export class ClosedDoors {
  readonly #clock: Clock
  readonly #random: () => number
  readonly #hosts = new Map<string, Door>()
  readonly #guests = new Map<string, Door>()

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock
    this.#random = random
  }

  /** @param isFull whether this node has no room itself */
  mayConnect(id: string, isFull: boolean): boolean {
    const now = this.#clock.now()
    if ((this.#hosts.get(id)?.until ?? 0) > now) return false
    return !isFull || (this.#guests.get(id)?.until ?? 0) <= now
  }

  /** This node was a guest of the peer. */
  leftHost(id: string): void {
    const before = this.#hosts.get(id)?.waitMs
    const waitMs = before === undefined ? firstWaitMs : Math.min(2 * before, longestWaitMs)
    this.#remember(this.#hosts, id, { waitMs, until: this.#in(waitMs * (1 - jitter + this.#random() * 2 * jitter)) })
  }

  /** The peer was a guest of this node. */
  guestLeft(id: string): void {
    this.#remember(this.#guests, id, { waitMs: guestAgainMs, until: this.#in(guestAgainMs) })
  }

  /** The peer has room. */
  open(id: string): void {
    this.#hosts.delete(id)
  }

  /** Things have changed: whoever was full is worth another call. */
  openAll(): void {
    this.#hosts.clear()
  }

  #in(ms: number): number {
    return this.#clock.now() + ms
  }

  #remember(doors: Map<string, Door>, id: string, door: Door): void {
    doors.delete(id)
    doors.set(id, door)
    const [oldest] = doors.keys()
    if (doors.size > maxDoors && oldest !== undefined) doors.delete(oldest)
  }
}
