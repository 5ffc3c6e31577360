/** Rules of the transport contract about opening and closing. */

import { demand } from '../rule-run.ts'
import type { KitRule } from './finding-rules.ts'
import { newKeyPair, newTopic } from './kit-network.ts'

export const lifecycleRules: readonly KitRule[] = [
  {
    name: 'holds nothing before it is opened',
    async check(network) {
      const before = network.resources()
      const transports = Array.from({ length: 4 }, () => network.transport())
      demand(
        transports.every(({ name }) => name.length > 0),
        'A transport has no name.',
      )
      await network.freed(before)
    },
  },
  {
    name: 'does not open when the signal has aborted, and holds nothing then',
    async check(network) {
      const before = network.resources()
      const keyPair = await newKeyPair()
      const reason = new Error('The test has aborted.')
      const opening = network.transport().open({
        keyPair,
        maxConnections: 4,
        accept: () => true,
        onconnection: () => {},
        onerror: () => {},
        signal: AbortSignal.abort(reason),
      })
      const error = await network.soon(
        'open() to reject',
        opening.then(
          (session) => session.close().then(() => null),
          (caught: unknown) => caught,
        ),
      )
      demand(error === reason, 'open() did not reject with the reason of its signal.')
      await network.freed(before)
    },
  },
  {
    name: 'closes all it holds, once, however often it is told to',
    async check(network) {
      const topic = newTopic()
      const before = network.resources()
      const nodes = await network.startOn(topic, 2)
      const [a, b] = nodes
      if (a === undefined || b === undefined) return
      const ends = await network.connected(a, b)
      const closing = nodes.flatMap(({ session }) => [session.close(), session.close()])
      await network.soon('close() to resolve', Promise.all(closing))
      await network.soon('close() to resolve again', Promise.all(nodes.map(({ session }) => session.close())))
      demand(
        ends.every(({ closes }) => closes === 1),
        'close() resolved before the connections were closed.',
      )
      await network.freed(before)
    },
  },
  {
    name: 'closes while it is connecting, and makes no connection after that',
    async check(network) {
      const topic = newTopic()
      const [lasting] = await network.startOn(topic, 1)
      for (let round = 0; round < 4; round++) {
        const node = await network.start()
        node.join(topic)
        if (round % 2 === 1) await Promise.resolve()
        await network.soon('close() to resolve', node.session.close())
        const count = node.connections.length
        await network.never('A connection was made by a closed node.', () => node.connections.length > count)
      }
      const [other] = await network.startOn(topic, 1)
      if (lasting !== undefined && other !== undefined) await network.connected(lasting, other)
    },
  },
  {
    name: 'opens again after it was closed, with the same key, and is found again',
    async check(network) {
      const topic = newTopic()
      const keyPair = await newKeyPair()
      const transport = network.transport()
      const [lasting] = await network.startOn(topic, 1)
      if (lasting === undefined) return
      for (let round = 0; round < 2; round++) {
        const [node] = await network.startOn(topic, 1, { transport, keyPair })
        if (node === undefined) return
        await network.connected(lasting, node)
        await network.soon('close() to resolve', node.session.close())
      }
    },
  },
]
