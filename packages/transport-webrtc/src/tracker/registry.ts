/** The topics of a tracker and who is on each: what an announcement changes, and who hears of it. */
import type { Announcement } from './announcement.ts'
import { TopicPeers } from './topic-peers.ts'

/** Somebody who is connected with the tracker. */
export interface RegistryMember {
  send(message: object): void
}

/** Limits of a {@link Registry}. */
export interface RegistryLimits {
  readonly maxTopics: number
  readonly maxTopicsPerConnection: number
  readonly maxPeersPerTopic: number
  /** Told to clients, seconds. */
  readonly intervalSeconds: number
}

/** Topics by info hash. */
export class Registry<Member extends RegistryMember> {
  readonly #limits: RegistryLimits
  readonly #topics = new Map<string, TopicPeers<Member>>()
  /** Each member's peer ids, by info hash. */
  readonly #memberships = new Map<Member, Map<string, string>>()

  constructor(limits: RegistryLimits) {
    this.#limits = limits
  }

  /** Topics that somebody is on. */
  get topics(): number {
    return this.#topics.size
  }

  /** Follows an announcement; in words why not, where it does not. */
  announce(member: Member, announcement: Announcement): string | null {
    const { infoHash, peerId, isStopped, offers, answer } = announcement
    if (isStopped) {
      this.#leave(member, infoHash)
      return null
    }
    const refusal = this.#join(member, infoHash, peerId)
    if (refusal !== null) return refusal
    const peers = this.#topics.get(infoHash)
    if (peers === undefined) return null
    if (answer !== null) {
      peers.get(answer.to)?.send({
        action: 'announce',
        info_hash: infoHash,
        peer_id: peerId,
        offer_id: answer.offerId,
        answer: { type: 'answer', sdp: answer.sdp },
      })
      return null
    }
    member.send({
      action: 'announce',
      info_hash: infoHash,
      interval: this.#limits.intervalSeconds,
      complete: 0,
      incomplete: peers.size,
    })
    peers.pick(offers.length, peerId).forEach((peer, at) => {
      const offer = offers[at]
      if (offer === undefined) return
      peer.send({
        action: 'announce',
        info_hash: infoHash,
        peer_id: peerId,
        offer_id: offer.id,
        offer: { type: 'offer', sdp: offer.sdp },
      })
    })
    return null
  }

  /** Takes somebody off every topic. */
  remove(member: Member): void {
    for (const infoHash of this.#memberships.get(member)?.keys() ?? []) this.#leave(member, infoHash)
  }

  #join(member: Member, infoHash: string, peerId: string): string | null {
    const joined = this.#memberships.get(member)
    const before = joined?.get(infoHash)
    if (before === peerId) return null
    if (before !== undefined) return 'another peer_id than before'
    const peers = this.#topics.get(infoHash)
    // The id is where answers go: whoever holds it keeps it.
    if (peers?.get(peerId) !== undefined) return 'peer_id in use'
    if ((joined?.size ?? 0) >= this.#limits.maxTopicsPerConnection) return 'too many topics'
    if (peers === undefined && this.#topics.size >= this.#limits.maxTopics) return 'the tracker has no room for topics'
    if (peers !== undefined && peers.size >= this.#limits.maxPeersPerTopic) return 'the topic is full'
    const entered = peers ?? new TopicPeers<Member>()
    entered.add(peerId, member)
    this.#topics.set(infoHash, entered)
    this.#memberships.set(member, (joined ?? new Map<string, string>()).set(infoHash, peerId))
    return null
  }

  #leave(member: Member, infoHash: string): void {
    const joined = this.#memberships.get(member)
    const peerId = joined?.get(infoHash)
    if (joined === undefined || peerId === undefined) return
    joined.delete(infoHash)
    if (joined.size === 0) this.#memberships.delete(member)
    const peers = this.#topics.get(infoHash)
    peers?.remove(peerId)
    if (peers?.size === 0) this.#topics.delete(infoHash)
  }
}
