/**
 * What a node gives beside what it pushes: blocks that neighbours ask for, and those that a new child has missed. They yield to what is
 * pushed, as {@link GiftWindow} has it, and wait a moment where there is no room; each neighbour has its turn. Those who ask get one copy of
 * the stream, all together. The source has a smaller measure for newcomers, who come in crowds and can have the same from others a moment later.
 */
import type { Children } from './children.ts'
import { GiftWindow } from './gift-window.ts'
import type { Neighbour } from './neighbour.ts'
import type { OverlayState } from './overlay-state.ts'

/** Blocks that are given at once. */
const mostGifts = 64
/** What the source has for newcomers when its places are taken: blocks at once, and for each new block. Together with two copies it makes some three. */
const mostWelcomes = 10
const welcomesPerBlock = 0.4
/** For each copy that it does not push it has so many more at once: who comes alone gets all from one keyframe to the next. */
const welcomesPerCopy = 6
/** A stream that has brought nothing new for so long leaves its uplink to those who ask, ms. */
const quietMs = 1000
/** Blocks that one neighbour may wait for. */
const mostWaiting = 32
/** Who has waited so long asks somebody else, ms. */
const patienceMs = 500

interface Wanted {
  readonly index: number
  readonly sinceMs: number
  /** Whether it was asked for: a neighbour may ask for so many only. */
  readonly isPulled: boolean
}

/** The gifts of one node. */
export class Gifts {
  readonly #state: OverlayState
  readonly #children: Children
  /** The source has none: by the word of those who crowd around it, it could be lied down to nothing. */
  readonly #window: GiftWindow | null
  /** What each neighbour waits for; whose turn it is comes first. */
  readonly #waiting = new Map<Neighbour, Wanted[]>()
  #left = mostGifts
  #welcomes = Number.POSITIVE_INFINITY
  #head = 0
  /** When something new was seen last. */
  #newMs = 0
  #isQuiet = false

  constructor(state: OverlayState, children: Children) {
    this.#state = state
    this.#children = children
    this.#window = state.role === 'source' ? null : new GiftWindow(state.clock)
  }

  /** A peer asks for blocks. */
  onpull(from: Neighbour, indices: readonly number[]): void {
    for (const index of indices) this.#want(from, index, true)
    this.serve()
  }

  /** A neighbour lacks blocks that are not pushed any more. */
  offer(to: Neighbour, indices: readonly number[]): void {
    for (const index of indices) this.#want(to, index, false)
    this.serve()
  }

  onclose(neighbour: Neighbour): void {
    this.#waiting.delete(neighbour)
    this.#window?.forget(neighbour)
  }

  /** Gives what there is room for, to one neighbour after another. */
  serve(): void {
    this.#refill()
    if (this.#waiting.size === 0) return
    const { uplinkMs } = this.#children
    for (let isServing = true; isServing; ) {
      isServing = false
      for (const [to, wanted] of [...this.#waiting]) if (this.#serveNext(to, wanted, uplinkMs)) isServing = true
    }
  }

  /** Deals with what a neighbour wants next; false where it has to wait for that, or wants nothing more. */
  #serveNext(to: Neighbour, wanted: Wanted[], uplinkMs: number): boolean {
    const [next] = wanted
    if (next === undefined) {
      this.#waiting.delete(to)
      return false
    }
    const now = this.#state.clock.now()
    const block = this.#state.window.get(next.index)
    const isOver = block === undefined || to.hasBlock(next.index) || now - next.sinceMs > patienceMs
    if (!isOver && !this.#hasLeft(to, next, uplinkMs)) return false
    wanted.shift()
    if (isOver || (next.isPulled && !(this.#children.mayGive && to.mayPull(now)))) return true
    if (!this.#children.give(to, block)) return true
    this.#spend(to, next)
    // It is the others' turn.
    this.#waiting.delete(to)
    this.#waiting.set(to, wanted)
    return true
  }

  /** Whether there is something left for a peer. A child has a right to what it missed. */
  #hasLeft(to: Neighbour, { isPulled }: Wanted, uplinkMs: number): boolean {
    if (this.#window?.hasRoom(to, uplinkMs) === false) return false
    return !isPulled || this.#isQuiet || (this.#left >= 1 && (!this.#isWelcome(to) || this.#welcomes >= 1))
  }

  #spend(to: Neighbour, { index, isPulled }: Wanted): void {
    this.#window?.add(to, index)
    if (this.#isQuiet || !isPulled) return
    this.#left--
    if (this.#isWelcome(to)) this.#welcomes--
  }

  #isWelcome(to: Neighbour): boolean {
    return this.#state.role === 'source' && to.have.next === 0
  }

  #want(to: Neighbour, index: number, isPulled: boolean): void {
    const wanted = this.#waiting.get(to) ?? []
    if (wanted.length >= mostWaiting || wanted.some((one) => one.index === index)) return
    wanted.push({ index, sinceMs: this.#state.clock.now(), isPulled })
    this.#waiting.set(to, wanted)
  }

  #refill(): void {
    const { window, settings, clock } = this.#state
    const blocks = window.head - this.#head
    this.#head = window.head
    if (blocks > 0) this.#newMs = clock.now()
    this.#isQuiet = clock.now() - this.#newMs >= quietMs
    this.#left = Math.min(mostGifts, this.#left + blocks)
    const idleCopies = Math.max(0, this.#children.places - this.#children.used) / settings.stripes
    this.#welcomes = Math.min(
      mostWelcomes + idleCopies * welcomesPerCopy,
      this.#welcomes + blocks * (welcomesPerBlock + idleCopies),
    )
  }
}
