/**
 * How many blocks may be on their way to those who asked, beside those that are pushed, for which the uplink is meant. As with LEDBAT (RFC 6817) they yield:
 * more at once as long as nothing waits in the uplink, half as many when something does, and one after the other while it carries more than it should.
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
  /** When the room was halved last; null before the first time: until then it grows by one with each block, later by one with each roomful. */
  #halvedMs: number | null = null
  /** Those who did not say in time that a block had come: what is on its way to them leaves the room to others. */
  readonly #silent = new Set<Neighbour>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Whether there is room for one more to a neighbour.
   *
   * @param lateMs how much later than the lines take what is sent arrives
   */
  hasRoom(to: Neighbour, lateMs: number): boolean {
    this.#look(lateMs)
    const isSilent = this.#silent.has(to)
    const alike = this.#underWay.filter((gift) => this.#silent.has(gift.to) === isSilent)
    if (lateMs > strainedMs) return alike.length === 0
    return isSilent ? !alike.some((gift) => gift.to === to) : alike.length < Math.floor(this.#room)
  }

  /** A block was given. */
  add(to: Neighbour, index: number): void {
    this.#underWay.push({ to, index, sinceMs: this.#clock.now(), givenBytes: to.line.givenBytes })
  }

  /** A neighbour is gone. */
  forget(neighbour: Neighbour): void {
    this.#underWay = this.#underWay.filter(({ to }) => to !== neighbour)
    this.#silent.delete(neighbour)
  }

  /** Finds out what has arrived, and what has not in time. */
  #look(lateMs: number): void {
    const since = this.#clock.now() - lostMs
    this.#underWay = this.#underWay.filter((gift) => {
      if (hasArrived(gift)) {
        this.#silent.delete(gift.to)
        this.#learn(gift, lateMs)
        return false
      }
      if (gift.sinceMs > since) return true
      this.#silent.add(gift.to)
      return false
    })
  }

  /** One has arrived. */
  #learn({ sinceMs }: Gift, lateMs: number): void {
    if (lateMs < easyMs) {
      this.#room = Math.min(mostRoom, this.#room + (this.#halvedMs === null ? 1 : 1 / this.#room))
    } else if (lateMs > strainedMs && sinceMs >= (this.#halvedMs ?? 0)) {
      // What was given before that tells nothing new.
      this.#room = Math.max(1, this.#room / 2)
      this.#halvedMs = this.#clock.now()
    }
  }
}

/** By the word of the peer: what it has, or what it has got. */
function hasArrived({ to, index, givenBytes }: Gift): boolean {
  return to.tellsOf(index) || to.line.arrivedBytes >= givenBytes
}
