/** Rules of the transport contract about who is connected with whom. */
import { demand } from '../rule-run.ts'
import { type KitNetwork, type KitNode, newTopic } from './kit-network.ts'

/** A named check. */
export interface KitRule {
  readonly name: string
  check(network: KitNetwork): Promise<void>
}

export const findingRules: readonly KitRule[] = [
  {
    name: 'finds the peers of a topic, and nobody of another topic',
    async check(network) {
      const [a, b] = await pairOn(network, newTopic())
      const [c, d] = await pairOn(network, newTopic())
      await Promise.all([network.connected(a, b), network.connected(c, d)])
      await network.never('Nodes were connected that share no topic.', () =>
        [a, b, c, d].some(({ connections }) => connections.length > 1),
      )
    },
  },
  {
    name: 'connects one who announces with one who looks up, and not two who only look up',
    async check(network) {
      const topic = newTopic()
      const [found, finder, other] = [await network.start(), await network.start(), await network.start()]
      await network.soon('join() to be ready', found.join(topic, { lookup: false }).ready)
      await network.soon('join() to be ready', finder.join(topic, { announce: false }).ready)
      await network.connected(finder, found)
      await network.soon('join() to be ready', other.join(topic, { announce: false }).ready)
      await network.connected(other, found)
      await network.never(
        'Two nodes were connected that both only look up.',
        () => finder.openTo(other).length + other.openTo(finder).length > 0,
      )
    },
  },
  {
    name: 'replaces what was asked for when a topic is joined again',
    async check(network) {
      const topic = newTopic()
      const [a, b] = [await network.start(), await network.start()]
      for (const node of [a, b]) await network.soon('join() to be ready', node.join(topic, { announce: false }).ready)
      await network.never('A node was found that did not announce itself.', () => a.connections.length > 0)
      await network.soon('join() to be ready', a.join(topic, { lookup: false }).ready)
      await network.soon('join() to be ready', b.join(topic, { announce: false }).ready)
      await network.connected(a, b)
    },
  },
  {
    name: 'makes one connection with a peer, however many topics they share and whoever calls first',
    async check(network) {
      const topics = [newTopic(), newTopic(), newTopic()]
      const [a, b] = [await network.start(), await network.start()]
      const joined = [a, b].flatMap((node) => topics.map((topic) => node.join(topic).ready))
      await network.soon('join() to be ready', Promise.all(joined))
      await network.connected(a, b)
      const open = (node: KitNode): number => node.connections.filter(({ closes }) => closes === 0).length
      // Both may call at once: then two connections are made, of which one is dropped.
      await network.until('a single connection to remain', () => open(a) === 1 && open(b) === 1)
      await network.never('Two nodes had several connections.', () => open(a) > 1 || open(b) > 1)
    },
  },
  {
    name: 'makes no connection to itself',
    async check(network) {
      const [a, b] = await pairOn(network, newTopic())
      await network.connected(a, b)
      await network.never('A node was connected with itself.', () =>
        [a, b].some((node) => node.openTo(node).length > 0),
      )
    },
  },
  {
    name: 'calls exactly one side of a connection the initiator',
    async check(network) {
      const nodes = await network.startOn(newTopic(), 4)
      const [first, ...rest] = nodes
      if (first === undefined) return
      for (const node of rest) await network.connected(first, node)
      for (const connection of nodes.flatMap(({ connections }) => connections)) {
        if (connection.remoteIsInitiator === null) continue
        demand(
          connection.initiator !== connection.remoteIsInitiator,
          connection.initiator
            ? 'Both sides of a connection were called the initiator.'
            : 'No side of a connection was called the initiator.',
        )
      }
    },
  },
  {
    name: 'makes no more connections than the cap, and more when it is raised, and closes none when it is lowered',
    async check(network) {
      const topic = newTopic()
      const hub = await network.start({ maxConnections: 2 })
      await network.soon('join() to be ready', hub.join(topic).ready)
      const others = await network.startOn(topic, 4)
      const open = (): number => hub.connections.filter(({ closes }) => closes === 0).length
      await network.until('connections up to the cap', () => open() >= 2)
      await network.never('More connections were made than the cap.', () => open() > 2)
      hub.session.setMaxConnections(4)
      await network.until('more connections after the cap was raised', () => open() === others.length)
      hub.session.setMaxConnections(1)
      await network.never('Connections were closed by lowering the cap.', () => open() < others.length)
    },
  },
  {
    name: 'is not connected with a peer that accept refuses, and is when accept changes its mind',
    async check(network) {
      const topic = newTopic()
      const refused = await network.start()
      let isAccepted = false
      const picky = await network.start({
        accept: (key) =>
          isAccepted || key.some((byte, at) => byte !== Number.parseInt(refused.id.slice(at * 2, at * 2 + 2), 16)),
      })
      const welcome = await network.start()
      for (const node of [refused, picky, welcome]) await network.soon('join() to be ready', node.join(topic).ready)
      await network.connected(picky, welcome)
      await network.never('A peer was connected that accept refuses.', () => picky.openTo(refused).length > 0)
      isAccepted = true
      await network.connected(picky, refused)
    },
  },
  {
    name: 'lets nobody else in by a topic that was left, and keeps the connections made by it',
    async check(network) {
      const topic = newTopic()
      const [leaver, stayer] = [await network.start(), await network.start()]
      const joined = leaver.join(topic)
      await network.soon('join() to be ready', Promise.all([joined.ready, stayer.join(topic).ready]))
      const [connection] = await network.connected(leaver, stayer)
      await network.soon('leave() to resolve', joined.leave())
      await network.soon('a second leave() to resolve', joined.leave())
      const [newcomer] = await network.startOn(topic, 1)
      if (newcomer === undefined) return
      await network.connected(newcomer, stayer)
      await network.never('A node was found by a topic that it left.', () => newcomer.openTo(leaver).length > 0)
      demand(connection.closes === 0, 'A connection was closed because its topic was left.')
    },
  },
  {
    name: 'says when the first look-up is through, whether or not it found anybody',
    async check(network) {
      const node = await network.start()
      const ready = node.join(newTopic()).ready.catch(() => demand(false, 'ready was rejected.'))
      await network.soon('ready to resolve where nobody is', ready)
      const last = node.join(newTopic()).ready.catch(() => demand(false, 'ready was rejected.'))
      await network.soon('close() to resolve', node.session.close())
      await network.soon('ready to resolve when the session closes', last)
    },
  },
]

async function pairOn(network: KitNetwork, topic: Uint8Array): Promise<[KitNode, KitNode]> {
  const [a, b] = await network.startOn(topic, 2)
  if (a === undefined || b === undefined) throw new Error('Two nodes were asked for.')
  return [a, b]
}
