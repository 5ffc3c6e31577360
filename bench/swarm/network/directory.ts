/**
 * Who announces which topic, as a DHT knows it: a look-up gives some of them, whether or not they have room or still
 * live. Who left in good order is not listed; a dead one is for as long as its record lasts, which is longer than any run.
 */
import type { Random } from '../random.ts'
import type { Session } from './session.ts'

/** So many peers a look-up finds at the most: a DHT node keeps about 20 of a topic. */
const foundAtOnce = 20

/** The topics of a network. */
export class Directory {
  readonly #topics = new Map<string, Set<Session>>()
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  announce(topic: string, session: Session): void {
    const sessions = this.#topics.get(topic) ?? new Set()
    this.#topics.set(topic, sessions.add(session))
  }

  withdraw(topic: string, session: Session): void {
    this.#topics.get(topic)?.delete(session)
  }

  /** A random few of those who announce the topic. */
  find(topic: string, asker: Session): Session[] {
    const others = [...(this.#topics.get(topic) ?? [])].filter((session) => session !== asker)
    return this.#random.shuffle(others).slice(0, foundAtOnce)
  }
}
