/**
 * Who announces which topic, as a DHT knows it: a look-up gives some of them, whether or not they have room or still
 * live. Who left in good order is not listed; a dead one is for as long as its record lasts, which is longer than any run.
 */
import type { Random } from '../random.ts'

/** So many peers a look-up finds at the most: a DHT node keeps about 20 of a topic. */
const foundAtOnce = 20

/** The topics of a network. */
export class Directory<Node> {
  readonly #topics = new Map<string, Set<Node>>()
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  announce(topic: string, node: Node): void {
    const nodes = this.#topics.get(topic) ?? new Set()
    this.#topics.set(topic, nodes.add(node))
  }

  withdraw(topic: string, node: Node): void {
    this.#topics.get(topic)?.delete(node)
  }

  /** A random few of those who announce the topic. */
  find(topic: string, asker: Node): Node[] {
    const others = [...(this.#topics.get(topic) ?? [])].filter((node) => node !== asker)
    return this.#random.shuffle(others).slice(0, foundAtOnce)
  }
}
