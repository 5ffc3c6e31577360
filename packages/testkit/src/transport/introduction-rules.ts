/** Rules of the transport contract about peers that a third one introduces to each other, and about the places kept for them. */
import type { TransportIntroductions } from '@hypervision/core/contracts'
import { demand } from '../rule-run.ts'
import type { KitRule } from './finding-rules.ts'
import { type KitNetwork, type KitNode, type KitNodeOptions, newTopic } from './kit-network.ts'

/** Bytes of UTF-8. */
const longestText = 16 * 1024

export const introductionRules: readonly KitRule[] = [
  {
    name: 'connects two that do not find each other by a third one’s word, in texts of 16 KiB at most',
    async check(network) {
      const [a, b] = await strangers(network)
      let longest = 0
      const measured = (text: string | null): string | null => {
        longest = Math.max(longest, new TextEncoder().encode(text ?? '').byteLength)
        return text
      }
      const hasAgreed = await introduce(network, a, b, async (offer) => {
        measured(offer)
        return measured(await b.introductions.answer(key(a), offer))
      })
      demand(hasAgreed, 'connect() said that the peer has not agreed.')
      await network.connected(a.node, b.node)
      demand(longest <= longestText, `A text of ${longest} bytes was to be carried.`)
    },
  },
  {
    name: 'makes no call that is not answered',
    async check(network) {
      const [a, b] = await strangers(network)
      const hasAgreed = await introduce(network, a, b, async () => null)
      demand(!hasAgreed, 'connect() said that a peer has agreed which did not answer.')
      await network.never('A peer was connected that did not answer.', () => connections(a, b) > 0)
    },
  },
  {
    name: 'is not introduced to one that accept refuses, at either side',
    async check(network) {
      const [picky] = await strangers(network, { accept: () => false })
      const [a] = await strangers(network)
      let isAsked = false
      await introduce(network, picky, a, async () => {
        isAsked = true
        return null
      })
      demand(!isAsked, 'A peer was asked that accept refuses.')
      await introduce(network, a, picky, (offer) => picky.introductions.answer(key(a), offer))
      await network.never('A peer was connected that accept refuses.', () => connections(a, picky) > 0)
    },
  },
  {
    name: 'is not introduced when it is full, nor to one that is',
    async check(network) {
      const topic = newTopic()
      const [full, other] = await strangers(network, { maxConnections: 1 }, topic)
      await introduce(network, full, other)
      await network.connected(full.node, other.node)
      const [third] = await strangers(network, {}, topic)
      await introduce(network, full, third)
      await introduce(network, third, full)
      await network.never('More connections were made than the cap.', () => third.node.openTo(full.node).length > 0)
    },
  },
  {
    name: 'keeps one connection with a peer that it is introduced to again, and when both call at once',
    async check(network) {
      const [a, b] = await strangers(network)
      await Promise.all([introduce(network, a, b), introduce(network, b, a)])
      await network.connected(a.node, b.node)
      const open = ({ node }: Stranger): number => node.connections.filter(({ closes }) => closes === 0).length
      await network.until('a single connection to remain', () => open(a) === 1 && open(b) === 1)
      const before = connections(a, b)
      await Promise.all([introduce(network, a, b), introduce(network, b, a)])
      await network.never('Two that are connected were connected again.', () => connections(a, b) > before)
    },
  },
  {
    name: 'makes nothing of texts that are garbage',
    async check(network) {
      const [a, b] = await strangers(network)
      for (const text of ['', 'garbage', '{}', 'v=0\r\n', '\u0000\ud800', 'x'.repeat(2 * longestText)]) {
        const answer = b.introductions.answer(key(a), text).catch(() => demand(false, 'answer() was rejected.'))
        demand((await network.soon('answer() to resolve', answer)) === null, 'An offer that is garbage was answered.')
        const hasAgreed = await introduce(network, a, b, async () => text)
        demand(!hasAgreed, 'connect() followed an answer that is garbage.')
      }
      await network.never('Garbage led to a connection.', () => connections(a, b) > 0)
      await introduce(network, a, b)
      await network.connected(a.node, b.node)
    },
  },
  {
    name: 'is introduced to nobody by a topic that it left, nor when it is closed',
    async check(network) {
      const topic = newTopic()
      const [a, b] = await strangers(network, {}, topic)
      const [c] = await strangers(network, {}, topic)
      await network.soon('leave() to resolve', b.leave())
      await network.soon('close() to resolve', c.node.session.close())
      for (const gone of [b, c]) {
        await introduce(network, a, gone)
        await introduce(network, gone, a)
      }
      await network.never('A node was connected by a topic that it left.', () => connections(a, b, c) > 0)
    },
  },
  {
    name: 'takes as many callers beyond the cap as there are in reserve',
    async check(network) {
      const topic = newTopic()
      const hub = await network.start({ maxConnections: 1, reserve: 2 })
      await network.soon('join() to be ready', hub.join(topic, { lookup: false }).ready)
      const callers = [await network.start(), await network.start(), await network.start(), await network.start()]
      for (const caller of callers) caller.join(topic, { announce: false })
      const open = (): number => hub.connections.filter(({ closes }) => closes === 0).length
      await network.until('the reserve to be taken', () => open() >= 3)
      await network.never('More connections were made than the cap and the reserve.', () => open() > 3)
    },
  },
  {
    name: 'calls nobody to fill its reserve',
    async check(network) {
      const topic = newTopic()
      const called = [await network.start(), await network.start(), await network.start()]
      for (const node of called) await network.soon('join() to be ready', node.join(topic, { lookup: false }).ready)
      const seeker = await network.start({ maxConnections: 1, reserve: 2 })
      seeker.join(topic, { announce: false })
      await network.until('a call up to the cap', () => seeker.connections.length > 0)
      await network.never('A peer was called for the reserve.', () => seeker.connections.length > 1)
    },
  },
]

/** A node that is on a topic with others, none of whom finds the others. */
interface Stranger {
  readonly node: KitNode
  readonly introductions: TransportIntroductions
  leave(): Promise<void>
}

async function strangers(
  network: KitNetwork,
  options: KitNodeOptions = {},
  topic = newTopic(),
): Promise<[Stranger, Stranger]> {
  const start = async (nodeOptions: KitNodeOptions): Promise<Stranger> => {
    const node = await network.start(nodeOptions)
    const { ready, leave, introductions } = node.join(topic, { lookup: false })
    demand(introductions !== undefined, 'join() gave no introductions.')
    await network.soon('join() to be ready', ready)
    return { node, introductions, leave }
  }
  return [await start(options), await start({})]
}

/** Lets one call the other; its texts are carried by hand. */
async function introduce(
  network: KitNetwork,
  from: Stranger,
  to: Stranger,
  carry = (offer: string): Promise<string | null> => to.introductions.answer(key(from), offer),
): Promise<boolean> {
  const connecting = from.introductions
    .connect(key(to), carry)
    .catch(() => demand(false, 'connect() was rejected.') as never)
  return network.soon('connect() to resolve', connecting)
}

function key({ node }: Stranger): Uint8Array {
  return Uint8Array.from(node.id.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
}

/** How many were ever made. */
function connections(...strangers: readonly Stranger[]): number {
  return strangers.reduce((sum, { node }) => sum + node.connections.length, 0)
}
