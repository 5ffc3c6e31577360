/**
 * How many blocks may be on their way to those who asked, beside those that are pushed, for which the uplink is meant. As with LEDBAT (RFC 6817) they yield:
 * more at once as long as nothing waits in the uplink, half as many when something does, and none while it carries more than it should.
 */
import type { Clock } from '../clock.ts'
import type { Neighbour } from './neighbour.ts'

/** Blocks at once: to begin with, and at the most. */
const firstRoom = 4
const mostRoom = 16
/** What is sent arrives so much later than the line takes where the uplink could carry more, and where it carries more than it should, ms. */
const easyMs = 60
const strainedMs = 120
/** What has not arrived by then is lost, or its peer does not say so, ms. */
const lostMs = 1000

interface Gift {
  readonly to: Neighbour
  readonly index: number
  readonly sinceMs: number
  /** All that it had been given with this one. */
  readonly givenBytes: number
}

/** The blocks that one node has on their way so. */
export class GiftWindow {
  readonly #clock: Clock
  #underWay: Gift[] = []
  #room = firstRoom
  /** Nothing has waited yet: the room grows by one with each block, later by one with each roomful. */
  #isNew = true

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Whether there is room for one more.
   *
   * @param lateMs how much later than the lines take what is sent arrives
   */
  hasRoom(lateMs: number): boolean {
    const since = this.#clock.now() - lostMs
    this.#underWay = this.#underWay.filter((gift) => {
      if (!hasArrived(gift)) return gift.sinceMs > since
      this.#learn(lateMs)
      return false
    })
    return lateMs <= strainedMs && this.#underWay.length < Math.floor(this.#room)
  }

  /** A block was given. */
  add(to: Neighbour, index: number): void {
    this.#underWay.push({ to, index, sinceMs: this.#clock.now(), givenBytes: to.line.givenBytes })
  }

  /** A neighbour is gone. */
  forget(neighbour: Neighbour): void {
    this.#underWay = this.#underWay.filter(({ to }) => to !== neighbour)
  }

  /** One has arrived. */
  #learn(lateMs: number): void {
    if (lateMs < easyMs) {
      this.#room = Math.min(mostRoom, this.#room + (this.#isNew ? 1 : 1 / this.#room))
    } else if (lateMs > strainedMs) {
      this.#room = Math.max(1, this.#room / 2)
      this.#isNew = false
    }
  }
}

/** By the word of the peer: what it has, or what it has got. */
function hasArrived({ to, index, givenBytes }: Gift): boolean {
  return to.tellsOf(index) || to.line.arrivedBytes >= givenBytes
}
