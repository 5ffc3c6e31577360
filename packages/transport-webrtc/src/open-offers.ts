/** Offers that were made and wait for an answer; each dies with its link, which gives up by itself. */
import { toHex } from './hex.ts'
import type { PeerLink } from './peer-link.ts'

const idLength = 20

/** The offers of a session. */
export class OpenOffers {
  readonly #offers = new Map<string, { readonly topic: string; readonly link: PeerLink }>()

  get size(): number {
    return this.#offers.size
  }

  /** @returns its id */
  add(topic: string, link: PeerLink): string {
    const id = toHex(crypto.getRandomValues(new Uint8Array(idLength)))
    this.#offers.set(id, { topic, link })
    return id
  }

  get(id: string, topic: string): PeerLink | null {
    const offer = this.#offers.get(id)
    return offer?.topic === topic ? offer.link : null
  }

  delete(id: string): void {
    this.#offers.delete(id)
  }

  /** The link has ended. */
  forget(link: PeerLink): void {
    for (const [id, offer] of this.#offers) if (offer.link === link) this.#offers.delete(id)
  }

  /** Withdraws the offers of a topic, or all of them. */
  drop(topic: string | null): void {
    for (const offer of [...this.#offers.values()]) if (topic === null || offer.topic === topic) offer.link.destroy()
  }
}
