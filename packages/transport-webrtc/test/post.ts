/** Signalling within the process: descriptions go from hand to hand, and a test may keep, change or repeat them. */
import type { TopicOptions } from '@hypervision/core/contracts'
import { toHex } from '../src/hex.ts'
import type { Signalling, SignallingHost } from '../src/index.ts'

/** What a test may do to a description; null loses it. */
export type Handling = (sdp: string, type: 'offer' | 'answer') => string | null

/** A post office. */
export interface Post {
  /** For the `signalling` of one node. */
  signalling(): Signalling
  /** The node that started as nth, from 0. */
  host(index: number): SignallingHost
  /** Lets one node call another. */
  call(from: number, to: number, topic: Uint8Array): Promise<void>
  /** What is done to each description. @default nothing */
  handle: Handling
}

/** Opens a post office. Nodes call each other where a test says so, or whenever they join where `isEager`. */
export function openPost({ isEager = false } = {}): Post {
  const hosts: SignallingHost[] = []
  const topics = new Map<SignallingHost, Map<string, TopicOptions>>()
  const deliver = async (from: SignallingHost, to: SignallingHost, topic: Uint8Array): Promise<void> => {
    for (const { id, sdp } of await from.offer(topic, 1)) {
      const offered = post.handle(sdp, 'offer')
      const answered = offered === null ? null : await to.answer(topic, offered)
      const answer = answered === null ? null : post.handle(answered, 'answer')
      if (answer !== null) from.complete(topic, id, answer)
    }
  }
  const post: Post = {
    handle: (sdp) => sdp,
    signalling: () => ({
      start(host) {
        hosts.push(host)
        const joined = new Map<string, TopicOptions>()
        topics.set(host, joined)
        return {
          join(topic, options) {
            const name = toHex(topic)
            joined.set(name, options)
            const others = isEager ? hosts.filter((other) => other !== host && topics.get(other)?.has(name)) : []
            const ready = Promise.all(others.map((other) => deliver(host, other, topic))).then(() => {})
            return { ready, leave: async () => void joined.delete(name) }
          },
          seek: () => {},
          close: async () => joined.clear(),
        }
      },
    }),
    host(index) {
      const host = hosts[index]
      if (host === undefined) throw new Error(`There is no node ${index}.`)
      return host
    },
    call: (from, to, topic) => deliver(post.host(from), post.host(to), topic),
  }
  return post
}
